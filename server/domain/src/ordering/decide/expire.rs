//! Orders that nobody decided in time.

use chrono::{DateTime, Utc};
use entity::order::{Column, Entity};
use model::{Awaits, EventKind, OrderId, OrderState, OrderVerb};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use crate::access::Actor;
use crate::ordering::locks::lock_order;
use crate::ordering::moves::{Moved, store_move};
use crate::ordering::{OrderOperations, OrderingError};

/// Orders looked up at once; each then expires in its own transaction.
const BATCH: u64 = 100;

impl OrderOperations {
    /// Expires every order that has waited for a decision for longer than its step may; how many. For the scheduler: any number of
    /// processes may run it at once.
    pub async fn expire_due(&self) -> Result<u64, OrderingError> {
        let now = self.core.now();
        let mut expired = 0;
        loop {
            let mut of_batch = 0;
            for id in self.due(now).await? {
                of_batch += u64::from(self.expire(id, now).await?);
            }
            if of_batch == 0 {
                return Ok(expired);
            }
            expired += of_batch;
        }
    }

    async fn due(&self, now: DateTime<Utc>) -> Result<Vec<OrderId>, OrderingError> {
        let due = Entity::find()
            .select_only()
            .column(Column::Id)
            .filter(Column::State.is_in([OrderState::PendingBuyer, OrderState::PendingProvider]))
            .filter(Column::ExpiresAt.lte(now))
            .order_by_asc(Column::Id)
            .limit(BATCH);
        Ok(due.into_tuple().all(self.core.read()).await?)
    }

    /// False where somebody decided in the meantime.
    async fn expire(&self, id: OrderId, now: DateTime<Utc>) -> Result<bool, OrderingError> {
        let tx = self.core.write_tx().await?;
        let order = lock_order(&tx, id).await?;
        if !order.state.awaits_decision() || order.expires_at.is_none_or(|at| at > now) {
            return Ok(false);
        }
        let to = order.state.after(OrderVerb::Expire, Awaits::default())?;
        let waited = order.expires_at.zip(order.waiting_since);
        let reason = match waited.map_or(0, |(end, since)| (end - since).num_days()) {
            ..1 => "Nobody decided in time.".to_owned(),
            1 => "Nobody decided within a day.".to_owned(),
            days => format!("Nobody decided within {days} days."),
        };
        let moved = Moved {
            verb: EventKind::OrderExpired,
            to,
            reason: &reason,
            error: &reason,
            stood_in_for: None,
        };
        store_move(&self.core, &tx, &Actor::system(), order, moved).await?;
        tx.commit().await?;
        Ok(true)
    }
}
