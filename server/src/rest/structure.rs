//! Who one is, organizations, projects, people.

use axum::{extract::State, response::IntoResponse};
use domain::{
    Domain,
    access::NewGrant,
    structure::{NewOrganization, NewProject, ProjectChange},
};
use http::StatusCode;
use model::{
    GrantId, Me, Member, OrganizationDetail, OrganizationId, OrganizationSummary, Page, ProjectId,
    ProjectSummary, Role, Scope,
};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json,
    extract::{Body, Caller, IdOf, Parameters},
    problem::Refusals,
    queries::{Made, PageQuery},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(me))
        .routes(routes!(organizations, create_organization))
        .routes(routes!(organization))
        .routes(routes!(organization_members, grant_in_organization))
        .routes(routes!(projects, create_project))
        .routes(routes!(project, edit_project))
        .routes(routes!(project_members, grant_in_project))
        .routes(routes!(revoke))
}

/// Says who the token belongs to.
#[utoipa::path(get, path = "/me", tag = "Structure", responses((status = 200, body = Me), Refusals))]
async fn me(State(domain): State<Domain>, Caller(actor): Caller) -> Result<Json<Me>, ApiProblem> {
    Ok(Json(domain.me(&actor).await?))
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
    responses((status = 200, body = Page<OrganizationSummary>), Refusals))]
async fn organizations(
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
    responses((status = 201, body = Made<OrganizationId>), Refusals))]
async fn create_organization(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Body(new): Body<NewOrganization>,
) -> Result<impl IntoResponse, ApiProblem> {
    let id = domain.structure().create_organization(&actor, new).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// Reads an organization.
#[utoipa::path(get, path = "/organizations/{id}", tag = "Structure", params(("id" = OrganizationId, Path)),
    responses((status = 200, body = OrganizationDetail), Refusals))]
async fn organization(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
) -> Result<Json<OrganizationDetail>, ApiProblem> {
    Ok(Json(domain.structure().organization(&actor, id).await?))
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
    responses((status = 200, body = Page<ProjectSummary>), Refusals))]
async fn projects(
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
    responses((status = 201, body = ProjectSummary), Refusals))]
async fn create_project(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    Body(new): Body<NewProject>,
) -> Result<impl IntoResponse, ApiProblem> {
    let id = domain.structure().create_project(&actor, new).await?;
    Ok((
        StatusCode::CREATED,
        Json(domain.structure().project(&actor, id).await?),
    ))
}

/// Reads a project.
#[utoipa::path(get, path = "/projects/{id}", tag = "Structure", params(("id" = ProjectId, Path)),
    responses((status = 200, body = ProjectSummary), Refusals))]
async fn project(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
) -> Result<Json<ProjectSummary>, ApiProblem> {
    Ok(Json(domain.structure().project(&actor, id).await?))
}

/// Changes a project.
#[utoipa::path(put, path = "/projects/{id}", tag = "Structure", params(("id" = ProjectId, Path)),
    request_body = ProjectChange, responses((status = 200, body = ProjectSummary), Refusals))]
async fn edit_project(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
    Body(change): Body<ProjectChange>,
) -> Result<Json<ProjectSummary>, ApiProblem> {
    domain.structure().edit_project(&actor, id, change).await?;
    Ok(Json(domain.structure().project(&actor, id).await?))
}

/// Lists the people of an organization.
#[utoipa::path(get, path = "/organizations/{id}/members", tag = "Structure", params(("id" = OrganizationId, Path)),
    responses((status = 200, body = Vec<Member>), Refusals))]
async fn organization_members(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
) -> Result<Json<Vec<Member>>, ApiProblem> {
    Ok(Json(
        domain.access().members(&actor, Scope::Organization(id)).await?,
    ))
}

/// Lists the people of a project.
#[utoipa::path(get, path = "/projects/{id}/members", tag = "Structure", params(("id" = ProjectId, Path)),
    responses((status = 200, body = Vec<Member>), Refusals))]
async fn project_members(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
) -> Result<Json<Vec<Member>>, ApiProblem> {
    Ok(Json(domain.access().members(&actor, Scope::Project(id)).await?))
}

/// A role for a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleFor {
    /// E-mail address of a person who has an account.
    #[schema(max_length = 254)]
    email: String,
    /// The role.
    role: Role,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 500)]
    reason: String,
}

/// Gives somebody a role in an organization.
#[utoipa::path(post, path = "/organizations/{id}/members", tag = "Structure", params(("id" = OrganizationId, Path)),
    request_body = RoleFor, responses((status = 201, body = Made<GrantId>), Refusals))]
async fn grant_in_organization(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
    Body(wanted): Body<RoleFor>,
) -> Result<impl IntoResponse, ApiProblem> {
    grant(&domain, &actor, Scope::Organization(id), wanted).await
}

/// Gives somebody a role in a project.
#[utoipa::path(post, path = "/projects/{id}/members", tag = "Structure", params(("id" = ProjectId, Path)),
    request_body = RoleFor, responses((status = 201, body = Made<GrantId>), Refusals))]
async fn grant_in_project(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
    Body(wanted): Body<RoleFor>,
) -> Result<impl IntoResponse, ApiProblem> {
    grant(&domain, &actor, Scope::Project(id), wanted).await
}

async fn grant(
    domain: &Domain,
    actor: &domain::Actor,
    scope: Scope,
    wanted: RoleFor,
) -> Result<(StatusCode, Json<Made<GrantId>>), ApiProblem> {
    let user = domain
        .access()
        .person_by_email(actor, scope, &wanted.email)
        .await?;
    let new = NewGrant {
        user,
        role: wanted.role,
        scope,
        expires_at: None,
        reason: wanted.reason,
    };
    let id = domain.access().grant(actor, new).await?;
    Ok((StatusCode::CREATED, Json(Made { id })))
}

/// Takes a role away.
#[utoipa::path(delete, path = "/grants/{id}", tag = "Structure", params(("id" = GrantId, Path)),
    responses((status = 204), Refusals))]
async fn revoke(
    State(domain): State<Domain>,
    Caller(actor): Caller,
    IdOf(id): IdOf<GrantId>,
) -> Result<StatusCode, ApiProblem> {
    domain.access().revoke(&actor, id, "through the API").await?;
    Ok(StatusCode::NO_CONTENT)
}
