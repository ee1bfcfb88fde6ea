//! A decision of a person on a step of an order's approval: who, for whom, and why.

use model::{ApprovalStepId, OrderId, UserId, Verdict};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "order_decisions")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub order_id: OrderId,
    pub step_id: ApprovalStepId,
    pub verdict: Verdict,
    /// Who decided; absent where the system did.
    pub user_id: Option<UserId>,
    /// For whom, where somebody who was away had named them as a deputy.
    pub stood_in_for: Option<UserId>,
    /// Why the person could, in words.
    pub rule: String,
    pub comment: String,
    pub created_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::order::Entity",
        from = "Column::OrderId",
        to = "super::order::Column::Id"
    )]
    Order,
    #[sea_orm(
        belongs_to = "super::approval_step::Entity",
        from = "Column::StepId",
        to = "super::approval_step::Column::Id"
    )]
    Step,
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::UserId",
        to = "super::user::Column::Id"
    )]
    User,
    #[sea_orm(
        belongs_to = "super::user::Entity",
        from = "Column::StoodInFor",
        to = "super::user::Column::Id"
    )]
    StoodInFor,
}

impl Related<super::order::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Order.def()
    }
}

impl Related<super::user::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::User.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Decisions on one order, oldest first.
    pub fn find_of_order(order_id: OrderId) -> Select<Self> {
        Self::find()
            .filter(Column::OrderId.eq(order_id))
            .order_by_asc(Column::CreatedAt)
            .order_by_asc(Column::Id)
    }
}
