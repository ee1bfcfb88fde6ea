//! Does an action that somebody asked for, or goes on doing so. Safe to run again at any point: the plugin looks before it acts,
//! and the domain takes the end of an action once.

use async_trait::async_trait;
use chrono::TimeDelta;
use domain::{
    DomainError, Operations,
    actions::{ActionEnd, ActionWork},
    jobs::{LeasedJob, kinds::RunAction},
};
use model::{ActionId, Progress as Seen};
use plugins::{ActionOutcome, ActionRequest, Plugin, PluginError, Progress};

use super::requests;
use super::run::{Context, JobOutcome, Run};

/// What a backend is not through with so long after it was asked for is given up: others of the resource wait for it. An hour of
/// that it may have waited.
const LONGEST: TimeDelta = TimeDelta::hours(2);

/// Stores on the action how far the plugin is.
struct ActionProgress {
    operations: Operations,
    action: ActionId,
}

#[async_trait]
impl Progress for ActionProgress {
    async fn step(&self, done: u32, total: u32, message: &str) {
        let seen = Seen {
            done,
            total,
            message: message.to_owned(),
        };
        // Progress is for watching only: that it cannot be stored must not stop the work.
        if let Err(error) = self.operations.actions().progress(self.action, seen).await {
            tracing::warn!(error = domain::trace::cause(&error), action.id = %self.action, "progress not stored");
        }
    }
}

#[async_trait]
impl Run for RunAction {
    async fn run(&self, context: &Context, leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let actions = context.operations.actions();
        // What waits for its turn on a busy backend has not begun: whoever asked can take it back.
        let provisioning = context.operations.provisioning();
        let seen = provisioning.work_of(self.resource_id).await?;
        if let Some(seen) = seen {
            let plugin = context.plugin(&seen.backend.plugin)?;
            let settings = requests::settings_of(&seen.backend);
            context
                .take_backend_slot(leased, plugin.as_ref(), &settings)
                .await?;
        }
        let Some(work) = actions.begin(self.action_id).await? else {
            return Ok(JobOutcome::Done);
        };
        let plugin = context.plugin(&work.resource.backend.plugin)?;
        let is_late = context.operations.clock().now() - work.asked_at > LONGEST;
        let request = request_of(work, plugin.as_ref());
        // As with orders: nothing is done on a backend that was taken away from the provider.
        let offering = request.1;
        let settings = &request.0.resource.settings;
        if let Some(reason) = context.unassigned(plugin.as_ref(), offering, settings).await? {
            actions.fail(self.action_id, &reason).await?;
            return Ok(JobOutcome::Done);
        }
        // It had no name on its backend, or its offering leads to another one meanwhile; else the slot is had already.
        context
            .take_backend_slot(leased, plugin.as_ref(), settings)
            .await?;
        let progress = ActionProgress {
            operations: context.operations.clone(),
            action: self.action_id,
        };
        let outcome = plugin.act(&request.0, &progress).await;
        let last = (is_late, leased.is_last_try());
        let settled = settle(context, (self.action_id, last), outcome).await?;
        if matches!(settled, JobOutcome::Done) && plugin.lists_parts(settings) {
            actions.look_again(self.resource_id).await?;
        }
        Ok(settled)
    }

    async fn given_up(&self, context: &Context, reason: &str) -> Result<(), DomainError> {
        let actions = context.operations.actions();
        actions.fail(self.action_id, reason).await?;
        // It may have had an effect.
        Ok(actions.look_again(self.resource_id).await?)
    }
}

async fn settle(
    context: &Context,
    (action, (is_late, is_last)): (ActionId, (bool, bool)),
    outcome: Result<ActionOutcome, PluginError>,
) -> Result<JobOutcome, JobOutcome> {
    let actions = context.operations.actions();
    match outcome {
        Ok(ActionOutcome::Done {
            message,
            output,
            condition,
        }) => {
            let end = ActionEnd {
                message,
                output: requests::told(output),
                condition,
            };
            actions.complete(action, end).await?;
            Ok(JobOutcome::Done)
        }
        Ok(ActionOutcome::Pending { waiting_for, .. }) if is_late => {
            let reason =
                format!("It was not done within two hours, so nobody waits for it any more. {waiting_for}");
            actions.fail(action, reason.trim_end()).await?;
            Ok(JobOutcome::Done)
        }
        Ok(ActionOutcome::Pending {
            poll_after,
            waiting_for,
        }) => {
            actions.progress(action, requests::waits_for(waiting_for)).await?;
            Ok(JobOutcome::Again(poll_after))
        }
        // Nothing would become of it in the queue of what was given up: whoever asked asks again.
        Err(PluginError::Retry { reason, .. }) if is_last => {
            let reason = format!("The backend was asked several times and did not do it. {reason}");
            actions.fail(action, &reason).await?;
            Ok(JobOutcome::Done)
        }
        Err(PluginError::Retry { after, reason }) => {
            actions.progress(action, requests::tried_again(&reason)).await?;
            Ok(JobOutcome::Retry {
                after: Some(after),
                reason,
            })
        }
        // Whoever asked is there to read why and to ask again.
        Err(error) => {
            actions.fail(action, &error.to_string()).await?;
            Ok(JobOutcome::Done)
        }
    }
}

/// The action as its plugin is asked for it, and the offering of its resource.
fn request_of(work: ActionWork, plugin: &dyn Plugin) -> (ActionRequest, model::OfferingId) {
    let known = plugin.conditions();
    let request = ActionRequest {
        id: work.id,
        resource: requests::of_resource(&work.resource),
        key: work.key,
        input: work.input,
        condition: requests::condition(&work.condition, &known),
    };
    (request, work.resource.offering_id)
}
