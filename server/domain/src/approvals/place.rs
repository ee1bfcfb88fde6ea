//! Where rules live.

use model::Scope;
use sea_orm::ConnectionTrait;

use crate::access::{AccessError, Target, target_of_scope};

/// Where the rules of a scope live: those of an organization are of it as a buyer, and no role on its selling side reaches them.
pub(super) async fn place_of(conn: &impl ConnectionTrait, scope: Scope) -> Result<Target, AccessError> {
    let target = target_of_scope(conn, scope).await?;
    Ok(match scope {
        Scope::Organization(id) => Target::organization(id),
        _ => target,
    })
}
