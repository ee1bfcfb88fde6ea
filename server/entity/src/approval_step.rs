//! A step of the approval of an order: who is asked, by which rule, and where that stands.

use model::{ApprovalRuleId, ApprovalStepId, Asked, OrderId, Side, StepState};
use sea_orm::entity::prelude::*;
use sea_orm::{QueryOrder, Select};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "approval_steps")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApprovalStepId,
    pub order_id: OrderId,
    /// From 1, without gaps; the buyer's come first.
    pub position: i32,
    pub side: Side,
    /// Absent where the rule is built in. The rule may have changed since, or be gone.
    pub rule_id: Option<ApprovalRuleId>,
    /// The rule in words, as it was.
    pub rule: String,
    /// At most one step of an order is open.
    pub state: StepState,
    /// Whom it asks; roles and people stand in `approval_step_approvers`.
    pub asked: Asked,
    /// How many people must approve. Nobody counts twice.
    pub needed: i32,
    /// Whether whoever placed the order may be one of them.
    pub placer_may: bool,
    pub due_days: i32,
    pub remind_days: Option<i32>,
    pub opened_at: Option<DateTimeUtc>,
    /// When those who are asked are reminded next.
    pub remind_at: Option<DateTimeUtc>,
    pub closed_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::order::Entity",
        from = "Column::OrderId",
        to = "super::order::Column::Id"
    )]
    Order,
    #[sea_orm(has_many = "super::approval_step_approver::Entity")]
    Approvers,
}

impl Related<super::order::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Order.def()
    }
}

impl Related<super::approval_step_approver::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Approvers.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

impl Entity {
    /// Steps of one order, the first to be asked first.
    pub fn find_of_order(order_id: OrderId) -> Select<Self> {
        Self::find()
            .filter(Column::OrderId.eq(order_id))
            .order_by_asc(Column::Position)
    }
}
