//! What a backend's answer leads to. Together with [`super::begin`] the only writer of `resources.state`.

use entity::{json as columns, order, resource, resource_term};
use model::{AccessDetail, EventKind, OrderKind, ResourceState, ResourceVerb};
use sea_orm::ActiveValue::Set;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, IntoActiveModel};
use serde_json::json;

use super::ProvisioningError;
use super::begin::{lock, no_progress};
use super::facts::{self, Fact, target_of};
use super::intervals::{Terms, begin_stretch};
use super::lifetime::{Around, add_term_in, change_stretch_in, end_stretch_in, next_term, resume_in};
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::core::Core;

/// The good end of a backend's work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completion {
    /// The resource is as the order asks.
    Ready {
        /// How the backend knows it; stable for the resource's life. Empty: as it was before.
        backend_id: String,
        /// How people reach and use it. Empty: as it was before.
        access: Vec<AccessDetail>,
    },
    /// Nothing is left of the resource.
    Gone,
}

/// Makes the resource what its executing order asked for. The order's row must be locked.
pub(crate) async fn complete_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: &order::Model,
    completion: &Completion,
) -> Result<(), ProvisioningError> {
    let resource = lock(tx, order).await?;
    match (order.kind, completion) {
        (OrderKind::Create, Completion::Ready { .. }) => {
            activate(core, tx, actor, order, resource, completion).await
        }
        (OrderKind::ChangeLimits | OrderKind::SwitchPlan, Completion::Ready { .. }) => {
            change(core, tx, actor, order, resource, completion).await
        }
        (OrderKind::Renew, Completion::Ready { .. }) => {
            renew(core, tx, actor, order, resource, completion).await
        }
        (OrderKind::Terminate, Completion::Gone) => terminate(core, tx, actor, resource).await,
        _ => Err(ProvisioningError::WrongOutcome),
    }
}

async fn activate(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: &order::Model,
    resource: resource::Model,
    completion: &Completion,
) -> Result<(), ProvisioningError> {
    let now = core.now();
    let after = resource.state.after(ResourceVerb::Activate)?;
    begin_stretch(core, tx, &resource, Terms::of(order, now)?, now).await?;
    let around = Around::load(tx, &resource).await?;
    let from = around.zone.day(now);
    let end = add_term_in(core, tx, order, (&resource, &around), (&[], from)).await?;
    let (subject, before) = ((resource.id, target_of(&resource)), resource.state);
    let end = end.or(resource.end_date);
    let mut row = reached(resource, after, completion)?;
    row.activated_at = Set(Some(now));
    row.end_date = Set(end);
    row.update(tx).await?;
    let fact = Fact {
        verb: EventKind::ResourceActivated,
        before: Some(before),
        after,
        reason: "",
    };
    facts::record(core, tx, actor, subject, fact).await
}

async fn change(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: &order::Model,
    resource: resource::Model,
    completion: &Completion,
) -> Result<(), ProvisioningError> {
    let now = core.now();
    let after = resource.state.after(ResourceVerb::FinishUpdate)?;
    let around = Around::load(tx, &resource).await?;
    change_stretch_in(core, tx, &around, &resource, Terms::of(order, now)?).await?;
    let (subject, before) = ((resource.id, target_of(&resource)), resource.state);
    let mut row = reached(resource, after, completion)?;
    row.plan_id = Set(order.plan_id);
    row.limits = Set(order.limits.clone());
    row.update(tx).await?;
    let verb = if order.kind == OrderKind::SwitchPlan {
        EventKind::ResourcePlanSwitched
    } else {
        EventKind::ResourceLimitsChanged
    };
    facts::record(
        core,
        tx,
        actor,
        subject,
        Fact {
            verb,
            before: Some(before),
            after,
            reason: "",
        },
    )
    .await
}

