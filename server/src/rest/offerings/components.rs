//! What an offering measures or bills.

use domain::access::AccessError;
use model::{Component, ComponentDraft, ComponentId, OfferingId};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Part, shown};
use crate::{
    rest::{
        ApiProblem, Created, Versioned,
        extract::{Body, Caller, IdOf, IdsOf, IfMatch, Patch, Services},
        queries::IfMatchHeader,
        shapes::offering::OfferingDetail,
    },
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(add_component))
        .routes(routes!(get_component, update_component, remove_component))
}

/// Adds a component. Of an offering that can be ordered it would have no price, so that one is paused first
/// (`pause_offering`) and resumed once the prices are set.
#[utoipa::path(post, path = "/offerings/{id}/components", tag = "Offerings", params(("id" = OfferingId, Path)),
    request_body = ComponentDraft, responses((status = 201, body = Component)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["offering_archived", "would_break"]))))]
async fn add_component(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    Body(draft): Body<ComponentDraft>,
) -> Result<Created<Versioned<Part<Component>>>, ApiProblem> {
    let component = domain.catalogue().save_component(&actor, id, None, draft).await?;
    let made = part(shown(&domain, &actor, id).await?, component)?;
    Ok(Created::at(
        format_args!("/offerings/{id}/components/{component}"),
        Versioned(made),
    ))
}

/// Reads a component. Its version is that of its offering.
#[utoipa::path(get, path = "/offerings/{id}/components/{component}", tag = "Offerings",
    params(("id" = OfferingId, Path), ("component" = ComponentId, Path)),
    responses((status = 200, body = Component)), extensions(("x-versioned" = json!(true))))]
async fn get_component(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, component): IdsOf<OfferingId, ComponentId>,
) -> Result<Versioned<Part<Component>>, ApiProblem> {
    Ok(Versioned(part(shown(&domain, &actor, id).await?, component)?))
}

/// Changes a component. Its code, unit, factor, charge, period, whether it is prepaid and what bills the use beyond it stay
/// once a resource exists or an order is open.
#[utoipa::path(patch, path = "/offerings/{id}/components/{component}", tag = "Offerings",
    params(("id" = OfferingId, Path), ("component" = ComponentId, Path), IfMatchHeader),
    request_body = ComponentDraft, responses((status = 200, body = Component)),
    extensions(("x-problems" = json!(["offering_archived", "would_break", "in_use"]))))]
async fn update_component(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, component): IdsOf<OfferingId, ComponentId>,
    version: IfMatch,
    patch: Patch<ComponentDraft>,
) -> Result<Versioned<Part<Component>>, ApiProblem> {
    let present = part(shown(&domain, &actor, id).await?, component)?;
    version.check(&present)?;
    let revision = present.revision;
    let draft = patch.applied_to(&ComponentDraft {
        terms: present.part.terms,
        description: present.part.description,
        article_code: present.part.article_code,
    })?;
    domain
        .catalogue()
        .at_revision(revision)
        .save_component(&actor, id, Some(component), draft)
        .await?;
    Ok(Versioned(part(shown(&domain, &actor, id).await?, component)?))
}

/// Removes a component, with its prices, before anything of the offering is sold.
#[utoipa::path(delete, path = "/offerings/{id}/components/{component}", tag = "Offerings",
    params(("id" = OfferingId, Path), ("component" = ComponentId, Path)),
    responses((status = 200, body = OfferingDetail)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["offering_archived", "would_break", "in_use"]))))]
async fn remove_component(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, component): IdsOf<OfferingId, ComponentId>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    domain.catalogue().remove_component(&actor, id, component).await?;
    Ok(Versioned(shown(&domain, &actor, id).await?))
}

fn part(offering: OfferingDetail, id: ComponentId) -> Result<Part<Component>, ApiProblem> {
    let revision = offering.revision;
    let found = offering.components.into_iter().find(|one| one.id == id);
    let part = found.ok_or(AccessError::NotFound)?;
    Ok(Part { part, revision })
}
