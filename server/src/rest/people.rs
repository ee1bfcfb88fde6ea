//! Everybody who has an account; for those who run the installation.

use domain::access::accounts::NewUser;
use model::{Page, PersonSummary, UserId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Created, Json,
    extract::{Body, Caller, IdOf, Parameters, Services},
    queries::{NamedListQuery, PageQuery},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(list_people, register_person))
        .routes(routes!(get_person))
        .routes(routes!(deactivate_person))
        .routes(routes!(reactivate_person))
}

/// Which people are wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct PeopleQuery {
    /// Words of the name, the address or the user name.
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

/// Lists people by name; for staff and support.
#[utoipa::path(get, path = "/people", tag = "Operations", params(PeopleQuery, NamedListQuery),
    responses((status = 200, body = Page<PersonSummary>)))]
async fn list_people(
    Services(domain): Services,
    Caller(actor): Caller,
    Parameters(query): Parameters<PeopleQuery>,
    Parameters(list): Parameters<NamedListQuery>,
) -> Result<Json<Page<PersonSummary>>, ApiProblem> {
    let page = PageQuery {
        cursor: query.cursor,
        limit: query.limit,
    }
    .request()?;
    Ok(Json(
        domain
            .accounts()
            .people(&actor, &query.q, &list.list(), &page)
            .await?,
    ))
}

/// Reads a person; for staff and support.
#[utoipa::path(get, path = "/people/{id}", tag = "Operations", params(("id" = UserId, Path)),
    responses((status = 200, body = PersonSummary)))]
async fn get_person(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<UserId>,
) -> Result<Json<PersonSummary>, ApiProblem> {
    Ok(Json(domain.accounts().person_of(&actor, id).await?))
}

/// A person who shall have an account.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPerson {
    /// E-mail address, unique whatever its case.
    #[schema(max_length = 254)]
    email: String,
    /// Full name, 1 to 100 characters.
    #[schema(max_length = 100)]
    name: String,
    /// User name on backends: a lower-case letter, then up to 31 lower-case letters, digits, `_` or `-`.
    #[schema(max_length = 32)]
    username: String,
    /// A first password of at least 12 characters that is not easy to guess, to be handed over; the person can change it.
    #[schema(write_only, format = Password, max_length = 256, example = "correct horse battery staple")]
    password: String,
}

/// Makes an account with a first password; for staff.
#[utoipa::path(post, path = "/people", tag = "Operations", request_body = NewPerson,
    responses((status = 201, body = PersonSummary)), extensions(("x-problems" = json!(["busy"]))))]
async fn register_person(
    Services(domain): Services,
    Caller(actor): Caller,
    Body(new): Body<NewPerson>,
) -> Result<Created<Json<PersonSummary>>, ApiProblem> {
    let new = NewUser {
        email: new.email,
        name: new.name,
        username: new.username,
        password: new.password,
    };
    let id = domain.accounts().register(&actor, new).await?;
    let made = domain.accounts().person_of(&actor, id).await?;
    Ok(Created::at(format_args!("/people/{id}"), Json(made)))
}

/// Why somebody is deactivated or reactivated.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Why {
    /// Kept in the history, up to 2,000 characters.
    #[serde(default)]
    #[schema(max_length = 2000)]
    reason: String,
}

/// Deactivates a person at once; for staff. Sessions and tokens end for good, backends are told to give no access; roles
/// stay.
#[utoipa::path(post, path = "/people/{id}/deactivate", tag = "Operations", params(("id" = UserId, Path)),
    request_body = Why, responses((status = 200, body = PersonSummary)),
    extensions(("x-problems" = json!(["last_owner", "last_staff", "own_account"]))))]
async fn deactivate_person(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<UserId>,
    Body(why): Body<Why>,
) -> Result<Json<PersonSummary>, ApiProblem> {
    domain.accounts().deactivate(&actor, id, &why.reason).await?;
    Ok(Json(domain.accounts().person_of(&actor, id).await?))
}

/// Reactivates a person, with the password and the roles of before; for staff.
#[utoipa::path(post, path = "/people/{id}/reactivate", tag = "Operations", params(("id" = UserId, Path)),
    request_body = Why, responses((status = 200, body = PersonSummary)))]
async fn reactivate_person(
    Services(domain): Services,
    Caller(actor): Caller,
    IdOf(id): IdOf<UserId>,
    Body(why): Body<Why>,
) -> Result<Json<PersonSummary>, ApiProblem> {
    domain.accounts().reactivate(&actor, id, &why.reason).await?;
    Ok(Json(domain.accounts().person_of(&actor, id).await?))
}
