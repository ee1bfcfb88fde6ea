//! An entry of the audit log. Append-only; it outlives what it tells about, so nothing here references another table.

use model::{AuditId, OrganizationId, ProjectId, UserId};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditId,
    /// Counted by the database within the writing transaction. Orders and resources are locked before they change, so
    /// the entries about one are in order by this, where the clocks of two processes may disagree.
    #[sea_orm(unique)]
    pub sequence: i64,
    pub at: DateTimeUtc,
    /// Absent when Stoa itself acted.
    pub actor_id: Option<UserId>,
    pub actor_name: String,
    pub organization_id: Option<OrganizationId>,
    pub project_id: Option<ProjectId>,
    pub provider_id: Option<OrganizationId>,
    pub subject_kind: String,
    pub subject_id: Uuid,
    /// Past tense: `order.approved`.
    pub verb: String,
    pub before: Json,
    pub after: Json,
    pub reason: String,
    pub trace_id: String,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// What happened to one thing, oldest first.
    pub fn find_about(subject_kind: &str, subject_id: Uuid) -> Select<Self> {
        Self::find()
            .filter(Column::SubjectKind.eq(subject_kind))
            .filter(Column::SubjectId.eq(subject_id))
            .order_by_asc(Column::Sequence)
    }
}
