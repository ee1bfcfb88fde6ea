//! Organizations and projects.

use domain::{Domain, structure::NewOrganization};
use model::{OrganizationDetail, OrganizationId, OrganizationSummary, Page, ProjectId, ProjectSummary};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json, Versioned,
    answer::Stated,
    extract::{Body, Caller, IdOf, IfMatch, Parameters, Patch, Services},
    queries::{IfMatchHeader, NamedListQuery, PageQuery},
    shapes::project::{NewProject, ProjectChange},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_organizations, create_organization))
        .routes(routes!(get_organization, update_organization))
        .routes(routes!(list_projects, create_project))
        .routes(routes!(get_project, update_project))
}

/// Which organizations are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct OrganizationQuery {
    /// Words of the name.
    #[serde(default)]
    #[param(max_length = 200)]
    q: String,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists the organizations that you may see, by name.
#[utoipa::path(get, path = "/organizations", tag = "Structure", params(OrganizationQuery, NamedListQuery),
    responses((status = 200, body = Page<OrganizationSummary>)))]
async fn list_organizations(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<OrganizationQuery>,
    Parameters(list): Parameters<NamedListQuery>,
) -> Result<Json<Page<OrganizationSummary>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    Ok(Json(
        domain
            .structure()
            .organizations(&actor, &query.q, &list.list(), &page)
            .await?,
    ))
}

/// Makes an organization; for staff.
#[utoipa::path(post, path = "/organizations", tag = "Structure", request_body = NewOrganization,
    responses((status = 201, body = OrganizationDetail)), extensions(("x-versioned" = json!(true))))]
async fn create_organization(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(new): Body<NewOrganization>,
) -> Result<Created<Versioned<Stated<OrganizationDetail>>>, ApiProblem> {
    let id = domain.structure().create_organization(&actor, new).await?;
    let made = organization(&domain, &actor, id).await?;
    Ok(Created::at(format_args!("/organizations/{id}"), Versioned(made)))
}

/// Reads an organization.
#[utoipa::path(get, path = "/organizations/{id}", tag = "Structure", params(("id" = OrganizationId, Path)),
    responses((status = 200, body = OrganizationDetail)), extensions(("x-versioned" = json!(true))))]
async fn get_organization(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
) -> Result<Versioned<Stated<OrganizationDetail>>, ApiProblem> {
    Ok(Versioned(organization(&domain, &actor, id).await?))
}

/// Changes an organization. Its slug stays.
#[utoipa::path(patch, path = "/organizations/{id}", tag = "Structure",
    params(("id" = OrganizationId, Path), IfMatchHeader),
    request_body = NewOrganization, responses((status = 200, body = OrganizationDetail)))]
async fn update_organization(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
    version: IfMatch,
    patch: Patch<NewOrganization>,
) -> Result<Versioned<Stated<OrganizationDetail>>, ApiProblem> {
    let present = organization(&domain, &actor, id).await?;
    version.check(&present)?;
    let Stated {
        thing: present,
        state,
    } = present;
    let change = patch.applied_to(&draft_of(&present))?;
    if change.slug.as_deref() != Some(present.slug.as_str()) {
        return Err(ApiProblem::invalid(vec![model::FieldFault::at(
            "slug",
            "fixed",
            "The short name of an organization stays as it is.",
        )]));
    }
    let change = changed(present, change);
    domain
        .structure()
        .at_state(&state)
        .edit_organization(&actor, change)
        .await?;
    Ok(Versioned(organization(&domain, &actor, id).await?))
}

async fn organization(
    domain: &Domain,
    actor: &domain::Actor,
    id: OrganizationId,
) -> Result<Stated<OrganizationDetail>, ApiProblem> {
    let structure = domain.structure();
    let state = structure.organization_state(actor, id).await?;
    let thing = structure.organization(actor, id).await?;
    Ok(Stated { thing, state })
}

