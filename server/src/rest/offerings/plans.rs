//! The plans of an offering, with their prices.

use domain::access::AccessError;
use model::{OfferingId, PlanId, PlanVersionId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{Part, shown};
use crate::{
    rest::{
        ApiProblem, Created, Json, Versioned,
        extract::{Body, Caller, IdOf, IdsOf, IfMatch, Patch, Services},
        queries::IfMatchHeader,
        shapes::{
            offering::OfferingDetail,
            plan::{Plan, PlanDraft, PriceCorrectionDraft},
            plan_history::PlanHistory,
        },
    },
    state::AppState,
};

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(add_plan))
        .routes(routes!(get_plan, update_plan))
        .routes(routes!(archive_plan))
        .routes(routes!(restore_plan))
        .routes(routes!(list_plan_versions))
        .routes(routes!(withdraw_plan_version))
        .routes(routes!(correct_plan_price))
}

/// Adds a plan with its prices.
#[utoipa::path(post, path = "/offerings/{id}/plans", tag = "Offerings", params(("id" = OfferingId, Path)),
    request_body = PlanDraft, responses((status = 201, body = Plan)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["offering_archived", "would_break", "unknown_time_zone"]))))]
async fn add_plan(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OfferingId>,
    Body(draft): Body<PlanDraft>,
) -> Result<Created<Versioned<Part<Plan>>>, ApiProblem> {
    let plan = domain
        .catalogue()
        .save_plan(&actor, id, None, draft.checked()?)
        .await?;
    let made = part(shown(&domain, &actor, id).await?, plan)?;
    Ok(Created::at(
        format_args!("/offerings/{id}/plans/{plan}"),
        Versioned(made),
    ))
}

/// Reads a plan with the prices in force. Its version is that of its offering.
#[utoipa::path(get, path = "/offerings/{id}/plans/{plan}", tag = "Offerings",
    params(("id" = OfferingId, Path), ("plan" = PlanId, Path)),
    responses((status = 200, body = Plan)), extensions(("x-versioned" = json!(true))))]
async fn get_plan(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, plan): IdsOf<OfferingId, PlanId>,
) -> Result<Versioned<Part<Plan>>, ApiProblem> {
    Ok(Versioned(part(shown(&domain, &actor, id).await?, plan)?))
}

/// Changes a plan. What changes of its terms and prices becomes versions that begin on `valid_from`, at midnight in the
/// seller's time zone, or now; what is left out stays as it will be then. They reach resources that run as the plan's `price_changes` say; a lower price at once.
#[utoipa::path(patch, path = "/offerings/{id}/plans/{plan}", tag = "Offerings",
    params(("id" = OfferingId, Path), ("plan" = PlanId, Path), IfMatchHeader),
    request_body = PlanDraft, responses((status = 200, body = Plan)),
    extensions(("x-problems" = json!(["offering_archived", "would_break", "in_use", "unknown_time_zone"]))))]
async fn update_plan(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, plan): IdsOf<OfferingId, PlanId>,
    version: IfMatch,
    patch: Patch<PlanDraft>,
) -> Result<Versioned<Part<Plan>>, ApiProblem> {
    let present = part(shown(&domain, &actor, id).await?, plan)?;
    version.check(&present)?;
    let revision = present.revision;
    // What is left out stays as it will be on the day from which the change counts.
    let day = patch.applied_to(&PlanDraft::of(present.part))?.valid_from;
    let then = domain.catalogue().plan_on(&actor, id, plan, day).await?;
    let draft = patch.applied_to(&PlanDraft::from(then))?.checked()?;
    domain
        .catalogue()
        .at_revision(revision)
        .save_plan(&actor, id, Some(plan), draft)
        .await?;
    Ok(Versioned(part(shown(&domain, &actor, id).await?, plan)?))
}

/// Takes a plan out of sale; resources that have it keep it.
#[utoipa::path(post, path = "/offerings/{id}/plans/{plan}/archive", tag = "Offerings",
    params(("id" = OfferingId, Path), ("plan" = PlanId, Path)),
    responses((status = 200, body = OfferingDetail)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["offering_archived", "would_break"]))))]
async fn archive_plan(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, plan): IdsOf<OfferingId, PlanId>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    domain.catalogue().archive_plan(&actor, id, plan).await?;
    Ok(Versioned(shown(&domain, &actor, id).await?))
}

