//! The jobs of a world, and an obliging stand-in for the worker.

use std::sync::atomic::Ordering;
use std::time::Duration;

use domain::connect::connect;
use domain::jobs::{
    Job, Limits,
    kinds::{ProvisionOrder, SyncMembers, TellPrices, TestConnection},
};
use domain::ordering::Completion;
use entity::job;
use model::{AccessDetail, JobState, OrderId, OrderKind};
use sea_orm::{ColumnTrait, DatabaseConnection, DbErr, EntityTrait, QueryFilter, QueryOrder};

use super::World;
use crate::database::block_on;

const WORKER: &str = "testkit";
const LEASE: Duration = Duration::from_mins(1);
const UNLIMITED: Limits = Limits {
    per_backend: u32::MAX,
};

impl World {
    /// Jobs that are not over, oldest first: `provision_order order 0190…`.
    pub async fn pending_jobs(&self) -> Vec<job::Model> {
        pending(self.db()).await.expect("the jobs are read")
    }

    /// This test leaves jobs behind on purpose.
    pub fn leaves_jobs(&self) {
        self.may_leave_jobs.store(true, Ordering::Relaxed);
    }

    /// Does every job that is due and of a kind that a backend answers, as a backend does that is always there and always
    /// succeeds, and tells buyers of prices. Jobs of other kinds stay.
    pub async fn run_jobs(&self) {
        let jobs = self.operations().jobs();
        let kinds = [
            ProvisionOrder::NAME,
            SyncMembers::NAME,
            TellPrices::NAME,
            TestConnection::NAME,
        ];
        while let Some(job) = jobs
            .lease(WORKER, &kinds, LEASE, UNLIMITED)
            .await
            .expect("a job is leased")
        {
            if let Ok(work) = job.read::<ProvisionOrder>() {
                self.carry_out(work.order_id).await;
            } else if let Ok(work) = job.read::<TestConnection>() {
                self.accept_settings(work.offering_id, &work.fingerprint).await;
            } else if let Ok(work) = job.read::<TellPrices>() {
                let provisioning = self.operations().provisioning();
                let told = provisioning.tell_prices(work.plan_id, work.saved_at).await;
                told.expect("buyers are told");
            }
            jobs.done(job.id, WORKER).await.expect("the job is done");
        }
    }

    async fn carry_out(&self, order: OrderId) {
        let ordering = self.operations().ordering();
        let Some(work) = ordering.work_of(order).await.expect("the order's work") else {
            return;
        };
        let completion = if work.kind == OrderKind::Terminate {
            Completion::Gone
        } else {
            let id = format!("fake-{order}");
            let access = vec![AccessDetail {
                label: "Fake".into(),
                value: id.clone(),
            }];
            Completion::Ready {
                backend_id: id,
                access,
            }
        };
        ordering
            .complete(order, completion)
            .await
            .expect("the order is completed");
    }
}

impl Drop for World {
    fn drop(&mut self) {
        if std::thread::panicking() || self.may_leave_jobs.load(Ordering::Relaxed) {
            return;
        }
        // The test's own connections belong to its runtime, which is not to be waited for here.
        let url = self.url().to_owned();
        let left =
            block_on(async move { pending(&connect(&url, 2).await?).await }).expect("the jobs are read");
        // Nobody waits for being told of a price.
        let left: Vec<String> = left
            .iter()
            .filter(|job| job.kind != TellPrices::NAME)
            .map(|job| format!("{} {}", job.kind, job.subject))
            .collect();
        assert!(
            left.is_empty(),
            "jobs remain: {left:?}. Run them (world.run_jobs()) or say world.leaves_jobs()"
        );
    }
}

async fn pending(db: &DatabaseConnection) -> Result<Vec<job::Model>, DbErr> {
    job::Entity::find()
        .filter(job::Column::State.is_in([JobState::Queued, JobState::Leased]))
        .order_by_asc(job::Column::CreatedAt)
        .order_by_asc(job::Column::Id)
        .all(db)
        .await
}
