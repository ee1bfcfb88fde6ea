//! A notice to one person of one event. Its words are those of the event, made when it is shown.

use model::{AuditId, NoticeId, NoticeKind, OfferingId, OrganizationId, ProjectId, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "notices")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: NoticeId,
    pub user_id: UserId,
    pub event_id: AuditId,
    pub kind: NoticeKind,
    /// Where the thing lives, as roles reach it; all absent where it is about the person, or of the installation. Who holds no
    /// role there any more that shows such things does not see it.
    pub organization_id: Option<OrganizationId>,
    pub project_id: Option<ProjectId>,
    pub provider_id: Option<OrganizationId>,
    pub offering_id: Option<OfferingId>,
    /// When the event happened.
    pub at: DateTimeUtc,
    pub read_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
