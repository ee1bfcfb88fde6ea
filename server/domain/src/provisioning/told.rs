//! Telling backends anew what has changed since they were told.

use std::collections::HashSet;

use chrono::TimeDelta;
use entity::job;
use model::{JobState, OfferingId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::ProvisioningError;
use crate::core::Core;
use crate::jobs::{self, Job, NewJob};

/// What was given up is tried again by itself after this time.
const DEAD_FOR: TimeDelta = TimeDelta::hours(1);

/// Makes these jobs, each for a resource of an offering; answers how many are new. Where such a job was given up within the
/// last hour, somebody is asked first.
pub(super) async fn tell_again<J: Job>(
    core: &Core,
    all: Vec<(OfferingId, J)>,
) -> Result<u64, ProvisioningError> {
    if all.is_empty() {
        return Ok(0);
    }
    let given_up: HashSet<String> = job::Entity::find()
        .select_only()
        .column(job::Column::Subject)
        .filter(job::Column::Kind.eq(J::NAME))
        .filter(job::Column::State.eq(JobState::Dead))
        .filter(job::Column::FinishedAt.gt(core.database_now(core.read()).await? - DEAD_FOR))
        .into_tuple()
        .all(core.read())
        .await?
        .into_iter()
        .collect();
    let mut made = 0;
    for (offering, work) in all {
        if given_up.contains(&work.subject()) {
            continue;
        }
        let tx = core.write_tx().await?;
        let job = NewJob::now(&work)?
            .on_backend(jobs::backend_key(offering))
            .keeping_schedule();
        made += u64::from(jobs::enqueue_in(core, &tx, job).await?.is_some());
        tx.commit().await?;
    }
    Ok(made)
}