fn draft_of(present: &OrganizationDetail) -> NewOrganization {
    let present = present.clone();
    NewOrganization {
        name: present.name,
        slug: Some(present.slug),
        legal_name: present.legal_name,
        registration_number: present.registration_number,
        vat_number: present.vat_number,
        address: present.address,
        country: present.country,
        email: present.email,
        bank_account: present.bank_account,
        currency: present.currency,
        tax_percent: present.tax_percent,
        time_zone: present.time_zone,
        is_provider: present.is_provider,
        provider_description: present.provider_description,
    }
}

fn changed(present: OrganizationDetail, change: NewOrganization) -> OrganizationDetail {
    OrganizationDetail {
        name: change.name,
        legal_name: change.legal_name,
        registration_number: change.registration_number,
        vat_number: change.vat_number,
        address: change.address,
        country: change.country,
        email: change.email,
        bank_account: change.bank_account,
        currency: change.currency,
        tax_percent: change.tax_percent,
        time_zone: change.time_zone,
        is_provider: change.is_provider,
        provider_description: change.provider_description,
        ..present
    }
}

/// Which projects are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ProjectQuery {
    /// Only of this organization.
    organization: Option<OrganizationId>,
    /// The `next` of the page before.
    #[param(max_length = 500)]
    cursor: Option<String>,
    /// How many rows at most.
    #[param(minimum = 1, maximum = 100, default = 24)]
    limit: Option<u32>,
}

/// Lists the projects that you may see, by name.
#[utoipa::path(get, path = "/projects", tag = "Structure", params(ProjectQuery, NamedListQuery),
    responses((status = 200, body = Page<ProjectSummary>)))]
async fn list_projects(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<ProjectQuery>,
    Parameters(list): Parameters<NamedListQuery>,
) -> Result<Json<Page<ProjectSummary>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    Ok(Json(
        domain
            .structure()
            .projects(&actor, query.organization, &list.list(), &page)
            .await?,
    ))
}

/// Makes a project.
#[utoipa::path(post, path = "/projects", tag = "Structure", request_body = NewProject,
    responses((status = 201, body = ProjectSummary)),
    extensions(("x-versioned" = json!(true))))]
async fn create_project(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(new): Body<NewProject>,
) -> Result<Created<Versioned<Stated<ProjectSummary>>>, ApiProblem> {
    let currency = domain
        .structure()
        .limit_currency(&actor, new.organization_id)
        .await?;
    let id = domain
        .structure()
        .create_project(&actor, new.checked(currency)?)
        .await?;
    let made = project(&domain, &actor, id).await?;
    Ok(Created::at(format_args!("/projects/{id}"), Versioned(made)))
}

/// Reads a project.
#[utoipa::path(get, path = "/projects/{id}", tag = "Structure", params(("id" = ProjectId, Path)),
    responses((status = 200, body = ProjectSummary)), extensions(("x-versioned" = json!(true))))]
async fn get_project(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
) -> Result<Versioned<Stated<ProjectSummary>>, ApiProblem> {
    Ok(Versioned(project(&domain, &actor, id).await?))
}

/// Changes a project.
#[utoipa::path(patch, path = "/projects/{id}", tag = "Structure",
    params(("id" = ProjectId, Path), IfMatchHeader),
    request_body = ProjectChange, responses((status = 200, body = ProjectSummary)))]
async fn update_project(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
    version: IfMatch,
    patch: Patch<ProjectChange>,
) -> Result<Versioned<Stated<ProjectSummary>>, ApiProblem> {
    let present = project(&domain, &actor, id).await?;
    version.check(&present)?;
    let Stated {
        thing: present,
        state,
    } = present;
    let currency = present.currency;
    let change = patch.applied_to(&ProjectChange::of(present))?.checked(currency)?;
    domain
        .structure()
        .at_state(&state)
        .edit_project(&actor, id, change)
        .await?;
    Ok(Versioned(project(&domain, &actor, id).await?))
}

async fn project(
    domain: &Domain,
    actor: &domain::Actor,
    id: ProjectId,
) -> Result<Stated<ProjectSummary>, ApiProblem> {
    let structure = domain.structure();
    let state = structure.project_state(actor, id).await?;
    let thing = structure.project(actor, id).await?;
    Ok(Stated { thing, state })
}
