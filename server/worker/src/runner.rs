//! The loop: take a lease, run the job, file the outcome; until told to stop.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{
    Operations,
    jobs::{JobsError, LeasedJob, Limits},
};
use model::JobId;
use plugins::PluginRegistry;
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::JoinSet,
    time::{Instant, interval_at, sleep, timeout},
};
use tokio_util::sync::CancellationToken;

use crate::{
    WorkerOptions, backoff,
    jobs::{Context, JobOutcome, Registry},
    schedule,
};

/// The longest that a new job waits to be seen when nothing wakes the worker.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How long running jobs may take to end once told to stop; what is left then goes back to the queue.
const GRACE: Duration = Duration::from_secs(10);
/// A job that runs longer than this is stuck, whatever it says.
const LONGEST: Duration = Duration::from_mins(15);

/// Runs jobs of the queue. Any number of workers may share one database.
pub struct Worker {
    context: Context,
    registry: Arc<Registry>,
    options: WorkerOptions,
}

impl Worker {
    /// A worker that holds its leases under `name`, which no other worker has.
    pub fn new(
        operations: Operations,
        plugins: Arc<PluginRegistry>,
        name: String,
        options: WorkerOptions,
    ) -> Self {
        Self {
            context: Context {
                operations,
                plugins,
                worker: name.into(),
                per_backend: options.per_backend,
                fonts: options.fonts.clone(),
                outgoing: options.outgoing.clone(),
            },
            registry: Arc::new(Registry::all()),
            options,
        }
    }

    /// Works until `stop`, then lets running jobs end for a while and hands back the rest.
    pub async fn run(self, stop: CancellationToken) {
        let mut schedules = JoinSet::new();
        schedules.spawn(schedule::keep(
            self.context.operations.clone(),
            self.registry.schedules(&self.options),
            stop.clone(),
        ));
        schedules.spawn(schedule::tell(self.context.operations.clone(), stop.clone()));
        let mut running = JoinSet::new();
        let mut held = HashMap::new();
        let slots = Arc::new(Semaphore::new(
            usize::try_from(self.options.concurrency).unwrap_or(1),
        ));
        tracing::info!(
            worker.name = &*self.context.worker,
            worker.concurrency = self.options.concurrency,
            "working"
        );
        while let Some(slot) = self.free_slot(&slots, &stop).await {
            while let Some(ended) = running.try_join_next_with_id() {
                held.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
            }
            match self.lease().await {
                Ok(Some(job)) => {
                    let id = job.id;
                    let task = running.spawn(self.runner().work(job, self.options.lease, slot));
                    held.insert(task.id(), id);
                }
                Ok(None) => {
                    let _: Option<()> = stop.run_until_cancelled(self.wait()).await;
                }
                Err(error) => {
                    tracing::error!(error = domain::trace::cause(&error), "no lease could be taken");
                    let _: Option<()> = stop.run_until_cancelled(sleep(Duration::from_secs(1))).await;
                }
            }
        }
        schedules.shutdown().await;
        self.wind_down(running, held).await;
    }

    /// Runs everything that is due, one job after the other, and returns how many: for tests and one-off commands.
    pub async fn run_due(&self) -> Result<u32, JobsError> {
        let mut count = 0;
        while let Some(job) = self.lease().await? {
            let runner = self.runner();
            let outcome = if job.is_exhausted() {
                lost()
            } else {
                runner.registry.run(&runner.context, &job).await
            };
            runner.finish(&job, outcome).await;
            count += 1;
        }
        Ok(count)
    }

    fn runner(&self) -> JobRunner {
        JobRunner {
            context: self.context.clone(),
            registry: Arc::clone(&self.registry),
        }
    }

    async fn lease(&self) -> Result<Option<LeasedJob>, JobsError> {
        let jobs = self.context.operations.jobs();
        let limits = Limits {
            per_backend: self.options.per_backend,
        };
        jobs.lease(
            &self.context.worker,
            &self.registry.names(),
            self.options.lease,
            limits,
        )
        .await
    }

    async fn free_slot(
        &self,
        slots: &Arc<Semaphore>,
        stop: &CancellationToken,
    ) -> Option<OwnedSemaphorePermit> {
        let free = stop.run_until_cancelled(slots.clone().acquire_owned()).await?;
        if stop.is_cancelled() { None } else { free.ok() }
    }

    /// Until a job is made in this process, or it is time to look for those of others.
    async fn wait(&self) {
        drop(timeout(LOOK_EVERY, self.context.operations.jobs().committed()).await);
    }

