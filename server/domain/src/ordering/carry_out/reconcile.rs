//! Orders under way that nobody works on any more, whatever became of their job.

use std::collections::HashSet;

use entity::{job, order};
use model::{OrderId, OrderState};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use crate::jobs::kinds::ProvisionOrder;
use crate::jobs::{self, Job, NewJob};
use crate::ordering::locks::lock_order;
use crate::ordering::{OrderOperations, OrderingError};

impl OrderOperations {
    /// Makes a job for each order that is being carried out, waits for nobody, and has none; how many. Any number of processes
    /// may do this at once.
    pub async fn requeue_lost(&self) -> Result<u64, OrderingError> {
        let executing: Vec<OrderId> = order::Entity::find()
            .select_only()
            .column(order::Column::Id)
            .filter(order::Column::State.eq(OrderState::Executing))
            .filter(order::Column::WaitingSince.is_null())
            .into_tuple()
            .all(self.core.read())
            .await?;
        if executing.is_empty() {
            return Ok(0);
        }
        let worked_on = worked_on(self.core.read()).await?;
        let mut resumed = 0;
        for id in executing {
            if !worked_on.contains(&ProvisionOrder::about(id)) {
                resumed += u64::from(self.resume(id).await?);
            }
        }
        Ok(resumed)
    }

    /// Looks again under the lock: the order may have been settled between the two looks.
    async fn resume(&self, id: OrderId) -> Result<bool, OrderingError> {
        let tx = self.core.write_tx().await?;
        let order = lock_order(&tx, id).await?;
        let is_forgotten = order.state == OrderState::Executing
            && order.waiting_since.is_none()
            && !worked_on(&*tx).await?.contains(&ProvisionOrder::about(id));
        let Some(resource_id) = order.resource_id.filter(|_| is_forgotten) else {
            return Ok(false);
        };
        let job = NewJob::now(&ProvisionOrder {
            order_id: id,
            resource_id,
        })?;
        let job = job
            .on_backend(jobs::backend_key(order.offering_id))
            .keeping_schedule();
        let made = jobs::enqueue_in(&self.core, &tx, job).await?;
        tx.commit().await?;
        Ok(made.is_some())
    }
}

/// The subjects of all jobs that carry out orders.
async fn worked_on(conn: &impl ConnectionTrait) -> Result<HashSet<String>, DbErr> {
    let subjects: Vec<String> = job::Entity::find_pending()
        .filter(job::Column::Kind.eq(ProvisionOrder::NAME))
        .select_only()
        .column(job::Column::Subject)
        .into_tuple()
        .all(conn)
        .await?;
    Ok(subjects.into_iter().collect())
}
