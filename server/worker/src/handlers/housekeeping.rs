//! The scheduled jobs: small, idempotent, without input.

use domain::jobs::JobPayload;

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
    let metered = |kind: &str| {
        context
            .plugins
            .find(kind)
            .is_some_and(|plugin| plugin.capabilities().can(plugins::Power::Usage))
    };
    let targets = context.domain.provisioning().usage_targets().await?;
    for target in targets.into_iter().filter(|target| metered(&target.plugin)) {
        let backend = format!("{}/{}", target.plugin, target.offering_id);
        let job = JobPayload::CollectUsage {
            resource_id: target.resource_id,
        };
        context
            .domain
            .jobs()
            .schedule_on(job, &format!("collect_usage:{}", target.resource_id), &backend)
            .await?;
    }
    Ok(Fate::Done)
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
