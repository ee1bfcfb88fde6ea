//! The scheduled jobs: small, idempotent, without input.

use domain::{jobs::JobPayload, provisioning::UsageTarget};

use super::{Context, Fate};

/// How long finished jobs can be looked at.
const JOBS_KEPT: chrono::Duration = chrono::Duration::days(30);

pub(super) async fn expire_orders(context: &Context) -> Result<Fate, Fate> {
    let expired = context.domain.ordering().expire_due().await?;
    if expired > 0 {
        tracing::info!(
            orders.expired = expired,
            "orders that nobody decided have expired"
        );
    }
    Ok(Fate::Done)
}

/// Makes one job for each resource whose plugin meters, so that a slow backend holds up nobody else.
pub(super) async fn schedule_usage(context: &Context) -> Result<Fate, Fate> {
    let metering: Vec<&str> = context
        .plugins
        .iter()
        .filter(|plugin| plugin.capabilities().can(plugins::Power::Usage))
        .map(|plugin| plugin.kind())
        .collect();
    let mut last = None;
    loop {
        let targets = context
            .domain
            .provisioning()
            .usage_targets(&metering, last)
            .await?;
        let Some(end) = targets.last() else {
            return Ok(Fate::Done);
        };
        last = Some(end.resource_id);
        for target in targets {
            schedule_collection(context, &target).await?;
        }
    }
}

async fn schedule_collection(context: &Context, target: &UsageTarget) -> Result<(), Fate> {
    let backend = format!("{}/{}", target.plugin, target.offering_id);
    let job = JobPayload::CollectUsage {
        resource_id: target.resource_id,
    };
    let key = format!("collect_usage:{}", target.resource_id);
    context.domain.jobs().schedule_on(job, &key, &backend).await?;
    Ok(())
}

pub(super) async fn accrue_open(context: &Context) -> Result<Fate, Fate> {
    context.domain.billing().accrue_open().await?;
    Ok(Fate::Done)
}

pub(super) async fn sweep(context: &Context) -> Result<Fate, Fate> {
    let domain = &context.domain;
    let sessions = domain.accounts().sessions_expire().await?;
    let throttles = domain.accounts().sweep_throttles().await?;
    let answers = domain.idempotency().sweep().await?;
    let jobs = domain.jobs().sweep(domain.clock().now() - JOBS_KEPT).await?;
    tracing::info!(
        swept.sessions = sessions,
        swept.throttles = throttles,
        swept.answers = answers,
        swept.jobs = jobs,
        "swept"
    );
    Ok(Fate::Done)
}
