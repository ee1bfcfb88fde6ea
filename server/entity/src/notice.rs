//! A notice to one person of one event. Its words are those of the event, made when it is shown.

use model::{AuditId, NoticeId, NoticeKind, UserId};
use sea_orm::entity::prelude::*;

use crate::role_grant::ScopeKind;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoticeId,
    pub user_id: UserId,
    pub event_id: AuditId,
    pub kind: NoticeKind,
    /// On what the person held the role through which it concerns them; absent where it is about the person. Who holds none
    /// there any more does not see it.
    pub scope_kind: Option<ScopeKind>,
    /// Absent for the system, too.
    pub scope_id: Option<Uuid>,
    /// When the event happened.
    pub at: DateTimeUtc,
    pub read_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
