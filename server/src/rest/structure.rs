//! Organizations and projects.

use axum::extract::State;
use domain::{
    Actor, Domain,
    structure::{NewOrganization, NewProject, ProjectChange},
};
use model::{OrganizationDetail, OrganizationId, OrganizationSummary, Page, ProjectId, ProjectSummary};
use serde::{Deserialize, Serialize};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json, Versioned,
    answer::HasVersion,
    extract::{Body, Caller, IdOf, IfMatch, Parameters, Patch},
    queries::{IfMatchHeader, PageQuery},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_organizations, create_organization))
        .routes(routes!(get_organization, update_organization))
        .routes(routes!(list_projects, create_project))
        .routes(routes!(get_project, update_project))
}

/// An organization or project as somebody saw it. Its version is the state that the service checks a change against.
#[derive(Serialize)]
struct Seen<T> {
    #[serde(flatten)]
    thing: T,
    #[serde(skip)]
    state: String,
}

impl<T> HasVersion for Seen<T> {
    fn etag(&self) -> String {
        format!("\"{}\"", self.state)
    }
}

/// The state is read first: whoever changes the thing between the two is found out.
async fn organization_seen(
    domain: &Domain,
    actor: &Actor,
    id: OrganizationId,
) -> Result<Seen<OrganizationDetail>, ApiProblem> {
    let structure = domain.structure();
    let state = structure.organization_state(actor, id).await?;
    let thing = structure.organization(actor, id).await?;
    Ok(Seen { thing, state })
}

async fn project_seen(
    domain: &Domain,
    actor: &Actor,
    id: ProjectId,
) -> Result<Seen<ProjectSummary>, ApiProblem> {
    let structure = domain.structure();
    let state = structure.project_state(actor, id).await?;
    let thing = structure.project(actor, id).await?;
    Ok(Seen { thing, state })
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

/// Lists the organizations that you may see.
#[utoipa::path(get, path = "/organizations", tag = "Structure", params(OrganizationQuery),
    responses((status = 200, body = Page<OrganizationSummary>)))]
async fn list_organizations(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Parameters(query): Parameters<OrganizationQuery>,
) -> Result<Json<Page<OrganizationSummary>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    Ok(Json(
        domain.structure().organizations(&actor, &query.q, &page).await?,
    ))
}

/// Makes an organization; for staff.
#[utoipa::path(post, path = "/organizations", tag = "Structure", request_body = NewOrganization,
    responses((status = 201, body = OrganizationDetail)), extensions(("x-versioned" = json!(true))))]
async fn create_organization(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Body(new): Body<NewOrganization>,
) -> Result<Created<Versioned<Seen<OrganizationDetail>>>, ApiProblem> {
    let id = domain.structure().create_organization(&actor, new).await?;
    let made = organization_seen(&domain, &actor, id).await?;
    Ok(Created::at(format_args!("/organizations/{id}"), Versioned(made)))
}

/// Reads an organization.
#[utoipa::path(get, path = "/organizations/{id}", tag = "Structure", params(("id" = OrganizationId, Path)),
    responses((status = 200, body = OrganizationDetail)), extensions(("x-versioned" = json!(true))))]
async fn get_organization(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
) -> Result<Versioned<Seen<OrganizationDetail>>, ApiProblem> {
    Ok(Versioned(organization_seen(&domain, &actor, id).await?))
}

/// Changes an organization. Its slug stays.
#[utoipa::path(patch, path = "/organizations/{id}", tag = "Structure",
    params(("id" = OrganizationId, Path), IfMatchHeader),
    request_body = NewOrganization, responses((status = 200, body = OrganizationDetail)),
    extensions(("x-problems" = json!(["organization_archived"]))))]
async fn update_organization(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
    version: IfMatch,
    patch: Patch<NewOrganization>,
) -> Result<Versioned<Seen<OrganizationDetail>>, ApiProblem> {
    let seen = organization_seen(&domain, &actor, id).await?;
    version.check(&seen)?;
    let present = seen.thing;
    let change = patch.applied_to(&draft_of(&present))?;
    if change.slug.as_deref() != Some(present.slug.as_str()) {
        return Err(ApiProblem::invalid(vec![model::FieldFault::at(
            "slug",
            "fixed",
            "The short name of an organization stays as it is.",
        )]));
    }
    let change = changed(present, change);
    let structure = domain.structure().at_state(&seen.state);
    structure.edit_organization(&actor, change).await?;
    Ok(Versioned(organization_seen(&domain, &actor, id).await?))
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

/// Lists the projects that you may see.
#[utoipa::path(get, path = "/projects", tag = "Structure", params(ProjectQuery),
    responses((status = 200, body = Page<ProjectSummary>)))]
async fn list_projects(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Parameters(query): Parameters<ProjectQuery>,
) -> Result<Json<Page<ProjectSummary>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    Ok(Json(
        domain
            .structure()
            .projects(&actor, query.organization, &page)
            .await?,
    ))
}

/// Makes a project.
#[utoipa::path(post, path = "/projects", tag = "Structure", request_body = NewProject,
    responses((status = 201, body = ProjectSummary)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["organization_archived"]))))]
async fn create_project(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Body(new): Body<NewProject>,
) -> Result<Created<Versioned<Seen<ProjectSummary>>>, ApiProblem> {
    let id = domain.structure().create_project(&actor, new).await?;
    let made = project_seen(&domain, &actor, id).await?;
    Ok(Created::at(format_args!("/projects/{id}"), Versioned(made)))
}

/// Reads a project.
#[utoipa::path(get, path = "/projects/{id}", tag = "Structure", params(("id" = ProjectId, Path)),
    responses((status = 200, body = ProjectSummary)), extensions(("x-versioned" = json!(true))))]
async fn get_project(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
) -> Result<Versioned<Seen<ProjectSummary>>, ApiProblem> {
    Ok(Versioned(project_seen(&domain, &actor, id).await?))
}

/// Changes a project.
#[utoipa::path(patch, path = "/projects/{id}", tag = "Structure",
    params(("id" = ProjectId, Path), IfMatchHeader),
    request_body = ProjectChange, responses((status = 200, body = ProjectSummary)))]
async fn update_project(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
    version: IfMatch,
    patch: Patch<ProjectChange>,
) -> Result<Versioned<Seen<ProjectSummary>>, ApiProblem> {
    let seen = project_seen(&domain, &actor, id).await?;
    version.check(&seen)?;
    let present = seen.thing;
    let change = patch.applied_to(&ProjectChange {
        name: present.name,
        description: present.description,
        start_date: present.start_date,
        end_date: present.end_date,
        approval_limit: present.approval_limit,
    })?;
    let structure = domain.structure().at_state(&seen.state);
    structure.edit_project(&actor, id, change).await?;
    Ok(Versioned(project_seen(&domain, &actor, id).await?))
}
