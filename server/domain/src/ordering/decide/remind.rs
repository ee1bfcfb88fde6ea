//! Steps that wait: those whom they ask are reminded, and where too few of them can decide any more, others decide instead.

use entity::order;
use model::{EventKind, OrderId, OrderState};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::json;

use crate::access::Actor;
use crate::approvals::{Steps, due_for_look, put_off_reminder};
use crate::audit::{self, Event};
use crate::ordering::locks::lock_order;
use crate::ordering::parties::Buyer;
use crate::ordering::reassign::reassign_where_too_few_in;
use crate::ordering::{OrderOperations, OrderingError};

/// Orders looked up at once; each is then seen to in its own transaction.
const BATCH: u64 = 100;

impl OrderOperations {
    /// Reminds those whom a step has asked for as long as its rule says, and gives a step to whoever may approve orders there
    /// where too few of those whom it names can decide any more. Answers how many orders were told of. For the scheduler: any
    /// number of processes may run it at once. What fails holds up only itself; the first such error is answered at the end.
    pub async fn remind_due(&self) -> Result<u64, OrderingError> {
        let mut told = 0;
        let mut first_error = None;
        let mut last = None;
        loop {
            let due = self.to_look_at(last).await?;
            let Some(end) = due.last() else {
                return first_error.map_or(Ok(told), Err);
            };
            last = Some(*end);
            for id in due {
                match self.look_at(id).await {
                    Ok(one) => told += u64::from(one),
                    Err(error) => first_error = first_error.or(Some(error)),
                }
            }
        }
    }

    /// Orders with an open step whose reminder is due, or that asks somebody in particular.
    async fn to_look_at(&self, after: Option<OrderId>) -> Result<Vec<OrderId>, OrderingError> {
        let mut query = order::Entity::find()
            .select_only()
            .column(order::Column::Id)
            .filter(order::Column::State.is_in([OrderState::PendingBuyer, OrderState::PendingProvider]))
            .filter(due_for_look(self.core.now()))
            .order_by_asc(order::Column::Id)
            .limit(BATCH);
        if let Some(after) = after {
            query = query.filter(order::Column::Id.gt(after));
        }
        Ok(query.into_tuple().all(self.core.read()).await?)
    }

    /// Whether anybody is told of it.
    async fn look_at(&self, id: OrderId) -> Result<bool, OrderingError> {
        let core = &self.core;
        let tx = core.write_tx().await?;
        let order = lock_order(&tx, id).await?;
        let steps = Steps::of_order(&*tx, (order.id, order.requested_by)).await?;
        let is_over = order.expires_at.is_some_and(|end| end <= core.now());
        let waits = order.state.awaits_decision() && !is_over;
        let Some(step) = steps.open().filter(|_| waits) else {
            return Ok(false);
        };
        let buyer = Buyer::load(&*tx, order.project_id).await?;
        let asks = buyer.asks(&order);
        let is_due = step.row.remind_at.is_some_and(|at| at <= core.now());
        let rule = step.row.rule.clone();
        if is_due {
            put_off_reminder(core, &tx, &step).await?;
        }
        let reassigned = reassign_where_too_few_in(core, &tx, (&order, asks), step).await?;
        if is_due && !reassigned {
            let system = Actor::system();
            let event = Event::new(&system, EventKind::OrderReminded, order.id.0)
                .on(asks.target)
                .before(json!({ "state": order.state }))
                .after(json!({ "state": order.state, "rule": rule }));
            audit::record_in(core, &tx, event).await?;
        }
        tx.commit().await?;
        Ok(is_due || reassigned)
    }
}
