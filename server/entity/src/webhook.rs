//! An address that is told of what happens in a scope, and how far it was told.

use model::{WebhookId, WebhookState};
use sea_orm::entity::prelude::*;

use crate::role_grant::ScopeKind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookId,
    pub scope_kind: ScopeKind,
    /// Absent exactly when the scope is the system.
    pub scope_id: Option<Uuid>,
    pub url: String,
    pub description: String,
    /// A list of kinds; empty: all.
    pub kinds: Json,
    pub state: WebhookState,
    /// Sealed.
    pub secret: Vec<u8>,
    /// Sealed; signs as well until `previous_until`.
    pub previous_secret: Option<Vec<u8>>,
    pub previous_until: Option<DateTimeUtc>,
    /// The sequence of the last event that is settled for it: delivered, given up, or not wanted.
    pub position: i64,
    /// Tries of the next event that failed.
    pub attempts: i32,
    /// Those of them that were answered.
    pub answered: i32,
    pub failing_since: Option<DateTimeUtc>,
    /// No try before this.
    pub next_try_at: Option<DateTimeUtc>,
    pub last_error: String,
    pub revision: i32,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
