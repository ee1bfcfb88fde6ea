//! Who works where: roles of people in organizations and projects.

use chrono::{DateTime, Utc};
use domain::{Domain, access::NewGrant};
use http::StatusCode;
use model::{GrantId, Member, OfferingId, OrganizationId, ProjectId, Role, Scope};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json, Versioned,
    answer::Stated,
    extract::{Body, Caller, IdOf, IfMatch, Parameters, Services},
    queries::{IfMatchHeader, one_scope},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_organization_members, grant_organization_role))
        .routes(routes!(list_project_members, grant_project_role))
        .routes(routes!(list_grants, grant_role))
        .routes(routes!(get_grant, revoke_grant))
        .routes(routes!(set_grant_end))
}

/// Lists the people of an organization.
#[utoipa::path(get, path = "/organizations/{id}/members", tag = "Structure", params(("id" = OrganizationId, Path)),
    responses((status = 200, body = Vec<Member>)))]
async fn list_organization_members(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
) -> Result<Json<Vec<Member>>, ApiProblem> {
    Ok(Json(
        domain.access().members(&actor, Scope::Organization(id)).await?,
    ))
}

/// Lists the people of a project.
#[utoipa::path(get, path = "/projects/{id}/members", tag = "Structure", params(("id" = ProjectId, Path)),
    responses((status = 200, body = Vec<Member>)))]
async fn list_project_members(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
) -> Result<Json<Vec<Member>>, ApiProblem> {
    Ok(Json(domain.access().members(&actor, Scope::Project(id)).await?))
}

/// A role for a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewMember {
    /// E-mail address of a person who has an account.
    #[schema(max_length = 254)]
    email: String,
    /// The role.
    role: Role,
    /// Until when; open without.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
}

/// Gives somebody a role in an organization.
#[utoipa::path(post, path = "/organizations/{id}/members", tag = "Structure", params(("id" = OrganizationId, Path)),
    request_body = NewMember, responses((status = 201, body = Member)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["already_granted", "more_than_own", "role_does_not_fit", "already_over"]))))]
async fn grant_organization_role(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<OrganizationId>,
    Body(wanted): Body<NewMember>,
) -> Result<Created<Versioned<Stated<Member>>>, ApiProblem> {
    grant(&domain, &actor, Scope::Organization(id), wanted).await
}

/// Gives somebody a role in a project.
#[utoipa::path(post, path = "/projects/{id}/members", tag = "Structure", params(("id" = ProjectId, Path)),
    request_body = NewMember, responses((status = 201, body = Member)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["already_granted", "more_than_own", "role_does_not_fit", "already_over"]))))]
async fn grant_project_role(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<ProjectId>,
    Body(wanted): Body<NewMember>,
) -> Result<Created<Versioned<Stated<Member>>>, ApiProblem> {
    grant(&domain, &actor, Scope::Project(id), wanted).await
}

/// A role for a person, wherever roles are held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewRole {
    /// E-mail address of a person who has an account.
    #[schema(max_length = 254)]
    email: String,
    /// The role.
    role: Role,
    /// On what.
    scope: Scope,
    /// Until when; open without.
    #[serde(default)]
    expires_at: Option<DateTime<Utc>>,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
}

/// Gives somebody a role on a provider, an offering, the installation, an organization or a project.
#[utoipa::path(post, path = "/grants", tag = "Structure", request_body = NewRole,
    responses((status = 201, body = Member)),
    extensions(("x-versioned" = json!(true)), ("x-problems" = json!(["already_granted", "more_than_own", "role_does_not_fit", "already_over"]))))]
async fn grant_role(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(wanted): Body<NewRole>,
) -> Result<Created<Versioned<Stated<Member>>>, ApiProblem> {
    let member = NewMember {
        email: wanted.email,
        role: wanted.role,
        expires_at: wanted.expires_at,
        reason: wanted.reason,
    };
    grant(&domain, &actor, wanted.scope, member).await
}

