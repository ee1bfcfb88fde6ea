//! Reads what all resources of one backend used from its accounting, and records it. Events that were reported before count
//! once; running work is reported again with more, and replaces what was known.

use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Duration, Utc};
use domain::{
    DomainError,
    jobs::{Job, LeasedJob},
    provisioning::{USAGE_WORK, UsageWork},
};
use model::{Fixed, OfferingId, ResourceId};
use plugins::{Plugin, PluginError, Power, UsageEvent, UsageReport, UsageRequest, Window};
use serde::{Deserialize, Serialize};

use super::requests;
use super::run::{Context, JobOutcome, Run, upkeep_outcome};

/// Accounting may file work late; each collection reads again what it read in the days before.
const OVERLAP: Duration = Duration::days(2);

/// Reads the usage of one backend.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct CollectUsage {
    /// The plugin's name for it.
    pub(crate) backend: String,
}

impl Job for CollectUsage {
    const NAME: &'static str = "collect_usage";
    const HOUSEKEEPING: bool = true;

    fn subject(&self) -> String {
        format!("backend {}", self.backend)
    }

    fn serial_key(&self) -> Option<String> {
        Some(format!("{} {}", Self::NAME, self.backend))
    }
}

/// An offering whose resources are metered, and its backend.
pub(super) struct Metered {
    pub(super) backend: String,
    offering: OfferingId,
    plugin: Arc<dyn Plugin>,
}

/// All offerings that are metered by a plugin of this build.
pub(super) async fn metered(context: &Context) -> Result<Vec<Metered>, DomainError> {
    let metering: Vec<Arc<dyn Plugin>> = context
        .plugins
        .iter()
        .filter(|plugin| plugin.capabilities().can(Power::Usage))
        .cloned()
        .collect();
    let kinds: Vec<&str> = metering.iter().map(|plugin| plugin.kind()).collect();
    let offerings = context
        .operations
        .provisioning()
        .metered_offerings(&kinds)
        .await?;
    let of = |offering: domain::provisioning::OfferingBackend| {
        let plugin = metering
            .iter()
            .find(|plugin| plugin.kind() == offering.backend.plugin)?;
        Some(Metered {
            backend: plugin.backend(&requests::settings_of(&offering.backend)),
            offering: offering.offering_id,
            plugin: Arc::clone(plugin),
        })
    };
    Ok(offerings.into_iter().filter_map(of).collect())
}

#[async_trait]
impl Run for CollectUsage {
    async fn run(&self, context: &Context, leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let own: Vec<Metered> = metered(context)
            .await?
            .into_iter()
            .filter(|metered| metered.backend == self.backend)
            .collect();
        let Some(plugin) = own.first().map(|metered| Arc::clone(&metered.plugin)) else {
            return Ok(JobOutcome::Done);
        };
        context
            .take_slot_on(leased, plugin.as_ref(), &self.backend)
            .await?;
        let offerings: Vec<OfferingId> = own.iter().map(|metered| metered.offering).collect();
        let provisioning = context.operations.provisioning();
        let mut last = None;
        loop {
            let work = provisioning.usage_work(&offerings, last).await?;
            let is_last = u64::try_from(work.len()).is_ok_and(|count| count < USAGE_WORK);
            last = work.last().map(|one| one.work.resource_id);
            if let Some(stop) = read(context, plugin.as_ref(), &work).await? {
                return Ok(stop);
            }
            if is_last {
                return Ok(JobOutcome::Done);
            }
        }
    }
}

/// One reading; what becomes of the job where the backend could not be read.
async fn read(
    context: &Context,
    plugin: &dyn Plugin,
    work: &[UsageWork],
) -> Result<Option<JobOutcome>, JobOutcome> {
    if work.is_empty() {
        return Ok(None);
    }
    let now = context.operations.clock().now();
    let asked: Vec<UsageRequest> = work.iter().map(|one| request(one, now)).collect();
    let ids: Vec<ResourceId> = work.iter().map(|one| one.work.resource_id).collect();
    let provisioning = context.operations.provisioning();
    let reports = match plugin.collect_usage(&asked).await {
        Ok(reports) => reports,
        Err(error) => {
            provisioning
                .mark_collection_failed(&ids, &error.to_string())
                .await?;
            return Ok(Some(upkeep_outcome(&error)));
        }
    };
    let mut collected = Vec::with_capacity(reports.len());
    let mut faulty = Vec::new();
    for (resource, report) in reports {
        match record(context, resource, report).await? {
            Recorded::All => collected.push(resource),
            Recorded::Some(reason) => {
                collected.push(resource);
                faulty.push((resource, reason));
            }
            Recorded::Nothing(reason) => faulty.push((resource, reason)),
        }
    }
    provisioning.mark_collected(&collected, now).await?;
    for (resource, reason) in faulty {
        tracing::warn!(resource.id = %resource, usage.fault = reason, "some usage could not be recorded");
        provisioning.mark_collection_failed(&[resource], &reason).await?;
    }
    Ok(None)
}

fn request(one: &UsageWork, now: DateTime<Utc>) -> UsageRequest {
    let start = one
        .usage_until
        .map_or(one.activated_at, |until| until - OVERLAP)
        .max(one.activated_at);
    UsageRequest {
        resource: requests::of_resource(&one.work),
        window: Window {
            start: midnight(start),
            end: now,
        },
        now,
    }
}

/// How much of a report could be recorded, and what was wrong with the rest.
enum Recorded {
    All,
    Some(String),
    Nothing(String),
}

async fn record(
    context: &Context,
    resource: ResourceId,
    report: Result<UsageReport, PluginError>,
) -> Result<Recorded, JobOutcome> {
    let report = match report {
        Ok(report) => report,
        Err(error) => return Ok(Recorded::Nothing(error.to_string())),
    };
    let mut faults: Vec<String> = report
        .faults
        .iter()
        .map(|fault| format!("line {}: {}", fault.line, fault.reason))
        .collect();
    let (events, bad) = reports(resource, report.events);
    faults.extend(bad);
    let receipt = context
        .operations
        .usage()
        .record_collected(resource, events)
        .await?;
    faults.extend(
        receipt
            .refused
            .iter()
            .map(|refused| format!("{}: {}", refused.key, refused.message)),
    );
    if faults.is_empty() {
        return Ok(Recorded::All);
    }
    let shown: Vec<String> = faults.iter().take(5).cloned().collect();
    Ok(Recorded::Some(format!(
        "{} line(s) of the accounting were refused: {}",
        faults.len(),
        shown.join("; ")
    )))
}

fn reports(resource: ResourceId, events: Vec<UsageEvent>) -> (Vec<model::UsageReport>, Vec<String>) {
    let mut good = Vec::with_capacity(events.len());
    let mut bad = Vec::new();
    for event in events {
        match Fixed::from_decimal_rounded(event.quantity) {
            Ok(quantity) => good.push(model::UsageReport {
                resource_id: resource,
                component: event.component,
                window_start: event.window_start,
                window_end: event.window_end,
                quantity,
                key: event.key,
                username: event.user,
            }),
            Err(error) => bad.push(format!("{}: {error}", event.key)),
        }
    }
    (good, bad)
}

fn midnight(at: DateTime<Utc>) -> DateTime<Utc> {
    at.date_naive().and_time(chrono::NaiveTime::MIN).and_utc()
}
