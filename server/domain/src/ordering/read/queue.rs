//! What waits for one person: decisions for the buyer, decisions for the provider, and work by hand.

use std::collections::HashSet;

use entity::order;
use entity::order::Column;
use model::{OrderId, OrderState, OrderSummary, Page, PageRequest, Permission};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, JoinType, PaginatorTrait, QueryFilter,
    QueryOrder, QuerySelect, RelationTrait,
};

use super::summary::{self, Row, columns};
use crate::access::{Actor, Visible};
use crate::approvals::decidable_by;
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
        let mut query = summary::select(Some(actor)).filter(waits_for(actor));
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

/// Those of some orders that wait for the actor now. One query, none where there are no orders.
pub(crate) async fn waiting_among(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    orders: Vec<OrderId>,
) -> Result<HashSet<OrderId>, DbErr> {
    if orders.is_empty() {
        return Ok(HashSet::new());
    }
    let waiting: Vec<OrderId> = order::Entity::find()
        .select_only()
        .column(Column::Id)
        .join(JoinType::InnerJoin, order::Relation::Project.def())
        .join(JoinType::InnerJoin, order::Relation::Organization.def())
        .filter(Column::Id.is_in(orders))
        .filter(waits_for(actor))
        .into_tuple()
        .all(conn)
        .await?;
    Ok(waiting.into_iter().collect())
}

/// Whoever has no role and stands in for nobody is asked about nothing.
fn waits_nowhere(actor: &Actor) -> bool {
    actor.grants.is_empty() && actor.stands_in_for.is_empty()
}

/// Orders on which the actor can decide, and those that wait for work by hand that the actor may do.
pub(super) fn waits_for(actor: &Actor) -> Condition {
    let by_hand = Condition::all()
        .add(Column::State.eq(OrderState::Executing))
        .add(Column::WaitingSince.is_not_null())
        .add(Visible::of(actor, Permission::ManageResource).filter(columns()));
    Condition::any().add(decidable_by(actor, columns())).add(by_hand)
}