/// Whose people are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct GrantQuery {
    /// Of this organization.
    organization: Option<OrganizationId>,
    /// Of this organization as a provider.
    provider: Option<OrganizationId>,
    /// Of this project.
    project: Option<ProjectId>,
    /// Of this offering.
    offering: Option<OfferingId>,
}

impl GrantQuery {
    /// The one that is named; the installation when none is.
    fn scope(&self) -> Result<Scope, ApiProblem> {
        let named = [
            self.organization.map(Scope::Organization),
            self.provider.map(Scope::Provider),
            self.project.map(Scope::Project),
            self.offering.map(Scope::Offering),
        ];
        one_scope(named, "Name one of organization, provider, project and offering.")
    }
}

/// Lists who holds a role on one thing; on the installation when none is named.
#[utoipa::path(get, path = "/grants", tag = "Structure", params(GrantQuery),
    responses((status = 200, body = Vec<Member>)), extensions(("x-problems" = json!(["invalid_input"]))))]
async fn list_grants(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<GrantQuery>,
) -> Result<Json<Vec<Member>>, ApiProblem> {
    Ok(Json(domain.access().members(&actor, query.scope()?).await?))
}

async fn grant(
    domain: &Domain,
    actor: &domain::Actor,
    scope: Scope,
    wanted: NewMember,
) -> Result<Created<Versioned<Stated<Member>>>, ApiProblem> {
    let user = domain
        .access()
        .person_by_email(actor, scope, &wanted.email)
        .await?;
    let new = NewGrant {
        user,
        role: wanted.role,
        scope,
        expires_at: wanted.expires_at,
        reason: wanted.reason,
    };
    let id = domain.access().grant(actor, new).await?;
    let made = held(domain, actor, id).await?;
    Ok(Created::at(format_args!("/grants/{id}"), Versioned(made)))
}

async fn held(domain: &Domain, actor: &domain::Actor, id: GrantId) -> Result<Stated<Member>, ApiProblem> {
    let (thing, state) = domain.access().member_at_state(actor, id).await?;
    Ok(Stated { thing, state })
}

/// Reads a role that somebody holds.
#[utoipa::path(get, path = "/grants/{id}", tag = "Structure", params(("id" = GrantId, Path)),
    responses((status = 200, body = Member)), extensions(("x-versioned" = json!(true))))]
async fn get_grant(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<GrantId>,
) -> Result<Versioned<Stated<Member>>, ApiProblem> {
    Ok(Versioned(held(&domain, &actor, id).await?))
}

/// Until when a role is held.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct RoleEnd {
    /// Until when; `null`: without end.
    expires_at: Option<DateTime<Utc>>,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
}

/// Sets or removes the end of a role. It is held throughout: nobody is taken off a backend.
#[utoipa::path(put, path = "/grants/{id}/end", tag = "Structure", params(("id" = GrantId, Path), IfMatchHeader),
    request_body = RoleEnd, responses((status = 200, body = Member)),
    extensions(("x-problems" = json!(["last_owner", "last_staff", "more_than_own", "already_over"]))))]
async fn set_grant_end(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<GrantId>,
    version: IfMatch,
    Body(wanted): Body<RoleEnd>,
) -> Result<Versioned<Stated<Member>>, ApiProblem> {
    let present = held(&domain, &actor, id).await?;
    version.check(&present)?;
    let access = domain.access().at_state(&present.state);
    access
        .change_role_end(&actor, id, wanted.expires_at, &wanted.reason)
        .await?;
    Ok(Versioned(held(&domain, &actor, id).await?))
}

/// Why a role is taken away.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Revocation {
    /// Kept in the history, up to 2,000 characters.
    #[serde(default)]
    #[param(max_length = 2000)]
    reason: String,
}

/// Takes a role away.
#[utoipa::path(delete, path = "/grants/{id}", tag = "Structure", params(("id" = GrantId, Path), Revocation),
    responses((status = 204)), extensions(("x-problems" = json!(["last_owner", "last_staff", "more_than_own"]))))]
async fn revoke_grant(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<GrantId>,
    Parameters(why): Parameters<Revocation>,
) -> Result<StatusCode, ApiProblem> {
    domain.access().revoke(&actor, id, &why.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}
