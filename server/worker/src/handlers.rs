//! One file for each kind of job. A handler says what became of the job; it never touches the queue itself.

mod collect_usage;
mod housekeeping;
mod provision;
mod render_invoice;
mod requests;
mod sync_members;
mod test_connection;

use std::{sync::Arc, time::Duration};

use domain::{
    Domain, DomainError,
    jobs::{JobPayload, LeasedJob},
};
use plugins::{Plugin, PluginError, PluginRegistry, Settings};

/// What handlers work with.
#[derive(Clone)]
pub(crate) struct Context {
    pub(crate) domain: Domain,
    pub(crate) plugins: Arc<PluginRegistry>,
    /// The name under which this worker holds its leases.
    pub(crate) worker: Arc<str>,
}

/// What becomes of a job.
#[derive(Debug)]
pub(crate) enum Fate {
    /// Carried out, or nothing left to do.
    Done,
    /// All is well, but it is not finished: look again later. Does not count as a try.
    Again(Duration),
    /// Its backend is busy with others; it waits in the queue for its turn already.
    HandedBack,
    /// It failed and may work later; given up when it was tried often enough.
    Retry { after: Option<Duration>, reason: String },
    /// It cannot work until somebody does something.
    Dead(String),
}

impl Context {
    fn plugin(&self, kind: &str) -> Result<Arc<dyn Plugin>, Fate> {
        let found = self.plugins.find(kind).cloned();
        found.ok_or_else(|| Fate::Dead(format!("this build has no plugin “{kind}”")))
    }

    /// Before a verb that changes the backend: where it bears only so many at once, this job must be one of them.
    async fn take_turn(&self, job: &LeasedJob, plugin: &dyn Plugin, settings: &Settings) -> Result<(), Fate> {
        let Some(at_once) = plugin.concurrency() else {
            return Ok(());
        };
        let backend = plugin.backend(settings);
        let jobs = self.domain.jobs();
        if jobs.take_turn(job, &self.worker, &backend, at_once).await? {
            Ok(())
        } else {
            Err(Fate::HandedBack)
        }
    }
}

/// A service that refuses is a fault of ours; one whose database is away may work later. Both are tried again.
impl<E: Into<DomainError>> From<E> for Fate {
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

/// Runs the job.
pub(crate) async fn run(context: &Context, job: &LeasedJob) -> Fate {
    let outcome = match &job.payload {
        JobPayload::ProvisionOrder { order_id } => provision::run(context, job, *order_id).await,
        JobPayload::TestConnection {
            offering_id,
            fingerprint,
        } => test_connection::run(context, *offering_id, fingerprint).await,
        JobPayload::CollectUsage { resource_id } => collect_usage::run(context, *resource_id).await,
        JobPayload::SyncMembers { resource_id } => sync_members::run(context, job, *resource_id).await,
        JobPayload::RenderInvoice { invoice_id } => render_invoice::run(context, *invoice_id).await,
        JobPayload::ExpireOrders {} => housekeeping::expire_orders(context).await,
        JobPayload::ScheduleUsage {} => housekeeping::schedule_usage(context).await,
        JobPayload::AccrueOpen {} => housekeeping::accrue_open(context).await,
        JobPayload::Sweep {} => housekeeping::sweep(context).await,
    };
    outcome.unwrap_or_else(|fate| fate)
}

/// What a job that has been given up leaves behind: whoever waits for it is told.
pub(crate) async fn give_up(context: &Context, job: &LeasedJob, reason: &str) -> Result<(), DomainError> {
    match &job.payload {
        JobPayload::ProvisionOrder { order_id } => {
            Ok(context.domain.ordering().fail(*order_id, reason).await?)
        }
        JobPayload::CollectUsage { resource_id } => Ok(context
            .domain
            .provisioning()
            .mark_collection_failed(*resource_id, reason)
            .await?),
        _ => Ok(()),
    }
}

fn upkeep_fate(error: &PluginError) -> Fate {
    match error {
        PluginError::Retry { after, reason } => Fate::Retry {
            after: Some(*after),
            reason: reason.clone(),
        },
        PluginError::Unsupported { .. } => Fate::Done,
        PluginError::Refused { .. } | PluginError::NeedsOperator { .. } => Fate::Dead(error.to_string()),
    }
}
