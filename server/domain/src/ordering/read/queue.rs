//! What waits for one person: decisions for the buyer, decisions for the provider, and work by hand.

use entity::order::Column;
use entity::{order, organization, project};
use model::{OrderState, OrderSummary, Page, PageRequest, Permission};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    RelationTrait,
};

use super::summary::{self, Row, columns};
use crate::access::{Actor, Visible};
use crate::ordering::{Ordering, OrderingError};
use crate::page;

impl Ordering {
    /// Orders that wait for the actor, the oldest first. One query, whatever the number of rows.
    pub async fn queue(
        &self,
        actor: &Actor,
        request: PageRequest,
    ) -> Result<Page<OrderSummary>, OrderingError> {
        if waits_nowhere(actor) {
            return Ok(Page {
                items: Vec::new(),
                next: None,
            });
        }
        let mut query = summary::select().filter(waits_for(actor));
        if let Some(last) = page::after_id(&request)? {
            query = query.filter(Column::Id.gt(last));
        }
        let query = query.order_by_asc(Column::Id).limit(page::fetch(&request));
        let rows = query.into_model::<Row>().all(self.core.read()).await?;
        Ok(page::cut(rows, &request, |row| vec![row.id.to_string()]).map(|row| row.summary(actor)))
    }

    /// How many orders wait for the actor. Shown on every page, so it costs nothing to those who never decide.
    pub async fn queue_count(&self, actor: &Actor) -> Result<u64, OrderingError> {
        if waits_nowhere(actor) {
            return Ok(0);
        }
        let query = order::Entity::find()
            .join(JoinType::InnerJoin, order::Relation::Project.def())
            .join(JoinType::InnerJoin, order::Relation::Organization.def())
            .filter(waits_for(actor));
        Ok(query.count(self.core.read()).await?)
    }
}

/// The permissions by which an order can wait for somebody.
const DECISIVE: [Permission; 4] = [
    Permission::ApproveOrder,
    Permission::ApproveOrderWithinLimit,
    Permission::ApproveAsProvider,
    Permission::ManageResource,
];

fn waits_nowhere(actor: &Actor) -> bool {
    DECISIVE
        .iter()
        .all(|permission| Visible::of(actor, *permission).is_nothing())
}

/// The same powers as in [`crate::ordering::rules`], as a condition on rows; a test holds the two together.
pub(super) fn waits_for(actor: &Actor) -> Condition {
    let holds = |permission| Visible::of(actor, permission).filter(columns());
    let within_limit = Condition::all()
        .add(
            Expr::col((order::Entity, Column::Commitment))
                .lte(Expr::col((project::Entity, project::Column::ApprovalLimit))),
        )
        .add(
            Expr::col((order::Entity, Column::Currency))
                .eq(Expr::col((organization::Entity, organization::Column::Currency))),
        )
        .add(holds(Permission::ApproveOrderWithinLimit));
    let buyer = Condition::all()
        .add(Column::State.eq(OrderState::PendingBuyer))
        .add(
            Condition::any()
                .add(holds(Permission::ApproveOrder))
                .add(within_limit),
        );
    let provider = Condition::all()
        .add(Column::State.eq(OrderState::PendingProvider))
        .add(holds(Permission::ApproveAsProvider));
    let by_hand = Condition::all()
        .add(Column::State.eq(OrderState::Executing))
        .add(Column::WaitingSince.is_not_null())
        .add(holds(Permission::ManageResource));
    Condition::any().add(buyer).add(provider).add(by_hand)
}
