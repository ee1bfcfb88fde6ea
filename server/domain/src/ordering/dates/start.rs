//! Orders that were placed for a later day: each starts on it, in the buyer's zone. What is not a price is looked at
//! again then; if it does not allow the start any more, the order says why, and nothing was charged.

use chrono::NaiveDate;
use entity::order;
use entity::order::{Column, Entity};
use model::{Awaits, EventKind, OrderId, OrderState, OrderVerb};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::Actor;
use crate::ordering::carry_out::begin::begin_in;
use crate::ordering::locks::lock_order_and_sale;
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::parties::Buyer;
use crate::ordering::startable::check_start;
use crate::ordering::{OrderOperations, OrderingError};

/// Orders looked up at once; each is then started in its own transaction.
const BATCH: u64 = 100;

impl OrderOperations {
    /// Starts every scheduled order whose day has come. Answers how many left the schedule, started or refused. An error
    /// holds up only its own order; the first one is answered at the end.
    pub async fn start_due(&self) -> Result<u64, OrderingError> {
        let mut moved = 0;
        let mut first_error = None;
        let mut last = None;
        loop {
            let due = self.scheduled(last).await?;
            let Some(end) = due.last() else {
                return first_error.map_or(Ok(moved), Err);
            };
            last = Some(*end);
            for id in due {
                match self.start(id).await {
                    Ok(started) => moved += u64::from(started),
                    Err(error) => first_error = first_error.or(Some(error)),
                }
            }
        }
    }

    /// Scheduled orders whose day has come somewhere on earth.
    async fn scheduled(&self, after: Option<OrderId>) -> Result<Vec<OrderId>, OrderingError> {
        let today = self.core.now().date_naive();
        let mut query = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::State.eq(OrderState::PendingStart))
            .filter(Column::StartDate.lte(today.succ_opt().unwrap_or(today)))
            .order_by_asc(Column::Id)
            .limit(BATCH);
        if let Some(after) = after {
            query = query.filter(Column::Id.gt(after));
        }
        Ok(query.into_tuple().all(self.core.read()).await?)
    }

    /// False where its day has not come for its buyer, or somebody withdrew it meanwhile.
    async fn start(&self, id: OrderId) -> Result<bool, OrderingError> {
        let core = &self.core;
        let tx = core.write_tx().await?;
        let order = lock_order_and_sale(&tx, id).await?;
        let buyer = Buyer::load(&*tx, order.project_id).await?;
        if order.state != OrderState::PendingStart || waits_for_its_day(&order, buyer.today(core)) {
            return Ok(false);
        }
        let actor = Actor::system();
        match check_start(core, &tx, &order, &buyer).await {
            Ok(()) => {
                let to = order.state.after(OrderVerb::Begin, Awaits::default())?;
                let moved = Moved {
                    verb: EventKind::OrderStarted,
                    to,
                    reason: "",
                    error: "",
                    stood_in_for: None,
                };
                let order = store_move(core, &tx, &actor, order, moved).await?;
                begin_in(core, &tx, &actor, order).await?;
            }
            Err(OrderingError::NotOrderable(reason)) => {
                let to = order.state.after(OrderVerb::Reject, Awaits::default())?;
                let moved = Moved {
                    verb: EventKind::OrderStartRefused,
                    to,
                    reason: &reason,
                    error: &reason,
                    stood_in_for: None,
                };
                store_move(core, &tx, &actor, order, moved).await?;
            }
            Err(error) => return Err(error),
        }
        tx.commit().await?;
        Ok(true)
    }
}

/// Its first day lies ahead.
pub(in crate::ordering) fn waits_for_its_day(order: &order::Model, today: NaiveDate) -> bool {
    order.start_date.is_some_and(|start| start > today)
}
