//! Carries an order out on its backend, or goes on doing so. Safe to run again at any point: the plugin looks before it
//! creates, and the domain takes the same completion twice for one.

use async_trait::async_trait;
use domain::{
    DomainError, Operations,
    jobs::{LeasedJob, kinds::ProvisionOrder},
    ordering::{Completion, OrderWork},
    provisioning::LimitsOverLife,
};
use model::{Kind, OrderId, OrderKind, Progress as Seen};
use plugins::{Outcome, Plugin, PluginError, Power, Progress, ResourceRequest};

use super::requests;
use super::run::{Context, JobOutcome, Run};

/// Stores on the order how far the plugin is.
struct OrderProgress {
    operations: Operations,
    order: OrderId,
}

#[async_trait]
impl Progress for OrderProgress {
    async fn step(&self, done: u32, total: u32, message: &str) {
        let seen = Seen {
            done,
            total,
            message: message.to_owned(),
        };
        // Progress is for watching only: that it cannot be stored must not stop the work.
        if let Err(error) = self.operations.ordering().progress(self.order, seen).await {
            tracing::warn!(error = domain::trace::cause(&error), order.id = %self.order, "progress not stored");
        }
    }
}

#[async_trait]
impl Run for ProvisionOrder {
    async fn run(&self, context: &Context, leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let ordering = context.operations.ordering();
        let order = self.order_id;
        if leased.attempt == 1 {
            reopen(context, order).await?;
        }
        let Some(work) = ordering.work_of(order).await? else {
            return Ok(JobOutcome::Done);
        };
        let plugin = context.plugin(&work.work.backend.plugin)?;
        let progress = OrderProgress {
            operations: context.operations.clone(),
            order,
        };
        let mut request = requests::of_order(&work);
        // What ends goes on ending, whatever was taken away from its provider: it is of what was made before.
        if work.kind != OrderKind::Terminate
            && let Some(reason) = context
                .unassigned(plugin.as_ref(), work.work.offering_id, &request.settings)
                .await?
        {
            return Ok(JobOutcome::Dead(reason));
        }
        context
            .take_backend_slot(leased, plugin.as_ref(), &request.settings)
            .await?;
        let counted = counted_over_life(context, plugin.as_ref(), &work).await?;
        if let Some(counted) = &counted {
            request.used_before = requests::decimals(&counted.used_before);
        }
        let lists_parts = plugin.lists_parts(&request.settings);
        match call(plugin.as_ref(), work.kind, request, &progress).await {
            Ok(outcome) => {
                let is_ready = matches!(outcome, Outcome::Ready { .. });
                let is_made = work.kind == OrderKind::Create && is_ready;
                let settled = settle(context, order, outcome).await?;
                if let Some(counted) = counted.filter(|_| is_ready) {
                    // Where this is lost, the limits are compared and told once more.
                    context
                        .operations
                        .provisioning()
                        .mark_limits(self.resource_id, &counted)
                        .await?;
                }
                if is_made && plugin.capabilities().can(Power::Members) {
                    // Where this is lost, the members are compared and told once more.
                    context
                        .operations
                        .provisioning()
                        .mark_members(self.resource_id, &work.work.members)
                        .await?;
                }
                if is_ready && lists_parts {
                    context.operations.actions().look_again(self.resource_id).await?;
                }
                Ok(settled)
            }
            Err(error) => refuse(context, order, &error).await,
        }
    }

    async fn given_up(&self, context: &Context, reason: &str) -> Result<(), DomainError> {
        Ok(context.operations.ordering().fail(self.order_id, reason).await?)
    }
}

/// What does not allow the order any more is nothing that mends with time: whoever had its job tried again reads why.
async fn reopen(context: &Context, order: OrderId) -> Result<(), JobOutcome> {
    let reopened = context.operations.ordering().reopen(order).await;
    reopened.map_err(|error| match error.problem() {
        refused if refused.kind == Kind::Conflict => JobOutcome::Dead(refused.detail),
        _ => error.into(),
    })
}

/// What a backend that counts over the life of a resource is told of its limits; none where it counts nothing so.
async fn counted_over_life(
    context: &Context,
    plugin: &dyn Plugin,
    work: &OrderWork,
) -> Result<Option<LimitsOverLife>, JobOutcome> {
    let counted = plugin.counted_over_life();
    if counted.is_empty() || work.kind == OrderKind::Terminate {
        return Ok(None);
    }
    let ordering = context.operations.ordering();
    let over_life = ordering.limits_over_life(work.order_id, &counted).await?;
    Ok(Some(over_life).filter(|over_life| !over_life.limits.is_empty()))
}

async fn call(
    plugin: &dyn Plugin,
    kind: OrderKind,
    request: ResourceRequest,
    progress: &OrderProgress,
) -> Result<Outcome, PluginError> {
    match kind {
        OrderKind::Create => plugin.provision(&request, progress).await,
        OrderKind::ChangeLimits => plugin.change_limits(&request, progress).await,
        OrderKind::SwitchPlan | OrderKind::Renew => plugin.change_terms(&request, progress).await,
        OrderKind::Terminate => plugin.terminate(&request, progress).await,
    }
}

async fn settle(context: &Context, order: OrderId, outcome: Outcome) -> Result<JobOutcome, JobOutcome> {
    let ordering = context.operations.ordering();
    match outcome {
        Outcome::Ready { backend_id, details } => {
            let access = requests::told(details);
            ordering
                .complete(order, Completion::Ready { backend_id, access })
                .await?;
        }
        Outcome::Gone => ordering.complete(order, Completion::Gone).await?,
        Outcome::Pending {
            poll_after: Some(after),
            waiting_for,
        } => {
            ordering.progress(order, requests::waits_for(waiting_for)).await?;
            return Ok(JobOutcome::Again(after));
        }
        Outcome::Pending {
            poll_after: None,
            waiting_for,
        } => ordering.wait_for_provider(order, &waiting_for).await?,
    }
    Ok(JobOutcome::Done)
}

async fn refuse(context: &Context, order: OrderId, error: &PluginError) -> Result<JobOutcome, JobOutcome> {
    let ordering = context.operations.ordering();
    match error {
        PluginError::Retry { after, reason } => {
            ordering.progress(order, requests::tried_again(reason)).await?;
            Ok(JobOutcome::Retry {
                after: Some(*after),
                reason: reason.clone(),
            })
        }
        PluginError::NeedsOperator { .. } => Ok(JobOutcome::Dead(error.to_string())),
        PluginError::Refused { .. } | PluginError::Unsupported { .. } => {
            ordering.fail(order, &error.to_string()).await?;
            Ok(JobOutcome::Done)
        }
    }
}
