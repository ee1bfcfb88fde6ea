//! How jobs are run: with what, and what becomes of them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use async_trait::async_trait;
use domain::{
    Actor, DomainError, Operations,
    jobs::{Job, LeasedJob, NewJob},
};
use model::{OfferingId, first_unassigned};
use plugins::{Plugin, PluginError, PluginRegistry, Settings};

use crate::WorkerOptions;

/// How a kind of job is run.
#[async_trait]
pub(crate) trait Run: Job {
    /// Does it. Safe to run again at any point: whoever does it may vanish in the middle.
    async fn run(&self, context: &Context, leased: &LeasedJob) -> Result<JobOutcome, JobOutcome>;

    /// It was given up: whoever waits for it is told.
    async fn given_up(&self, _context: &Context, _reason: &str) -> Result<(), DomainError> {
        Ok(())
    }

    /// How often it is made, and what is made then, where that is not up to anybody.
    fn scheduled(_options: &WorkerOptions) -> Option<(Duration, Self)> {
        None
    }
}

/// What jobs work with.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) operations: Operations,
    pub(crate) plugins: Arc<PluginRegistry>,
    /// The name under which this worker holds its leases.
    pub(crate) worker: Arc<str>,
    /// Jobs at once on one backend whose plugin names no limit of its own.
    pub(crate) per_backend: u32,
    /// Where fonts of further scripts are, for invoices.
    pub(crate) fonts: documents::ScriptFonts,
    /// Asks addresses that people gave.
    pub(crate) outgoing: outgoing::Client,
}

/// What becomes of a job.
#[derive(Debug)]
pub(crate) enum JobOutcome {
    /// Carried out, or nothing left to do.
    Done,
    /// All is well, but it is not finished: look again later. Does not count as a try.
    Again(Duration),
    /// Its backend is busy with others; it waits in the queue for a free slot already.
    HandedBack,
    /// It failed and may work later; given up when it was tried often enough.
    Retry { after: Option<Duration>, reason: String },
    /// It cannot work until somebody does something.
    Dead(String),
}

impl Context {
    pub(super) fn plugin(&self, kind: &str) -> Result<Arc<dyn Plugin>, JobOutcome> {
        let found = self.plugins.find(kind).cloned();
        found.ok_or_else(|| JobOutcome::Dead(format!("this build has no plugin “{kind}”")))
    }

    /// Before something is made, changed or tried on a backend: whether the provider may use what the offering's settings name.
    /// They were looked at when they were saved; what was assigned then may have been taken away since. Answers why not.
    pub(super) async fn unassigned(
        &self,
        plugin: &dyn Plugin,
        offering: OfferingId,
        settings: &Settings,
    ) -> Result<Option<String>, JobOutcome> {
        let assigned = plugin.assigned();
        if assigned.is_empty() {
            return Ok(None);
        }
        let catalogue = self.operations.domain().catalogue();
        let backends = catalogue
            .assigned_to_offering(&Actor::system(), offering, plugin.kind())
            .await?;
        let backends: Vec<&serde_json::Value> = backends.iter().collect();
        let values = serde_json::Value::Object(settings.values().clone());
        let found = first_unassigned(&plugin.settings_schema(), &assigned, &values, &backends);
        Ok(found.map(|unassigned| unassigned.reason()))
    }

    /// Before anything is asked of a backend, whatever it is: only so many jobs are on one backend at once, and this job must be
    /// one of them.
    pub(super) async fn take_backend_slot(
        &self,
        job: &LeasedJob,
        plugin: &dyn Plugin,
        settings: &Settings,
    ) -> Result<(), JobOutcome> {
        if !plugin.has_backend() {
            return Ok(());
        }
        self.take_slot_on(job, plugin, &plugin.backend(settings)).await
    }

    /// The same where the name of the backend is known.
    pub(super) async fn take_slot_on(
        &self,
        job: &LeasedJob,
        plugin: &dyn Plugin,
        backend: &str,
    ) -> Result<(), JobOutcome> {
        let at_once = plugin.concurrency().unwrap_or(self.per_backend);
        let jobs = self.operations.jobs();
        if jobs
            .take_backend_slot(job, &self.worker, backend, at_once)
            .await?
        {
            Ok(())
        } else {
            Err(JobOutcome::HandedBack)
        }
    }
}

/// A service that refuses is a fault of ours; one whose database is away may work later. Both are tried again.
impl<E: Into<DomainError>> From<E> for JobOutcome {
    fn from(error: E) -> Self {
        let error: DomainError = error.into();
        let mut reason = error.to_string();
        let mut source = std::error::Error::source(&error);
        while let Some(cause) = source {
            reason = format!("{reason}: {cause}");
            source = cause.source();
        }
        Self::Retry { after: None, reason }
    }
}

/// Makes one job for each of these backends, so that a slow one holds up nobody else. Where such a job waits already, it
/// waits on as long as it would have.
pub(super) async fn for_each_backend<J: Job>(
    context: &Context,
    backends: impl Iterator<Item = String>,
    job: impl Fn(String) -> J,
) -> Result<JobOutcome, JobOutcome> {
    let backends: BTreeSet<String> = backends.collect();
    for backend in backends {
        let job = NewJob::now(&job(backend.clone())).map_err(DomainError::from)?;
        let job = job.on_backend(backend).keeping_schedule();
        context.operations.jobs().enqueue(job).await?;
    }
    Ok(JobOutcome::Done)
}

pub(super) fn upkeep_outcome(error: &PluginError) -> JobOutcome {
    match error {
        PluginError::Retry { after, reason } => JobOutcome::Retry {
            after: Some(*after),
            reason: reason.clone(),
        },
        PluginError::Unsupported { .. } => JobOutcome::Done,
        PluginError::Refused { .. } | PluginError::NeedsOperator { .. } => {
            JobOutcome::Dead(error.to_string())
        }
    }
}