/// Another term: the last day moves, and what had stopped with the old one goes on. Limits and plan stay; what recurs has
/// the prices of the renewal from the first day of the term on.
async fn renew(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: &order::Model,
    resource: resource::Model,
    completion: &Completion,
) -> Result<(), ProvisioningError> {
    let after = resource.state.after(ResourceVerb::FinishUpdate)?;
    let around = Around::load(tx, &resource).await?;
    let terms = resource_term::Entity::find_of_resource(resource.id)
        .all(tx)
        .await?;
    resume_in(core, tx, &around, &resource).await?;
    let from = next_term(&terms, around.zone.day(core.now()));
    let last = add_term_in(core, tx, order, (&resource, &around), (&terms, from)).await?;
    let last = last.ok_or(ProvisioningError::WrongOutcome)?;
    let (id, target) = (resource.id, target_of(&resource));
    let before = json!({ "state": resource.state, "end_date": resource.end_date });
    let mut row = reached(resource, after, completion)?;
    row.end_date = Set(Some(last));
    row.update(tx).await?;
    let event = Event::new(actor, EventKind::ResourceRenewed, id.0)
        .on(target)
        .before(before)
        .after(json!({ "state": after, "end_date": last, "term_from": from }));
    audit::record_in(core, tx, event).await?;
    Ok(())
}

async fn terminate(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    resource: resource::Model,
) -> Result<(), ProvisioningError> {
    let now = core.now();
    let after = resource.state.after(ResourceVerb::FinishTermination)?;
    let ended = end_stretch_in(tx, &Around::load(tx, &resource).await?, &resource, now).await?;
    // Whatever the clock says by now: it was there for as long as it is billed.
    let gone = ended.map_or(now, |ended| ended.max(now));
    let (subject, before) = ((resource.id, target_of(&resource)), resource.state);
    let mut row = reached(resource, after, &Completion::Gone)?;
    row.terminated_at = Set(Some(gone));
    row.update(tx).await?;
    let fact = Fact {
        verb: EventKind::ResourceTerminated,
        before: Some(before),
        after,
        reason: "",
    };
    facts::record(core, tx, actor, subject, fact).await
}

/// The resource in the state it reached, with what the backend told and without the traces of the work.
fn reached(
    resource: resource::Model,
    state: ResourceState,
    completion: &Completion,
) -> Result<resource::ActiveModel, ProvisioningError> {
    let mut row = resource.into_active_model();
    row.state = Set(state);
    row.error = Set(String::new());
    row.progress = Set(no_progress()?);
    if let Completion::Ready { backend_id, access } = completion {
        // A change may have nothing new to tell; what is known stays.
        if !backend_id.is_empty() {
            row.backend_id = Set(backend_id.clone());
        }
        if !access.is_empty() {
            row.access = Set(columns::write("resources.access", access)?);
        }
    }
    Ok(row)
}

/// The backend gave up on an executing order. The order's row must be locked.
///
/// That an order failed says nothing about its resource: a failed change or termination leaves a running resource
/// running, at its old plan and limits, with the reason shown. If the resource was erred before the order began, it stays
/// erred: it kept its error, and that is how it is told here.
pub(crate) async fn fail_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: &order::Model,
    reason: &str,
) -> Result<(), ProvisioningError> {
    let resource = lock(tx, order).await?;
    let ran_well = resource.error.is_empty();
    let verb = match order.kind {
        OrderKind::ChangeLimits | OrderKind::SwitchPlan | OrderKind::Renew if ran_well => {
            ResourceVerb::FinishUpdate
        }
        OrderKind::Terminate if ran_well => ResourceVerb::AbandonTermination,
        _ => ResourceVerb::Fail,
    };
    let (subject, before) = ((resource.id, target_of(&resource)), resource.state);
    let after = before.after(verb)?;
    let mut row = resource.into_active_model();
    row.state = Set(after);
    row.error = Set(reason.to_owned());
    row.progress = Set(no_progress()?);
    row.update(tx).await?;
    let verb = match order.kind {
        OrderKind::Create => EventKind::ResourceCreationFailed,
        OrderKind::Terminate => EventKind::ResourceTerminationFailed,
        OrderKind::ChangeLimits | OrderKind::SwitchPlan | OrderKind::Renew => EventKind::ResourceChangeFailed,
    };
    facts::record(
        core,
        tx,
        actor,
        subject,
        Fact {
            verb,
            before: Some(before),
            after,
            reason,
        },
    )
    .await
}

/// A failed change was given up: the resource runs as before, so its page need not show the failure any longer. The
/// error of a resource that is itself erred stays.
pub(crate) async fn forget_error_in(
    tx: &DatabaseTransaction,
    order: &order::Model,
) -> Result<(), ProvisioningError> {
    let resource = lock(tx, order).await?;
    if resource.state == ResourceState::Ok {
        let mut row = resource.into_active_model();
        row.error = Set(String::new());
        row.update(tx).await?;
    }
    Ok(())
}
