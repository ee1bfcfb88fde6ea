//! All kinds of jobs, by name.

use std::{collections::BTreeMap, marker::PhantomData};

use async_trait::async_trait;
use domain::{
    DomainError,
    jobs::{
        LeasedJob, NewJob, Scheduled,
        kinds::{
            ListParts, ProvisionOrder, RenderInvoice, RetellWebhook, RunAction, SetLimits, SyncMembers,
            TellPeople, TellPrices, TellWebhook, TestConnection,
        },
    },
};

use super::run::{Context, JobOutcome, Run};
use super::{
    accrue_open::AccrueOpen, apply_due_dates::ApplyDueDates, collect_usage::CollectUsage,
    expire_orders::ExpireOrders, inspect_backend::InspectBackend, reconcile_actions::ReconcileActions,
    reconcile_limits::ReconcileLimits, reconcile_members::ReconcileMembers,
    reconcile_orders::ReconcileOrders, remind_approvers::RemindApprovers,
    schedule_inspections::ScheduleInspections, schedule_usage::ScheduleUsage, sweep::Sweep,
};
use crate::WorkerOptions;

/// The kinds of jobs that this worker can run.
pub(crate) struct Registry {
    kinds: BTreeMap<&'static str, Box<dyn Kind>>,
}

impl Registry {
    /// Every kind of this build.
    pub(crate) fn all() -> Self {
        let none = Self {
            kinds: BTreeMap::new(),
        };
        none.with::<ProvisionOrder>()
            .with::<RunAction>()
            .with::<ListParts>()
            .with::<SyncMembers>()
            .with::<SetLimits>()
            .with::<TestConnection>()
            .with::<RenderInvoice>()
            .with::<TellPeople>()
            .with::<TellPrices>()
            .with::<TellWebhook>()
            .with::<RetellWebhook>()
            .with::<ScheduleUsage>()
            .with::<CollectUsage>()
            .with::<ScheduleInspections>()
            .with::<InspectBackend>()
            .with::<AccrueOpen>()
            .with::<ExpireOrders>()
            .with::<RemindApprovers>()
            .with::<ReconcileActions>()
            .with::<ReconcileOrders>()
            .with::<ReconcileMembers>()
            .with::<ReconcileLimits>()
            .with::<ApplyDueDates>()
            .with::<Sweep>()
    }

    fn with<J: Run>(mut self) -> Self {
        let before = self.kinds.insert(J::NAME, Box::new(KindOf::<J>(PhantomData)));
        debug_assert!(before.is_none(), "two kinds are called {}", J::NAME);
        self
    }

    /// The names of all kinds, for taking leases.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.kinds.keys().copied().collect()
    }

    /// Runs the job.
    pub(crate) async fn run(&self, context: &Context, job: &LeasedJob) -> JobOutcome {
        match self.kinds.get(job.kind.as_str()) {
            Some(kind) => kind.run(context, job).await,
            None => JobOutcome::Dead(format!("this build has no job “{}”", job.kind)),
        }
    }

    /// Tells whoever waits for the job that it was given up.
    pub(crate) async fn given_up(
        &self,
        context: &Context,
        job: &LeasedJob,
        reason: &str,
    ) -> Result<(), DomainError> {
        match self.kinds.get(job.kind.as_str()) {
            Some(kind) => kind.given_up(context, job, reason).await,
            None => Ok(()),
        }
    }

    /// Whether nobody looks for the job once it is done.
    pub(crate) fn is_housekeeping(&self, job: &LeasedJob) -> bool {
        self.kinds
            .get(job.kind.as_str())
            .is_some_and(|kind| kind.is_housekeeping())
    }

    /// What is made how often.
    pub(crate) fn schedules(&self, options: &WorkerOptions) -> Vec<Scheduled> {
        self.kinds
            .values()
            .filter_map(|kind| kind.scheduled(options))
            .collect()
    }
}

/// A kind of job, whatever its payload.
#[async_trait]
trait Kind: Send + Sync {
    async fn run(&self, context: &Context, job: &LeasedJob) -> JobOutcome;
    async fn given_up(&self, context: &Context, job: &LeasedJob, reason: &str) -> Result<(), DomainError>;
    fn is_housekeeping(&self) -> bool;
    fn scheduled(&self, options: &WorkerOptions) -> Option<Scheduled>;
}

struct KindOf<J>(PhantomData<fn() -> J>);

#[async_trait]
impl<J: Run> Kind for KindOf<J> {
    async fn run(&self, context: &Context, job: &LeasedJob) -> JobOutcome {
        let work: J = match job.read() {
            Ok(work) => work,
            Err(fault) => return JobOutcome::Dead(format!("the payload cannot be read: {fault}")),
        };
        work.run(context, job).await.unwrap_or_else(|outcome| outcome)
    }

    async fn given_up(&self, context: &Context, job: &LeasedJob, reason: &str) -> Result<(), DomainError> {
        match job.read::<J>() {
            Ok(work) => work.given_up(context, reason).await,
            Err(_unreadable) => Ok(()),
        }
    }

    fn is_housekeeping(&self) -> bool {
        J::HOUSEKEEPING
    }

    fn scheduled(&self, options: &WorkerOptions) -> Option<Scheduled> {
        let (every, work) = J::scheduled(options)?;
        let job = NewJob::now(&work).ok()?;
        Some(Scheduled { every, job })
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn timers_make_only_housekeeping() {
        let registry = Registry::all();
        let options = WorkerOptions {
            concurrency: 1,
            per_backend: 1,
            lease: Duration::from_secs(30),
            usage_every: Duration::from_mins(5),
            fonts: documents::ScriptFonts::default(),
            outgoing: outgoing::Client::new(outgoing::Settings::default())
                .expect("no authorities of its own"),
        };
        for scheduled in registry.schedules(&options) {
            let name = scheduled.job.kind();
            assert!(
                registry.kinds[name].is_housekeeping(),
                "{name} would fill the queue"
            );
        }
    }
}
