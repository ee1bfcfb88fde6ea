//! The loop: take a lease, run the handler, file the outcome; until told to stop.

use std::{collections::HashMap, sync::Arc, time::Duration};

use domain::{
    Domain,
    jobs::{JobPayload, JobsError, LeasedJob, Limits},
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
    backoff,
    handlers::{self, Context, Fate},
    schedule,
};

/// The longest that a new job waits to be seen when nothing wakes the worker.
const LOOK_EVERY: Duration = Duration::from_millis(250);
/// How long running jobs may take to end once told to stop; what is left then goes back to the queue.
const GRACE: Duration = Duration::from_secs(10);
/// A job that runs longer than this is stuck, whatever it says.
const LONGEST: Duration = Duration::from_mins(15);

/// How a worker works.
#[derive(Debug, Clone, Copy)]
pub struct WorkerOptions {
    /// Jobs at once.
    pub concurrency: u32,
    /// Jobs at once against one backend, over all processes.
    pub per_backend: u32,
    /// How long a lease lasts without being renewed.
    pub lease: Duration,
    /// How often usage is collected.
    pub usage_every: Duration,
}

/// Runs jobs of the queue. Any number of workers may share one database.
pub struct Worker {
    context: Context,
    options: WorkerOptions,
}

impl Worker {
    /// A worker that holds its leases under `name`, which no other worker has.
    pub fn new(domain: Domain, plugins: Arc<PluginRegistry>, name: String, options: WorkerOptions) -> Self {
        Self {
            context: Context {
                domain,
                plugins,
                worker: name.into(),
            },
            options,
        }
    }

    /// Works until `stop`, then lets running jobs end for a while and hands back the rest.
    pub async fn run(self, stop: CancellationToken) {
        let mut schedules = JoinSet::new();
        for (every, payload) in schedule::plan(self.options.usage_every) {
            schedules.spawn(schedule::repeat(
                self.context.domain.clone(),
                every,
                payload,
                stop.clone(),
            ));
        }
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
                    let task = running.spawn(work(self.context.clone(), self.options, job, slot));
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
            let fate = if job.is_exhausted() {
                lost()
            } else {
                handlers::run(&self.context, &job).await
            };
            finish(&self.context, &job, fate).await;
            count += 1;
        }
        Ok(count)
    }

    async fn lease(&self) -> Result<Option<LeasedJob>, JobsError> {
        let jobs = self.context.domain.jobs();
        let limits = Limits {
            per_backend: self.options.per_backend,
        };
        jobs.lease(
            &self.context.worker,
            &JobPayload::KINDS,
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
        drop(timeout(LOOK_EVERY, self.context.domain.jobs().committed()).await);
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
                .domain
                .jobs()
                .release(job, &self.context.worker)
                .await
            {
                tracing::debug!(error = domain::trace::cause(&error), job.id = %job, "lease not handed back");
            }
        }
    }
}

/// Runs one job while keeping its lease, and files what became of it. A lease that is lost means that somebody else
/// has the job now: the work here is dropped at once.
async fn work(context: Context, options: WorkerOptions, job: LeasedJob, slot: OwnedSemaphorePermit) {
    let traced = domain::trace::with(job.trace_id.clone(), async {
        if job.is_exhausted() {
            return finish(&context, &job, lost()).await;
        }
        let fate = tokio::select! {
            fate = timeout(LONGEST, handlers::run(&context, &job)) => {
                fate.unwrap_or_else(|_| Fate::Retry { after: None, reason: "it took too long".to_owned() })
            }
            () = keep_lease(&context, &job, options.lease) => return,
        };
        finish(&context, &job, fate).await;
    });
    traced.await;
    drop(slot);
}

/// Every try ended with the process that made it: trying once more could end this one, too.
fn lost() -> Fate {
    Fate::Dead("every worker that took this job was gone before it was finished".to_owned())
}

/// Renews the lease for as long as that works; returns when it is lost.
async fn keep_lease(context: &Context, job: &LeasedJob, lease: Duration) {
    let every = lease / 3;
    let mut clock = interval_at(Instant::now() + every, every);
    loop {
        clock.tick().await;
        match context
            .domain
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

async fn finish(context: &Context, job: &LeasedJob, fate: Fate) {
    let (jobs, name) = (context.domain.jobs(), &*context.worker);
    let outcome = match &fate {
        Fate::Done => "done",
        Fate::Again(_) => "again",
        Fate::HandedBack => "handed_back",
        Fate::Retry { .. } => "retry",
        Fate::Dead(_) => "dead",
    };
    metrics::counter!("stoa_jobs_total", "kind" => job.payload.kind(), "outcome" => outcome).increment(1);
    let filed = match fate {
        Fate::Done => jobs.done(job.id, name).await,
        Fate::HandedBack => return,
        Fate::Again(after) => jobs.postpone(job.id, name, after).await,
        Fate::Retry { reason, .. } if job.is_last_try() => bury(context, job, &reason).await,
        Fate::Retry { after, reason } => {
            let wait = after
                .unwrap_or_default()
                .max(backoff::after(job.attempt, job.id.0.as_u128()));
            tracing::warn!(job.id = %job.id, job.kind = job.payload.kind(), job.attempt = job.attempt, reason, "a job is tried again later");
            jobs.retry(job.id, name, wait, &reason).await
        }
        Fate::Dead(reason) => bury(context, job, &reason).await,
    };
    if let Err(error) = filed {
        // The lease runs out and somebody does the job again, which every handler allows.
        tracing::error!(error = domain::trace::cause(&error), job.id = %job.id, "the outcome of a job was not filed");
    }
}

async fn bury(context: &Context, job: &LeasedJob, reason: &str) -> Result<(), JobsError> {
    tracing::error!(job.id = %job.id, job.kind = job.payload.kind(), reason, "a job was given up");
    if let Err(error) = handlers::give_up(context, job, reason).await {
        tracing::error!(error = domain::trace::cause(&error), job.id = %job.id, "nobody was told that a job was given up");
    }
    context.domain.jobs().dead(job.id, &context.worker, reason).await
}
