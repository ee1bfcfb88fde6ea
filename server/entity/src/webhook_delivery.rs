//! A try to tell a webhook of an event. Swept after a month.

use model::{AuditId, DeliveryOutcome, WebhookDeliveryId, WebhookId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_deliveries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookDeliveryId,
    pub webhook_id: WebhookId,
    pub event_id: AuditId,
    pub kind: String,
    pub attempt: i32,
    pub by_hand: bool,
    pub outcome: DeliveryOutcome,
    pub status: Option<i16>,
    pub error: String,
    /// What was sent, without the signature.
    pub request: String,
    /// The beginning of what was answered.
    pub answer: String,
    pub milliseconds: i32,
    pub at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
