//! Reads what a resource used from its backend's accounting and records it. Events that were reported before count once;
//! running work is reported again with more, and replaces what was known.

use chrono::{DateTime, Duration, Utc};
use model::{Fixed, ResourceId, UsageReport};
use plugins::{PluginError, Power, UsageEvent, UsageRequest, Window};

use super::{Context, Fate, requests, upkeep_fate};

/// Accounting may file work late; each collection reads again what it read in the days before.
const OVERLAP: Duration = Duration::days(2);

pub(super) async fn run(context: &Context, resource: ResourceId) -> Result<Fate, Fate> {
    let provisioning = context.domain.provisioning();
    let Some(target) = provisioning.usage_target(resource).await? else {
        return Ok(Fate::Done);
    };
    let Some(work) = provisioning.usage_work_of(resource).await? else {
        return Ok(Fate::Done);
    };
    let plugin = context.plugin(&work.plugin)?;
    if !plugin.capabilities().can(Power::Usage) {
        return Ok(Fate::Done);
    }
    let now = context.domain.clock().now();
    let start = target
        .usage_until
        .map_or(target.activated_at, |until| until - OVERLAP)
        .max(target.activated_at);
    let window = Window {
        start: midnight(start),
        end: now,
    };
    let request = UsageRequest {
        resource: requests::of_resource(&work),
        window,
        now,
    };
    let report = match plugin.collect_usage(&request).await {
        Ok(report) => report,
        Err(PluginError::Unsupported { .. }) => return Ok(Fate::Done),
        Err(error) => {
            provisioning
                .mark_collection_failed(resource, &error.to_string())
                .await?;
            return Ok(upkeep_fate(&error));
        }
    };
    let mut faults: Vec<String> = report
        .faults
        .iter()
        .map(|fault| format!("line {}: {}", fault.line, fault.reason))
        .collect();
    let (events, bad) = reports(resource, report.events);
    faults.extend(bad);
    let receipt = context.domain.usage().record_collected(resource, events).await?;
    faults.extend(
        receipt
            .refused
            .iter()
            .map(|refused| format!("{}: {}", refused.key, refused.message)),
    );
    if faults.is_empty() {
        provisioning.mark_collected(resource, now).await?;
    } else {
        tracing::warn!(resource.id = %resource, usage.faults = faults.len(), "some usage was refused");
        let shown: Vec<String> = faults.iter().take(5).cloned().collect();
        let reason = format!(
            "{} line(s) of the accounting were refused: {}",
            faults.len(),
            shown.join("; ")
        );
        provisioning.mark_collected(resource, now).await?;
        provisioning.mark_collection_failed(resource, &reason).await?;
    }
    Ok(Fate::Done)
}

fn reports(resource: ResourceId, events: Vec<UsageEvent>) -> (Vec<UsageReport>, Vec<String>) {
    let mut good = Vec::with_capacity(events.len());
    let mut bad = Vec::new();
    for event in events {
        match Fixed::from_decimal_rounded(event.quantity) {
            Ok(quantity) => good.push(UsageReport {
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
