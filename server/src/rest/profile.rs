//! Who the token belongs to, and what waits for that person.

use model::{Me, TokenSummary};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    ApiProblem, Json,
    extract::{Caller, Services},
};
use crate::state::AppState;

pub(super) fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .routes(routes!(get_me))
        .routes(routes!(list_tokens))
}

/// Says who the token belongs to. Any token may ask, whatever its scopes.
#[utoipa::path(get, path = "/me", tag = "Profile", responses((status = 200, body = Me)))]
async fn get_me(Services(domain): Services, Caller(actor): Caller) -> Result<Json<Me>, ApiProblem> {
    Ok(Json(domain.me(&actor).await?))
}

/// Lists one's own tokens, newest first, revoked ones included; with the scope `read`.
///
/// Tokens are made and revoked in the portal only: a token that leaked must not make others.
#[utoipa::path(get, path = "/me/tokens", tag = "Profile", responses((status = 200, body = Vec<TokenSummary>)))]
async fn list_tokens(
    Services(domain): Services,
    Caller(actor): Caller,
) -> Result<Json<Vec<TokenSummary>>, ApiProblem> {
    Ok(Json(domain.accounts().tokens(&actor).await?))
}
