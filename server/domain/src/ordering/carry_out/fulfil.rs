//! Orders that a person carries out: the provider says when it is done, or why it cannot be.

use entity::{audit_event, order, resource};
use model::{
    AccessDetail, EventKind, OrderId, OrderKind, OrderMoveRefused, OrderState, OrderVerb, Permission,
    ResourceId,
};
use sea_orm::{ColumnTrait, DatabaseTransaction, EntityTrait, QueryFilter};

use super::settle::{Ending, settle_in};
use crate::access::Actor;
use crate::check::Check;
use crate::ordering::allow::allow;
use crate::ordering::check::{self, end};
use crate::ordering::locks::lock_order;
use crate::ordering::{Ordering, OrderingError};
use crate::provisioning::Completion;
use crate::provisioning::facts::target_of_order;

/// The longest name on a backend, in characters.
const BACKEND_ID: usize = 200;
/// The most lines of access information.
const LINES: usize = 20;
/// The longest text of such a line, in characters.
const LINE: usize = 1000;

/// What the provider did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fulfilment {
    /// How the provider calls the resource; may stay empty where one is known already, and must where it is ended.
    pub backend_id: String,
    /// How people reach and use it; empty: as it was before. Must be empty where it is ended.
    pub access: Vec<AccessDetail>,
    /// A note for the buyer; may be empty.
    pub note: String,
}

impl Ordering {
    /// The provider has done by hand what the order asks for. A term begins today, and is cut where its project ends
    /// before it. Who says of a finished order what is kept of it already is answered as the first was. Refused for others
    /// than the provider's people, an order that does not wait for them, one that is finished otherwise (a conflict: nothing
    /// of what is said would be kept), and details that do not fit what was ordered.
    pub async fn fulfil(&self, actor: &Actor, id: OrderId, done: Fulfilment) -> Result<(), OrderingError> {
        let tx = self.core.write_tx().await?;
        let order = lock_by_hand(&tx, actor, id).await?;
        let completion = check_done(&tx, &order, &done).await?;
        let note = check::comment("note", &done.note, false)?;
        if order.state == OrderState::Done {
            return if is_kept(&tx, &order, &completion, &note).await? {
                Ok(())
            } else {
                Err(too_late(&order, OrderVerb::Complete))
            };
        }
        settle_in(&self.core, &tx, actor, order, &Ending::Done { completion, note }).await?;
        Ok(tx.commit().await?)
    }

    /// The provider cannot do what the order asks for; the buyer reads why. The same reason again is answered as the first
    /// time. Refused for others than the provider's people, an order that does not wait for them, one that failed for
    /// another reason (a conflict: this one would not be kept), and without a reason.
    pub async fn cannot_fulfil(&self, actor: &Actor, id: OrderId, reason: &str) -> Result<(), OrderingError> {
        let reason = check::comment("reason", reason, true)?;
        let tx = self.core.write_tx().await?;
        let order = lock_by_hand(&tx, actor, id).await?;
        if order.state == OrderState::Erred && order.error != reason {
            return Err(too_late(&order, OrderVerb::Fail));
        }
        settle_in(&self.core, &tx, actor, order, &Ending::failed(&reason)).await?;
        Ok(tx.commit().await?)
    }
}

/// A worker that tells twice how an order ended repeats itself. Of two people who decide, the second one may mean something
/// else, and is told that it is not kept.
fn too_late(order: &order::Model, verb: OrderVerb) -> OrderingError {
    let state = order.state;
    OrderMoveRefused { state, verb }.into()
}

/// Whether everything that is said of a finished order is what is kept: what is left empty says nothing.
async fn is_kept(
    tx: &DatabaseTransaction,
    order: &order::Model,
    completion: &Completion,
    note: &str,
) -> Result<bool, OrderingError> {
    let is_same = match (completion, order.resource_id) {
        (Completion::Ready { backend_id, access }, Some(id)) => {
            has(tx, id, (backend_id.as_str(), access.as_slice())).await?
        }
        _ => true,
    };
    Ok(is_same && (note.is_empty() || was_noted(tx, order.id, note).await?))
}

async fn has(
    tx: &DatabaseTransaction,
    id: ResourceId,
    (backend_id, access): (&str, &[AccessDetail]),
) -> Result<bool, OrderingError> {
    let Some(resource) = resource::Entity::find_by_id(id).one(tx).await? else {
        return Ok(false);
    };
    Ok((backend_id.is_empty() || resource.backend_id == backend_id)
        && (access.is_empty() || resource.access_details()? == access))
}

async fn was_noted(tx: &DatabaseTransaction, id: OrderId, note: &str) -> Result<bool, OrderingError> {
    let done = audit_event::Entity::find_about("order", id.0)
        .filter(audit_event::Column::Verb.eq(EventKind::OrderCompleted))
        .one(tx)
        .await?;
    Ok(done.is_some_and(|event| event.reason == note))
}

/// The locked order, if it waits for somebody of the provider and the actor is one of them.
pub(super) async fn lock_by_hand(
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: OrderId,
) -> Result<order::Model, OrderingError> {
    let order = lock_order(tx, id).await?;
    allow(
        actor,
        Permission::ManageResource,
        &target_of_order(&order),
        "order",
    )?;
    if order.state == OrderState::Executing && order.waiting_since.is_none() {
        return Err(OrderingError::NotOrderable(
            "The backend is carrying this order out by itself. There is nothing to do by hand.".into(),
        ));
    }
    Ok(order)
}

async fn check_done(
    tx: &DatabaseTransaction,
    order: &order::Model,
    done: &Fulfilment,
) -> Result<Completion, OrderingError> {
    let mut check = Check::default();
    if order.kind == OrderKind::Terminate {
        const GONE: &str = "What was ended has none any more. Leave this empty.";
        if !done.backend_id.trim().is_empty() {
            check.fault("backend_id", "not_allowed", GONE);
        }
        if !done.access.is_empty() {
            check.fault("access", "not_allowed", GONE);
        }
        end(check)?;
        return Ok(Completion::Gone);
    }
    let backend_id = check.line("backend_id", &done.backend_id, BACKEND_ID);
    if backend_id.is_empty() && !has_backend_id(tx, order).await? {
        check.fault(
            "backend_id",
            "required",
            "Enter the name under which you find the resource again.",
        );
    }
    if done.access.len() > LINES {
        check.fault("access", "too_many", format!("Give at most {LINES} lines."));
    }
    for line in done.access.iter().take(LINES) {
        // What is used to get in, a key say, stays as it was typed.
        check.line("access", &line.label, LINE);
        check.lines("access", &line.value, LINE);
    }
    end(check)?;
    Ok(Completion::Ready {
        backend_id,
        access: done.access.clone(),
    })
}

async fn has_backend_id(tx: &DatabaseTransaction, order: &order::Model) -> Result<bool, OrderingError> {
    let Some(id) = order.resource_id else {
        return Ok(false);
    };
    let resource = resource::Entity::find_by_id(id).one(tx).await?;
    Ok(resource.is_some_and(|resource| !resource.backend_id.is_empty()))
}
