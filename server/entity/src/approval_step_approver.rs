//! A role or a person whom a step of an approval asks; exactly one of the two.

use model::{ApprovalStepId, Role, UserId};
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_step_approvers")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub step_id: ApprovalStepId,
    pub role: Option<Role>,
    pub user_id: Option<UserId>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::approval_step::Entity",
        from = "Column::StepId",
        to = "super::approval_step::Column::Id"
    )]
    Step,
}

impl Related<super::approval_step::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Step.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}