/// Sells a plan again that was taken out of sale, at the prices that are in force.
#[utoipa::path(post, path = "/offerings/{id}/plans/{plan}/restore", tag = "Offerings",
    params(("id" = OfferingId, Path), ("plan" = PlanId, Path)),
    responses((status = 200, body = OfferingDetail)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["offering_archived", "would_break"]))))]
async fn restore_plan(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, plan): IdsOf<OfferingId, PlanId>,
) -> Result<Versioned<OfferingDetail>, ApiProblem> {
    domain.catalogue().restore_plan(&actor, id, plan).await?;
    Ok(Versioned(shown(&domain, &actor, id).await?))
}

fn part(offering: OfferingDetail, id: PlanId) -> Result<Part<Plan>, ApiProblem> {
    let revision = offering.revision;
    let found = offering.plans.into_iter().find(|one| one.id == id);
    let part = found.ok_or(AccessError::NotFound)?;
    Ok(Part { part, revision })
}

/// Lists every version of a plan's terms and prices, the latest first, with whom it will reach of the resources that run.
#[utoipa::path(get, path = "/offerings/{id}/plans/{plan}/versions", tag = "Offerings",
    params(("id" = OfferingId, Path), ("plan" = PlanId, Path)),
    responses((status = 200, body = PlanHistory)), extensions(("x-problems" = json!(["unknown_time_zone"]))))]
async fn list_plan_versions(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, plan): IdsOf<OfferingId, PlanId>,
) -> Result<Json<PlanHistory>, ApiProblem> {
    Ok(Json(
        domain.catalogue().plan_history(&actor, id, plan).await?.into(),
    ))
}

/// The version that is taken back.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct PlanVersionChoice {
    /// Its id.
    version: PlanVersionId,
}

/// Takes back a version that has not begun; of an archived offering, too.
#[utoipa::path(post, path = "/offerings/{id}/plans/{plan}/withdraw", tag = "Offerings",
    params(("id" = OfferingId, Path), ("plan" = PlanId, Path)),
    request_body = PlanVersionChoice, responses((status = 200, body = PlanHistory)),
    extensions(("x-problems" = json!(["would_break", "version_begun", "unknown_time_zone"]))))]
async fn withdraw_plan_version(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, plan): IdsOf<OfferingId, PlanId>,
    Body(which): Body<PlanVersionChoice>,
) -> Result<Json<PlanHistory>, ApiProblem> {
    let catalogue = domain.catalogue();
    catalogue
        .withdraw_plan_version(&actor, id, plan, which.version)
        .await?;
    Ok(Json(catalogue.plan_history(&actor, id, plan).await?.into()))
}

/// Corrects a price that has begun: another one stands in its place from a day on, for everybody who has it, and each of them is
/// told by an event of the resource. A price by which anybody would pay more is corrected by those who run the portal alone,
/// and orders that were quoted less are not begun at it. Months that are open are computed with it; one that is closed and
/// would have come to something else refuses it, and is settled with that buyer outside, as where it reaches more than 300
/// closed months of buyers. `list_plan_versions` shows what was corrected, by whom and why.
#[utoipa::path(post, path = "/offerings/{id}/plans/{plan}/correct", tag = "Offerings",
    params(("id" = OfferingId, Path), ("plan" = PlanId, Path)),
    request_body = PriceCorrectionDraft, responses((status = 200, body = PlanHistory)),
    extensions(("x-problems" = json!(["unknown_time_zone", "month_closed", "too_many_closed", "unpriceable", "no_end_date", "amount_too_large"]))))]
async fn correct_plan_price(
    Services(domain): Services,
    Caller(actor): Caller,
    IdsOf(id, plan): IdsOf<OfferingId, PlanId>,
    Body(draft): Body<PriceCorrectionDraft>,
) -> Result<Json<PlanHistory>, ApiProblem> {
    let currency = part(shown(&domain, &actor, id).await?, plan)?.part.currency;
    let draft = draft.checked(currency)?;
    domain.billing().correct_price(&actor, id, plan, draft).await?;
    Ok(Json(
        domain.catalogue().plan_history(&actor, id, plan).await?.into(),
    ))
}