    async fn wind_down(&self, mut running: JoinSet<()>, mut held: HashMap<tokio::task::Id, JobId>) {
        let ended = timeout(GRACE, async {
            while let Some(ended) = running.join_next_with_id().await {
                held.remove(&ended.map_or_else(|error| error.id(), |(id, ())| id));
            }
        });
        if ended.await.is_ok() {
            return;
        }
        running.shutdown().await;
        for job in held.into_values() {
            if let Err(error) = self
                .context
                .operations
                .jobs()
                .release(job, &self.context.worker)
                .await
            {
                tracing::debug!(error = domain::trace::cause(&error), job.id = %job, "lease not handed back");
            }
        }
    }
}

/// What one running job needs.
struct JobRunner {
    context: Context,
    registry: Arc<Registry>,
}

impl JobRunner {
    /// Runs one job while keeping its lease, and files what became of it. A lease that is lost means that somebody else
    /// has the job now: the work here is dropped at once.
    async fn work(self, job: LeasedJob, lease: Duration, slot: OwnedSemaphorePermit) {
        let traced = domain::trace::with(job.trace_id.clone(), async {
            if job.is_exhausted() {
                return self.finish(&job, lost()).await;
            }
            let outcome = tokio::select! {
                outcome = timeout(LONGEST, self.registry.run(&self.context, &job)) => {
                    outcome.unwrap_or_else(|_| JobOutcome::Retry { after: None, reason: "it took too long".to_owned() })
                }
                () = keep_lease(&self.context, &job, lease) => return,
            };
            self.finish(&job, outcome).await;
        });
        traced.await;
        drop(slot);
    }

    async fn finish(&self, job: &LeasedJob, outcome: JobOutcome) {
        let (jobs, name) = (self.context.operations.jobs(), &*self.context.worker);
        let label = match &outcome {
            JobOutcome::Done => "done",
            JobOutcome::Again(_) => "again",
            JobOutcome::HandedBack => "handed_back",
            JobOutcome::Retry { .. } => "retry",
            JobOutcome::Dead(_) => "dead",
        };
        metrics::counter!("stoa_jobs_total", "kind" => job.kind.clone(), "outcome" => label).increment(1);
        let filed = match outcome {
            JobOutcome::Done if self.registry.is_housekeeping(job) => {
                jobs.done_without_trace(job, name).await
            }
            JobOutcome::Done => jobs.done(job.id, name).await,
            JobOutcome::HandedBack => return,
            JobOutcome::Again(after) => jobs.postpone(job.id, name, after).await,
            JobOutcome::Retry { reason, .. } if job.is_last_try() => self.give_up(job, &reason).await,
            JobOutcome::Retry { after, reason } => {
                let wait = after
                    .unwrap_or_default()
                    .max(backoff::after(job.attempt, job.id.0.as_u128()));
                tracing::warn!(job.id = %job.id, job.kind, job.attempt, reason, "a job is tried again later");
                jobs.retry(job.id, name, wait, &reason).await
            }
            JobOutcome::Dead(reason) => self.give_up(job, &reason).await,
        };
        if let Err(error) = filed {
            // The lease runs out and somebody does the job again, which every job allows.
            tracing::error!(error = domain::trace::cause(&error), job.id = %job.id, "the outcome of a job was not filed");
        }
    }

    async fn give_up(&self, job: &LeasedJob, reason: &str) -> Result<(), JobsError> {
        tracing::error!(job.id = %job.id, job.kind, reason, "a job was given up");
        if let Err(error) = self.registry.given_up(&self.context, job, reason).await {
            tracing::error!(error = domain::trace::cause(&error), job.id = %job.id, "nobody was told that a job was given up");
        }
        self.context
            .operations
            .jobs()
            .dead(job, &self.context.worker, reason)
            .await
    }
}

/// Every try ended with the process that made it: trying once more could end this one, too.
fn lost() -> JobOutcome {
    JobOutcome::Dead("every worker that took this job was gone before it was finished".to_owned())
}

/// Renews the lease for as long as that works; returns when it is lost.
async fn keep_lease(context: &Context, job: &LeasedJob, lease: Duration) {
    let every = lease / 3;
    let mut clock = interval_at(Instant::now() + every, every);
    loop {
        clock.tick().await;
        match context
            .operations
            .jobs()
            .heartbeat(job.id, &context.worker, lease)
            .await
        {
            Ok(()) => {}
            Err(JobsError::LeaseLost) => {
                tracing::warn!(job.id = %job.id, "the lease was lost; another worker has the job");
                return;
            }
            Err(error) => {
                tracing::warn!(error = domain::trace::cause(&error), job.id = %job.id, "lease not renewed");
            }
        }
    }
}
