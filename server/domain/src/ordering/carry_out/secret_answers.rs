//! The secret answers of an order, for the person who carries it out: a backend that works by itself is handed them, and
//! a person needs them just as much.

use entity::order;
use model::{DisplayRow, EventKind, OrderId, OrderState};
use sea_orm::{ConnectionTrait, DatabaseTransaction};

use super::fulfil::lock_by_hand;
use crate::access::Actor;
use crate::audit::{self, Event};
use crate::core::Core;
use crate::crypto::SealedIn;
use crate::ordering::{Ordering, OrderingError};
use crate::provisioning::{answers, facts::target_of_order, open_secrets};

impl Ordering {
    /// The secret answers of an order that waits for somebody of the provider, in clear and in the order of the form; what
    /// the form no longer asks for stands last under its key. Empty where none was asked for. That they were read, and by
    /// whom, is written to the log, which the buyer reads too. Refused for others than the provider's people (as
    /// [`Ordering::fulfil`]) and for an order that does not wait for them (`NotOrderable`).
    pub async fn secret_answers(&self, actor: &Actor, id: OrderId) -> Result<Vec<DisplayRow>, OrderingError> {
        let tx = self.core.write_tx().await?;
        let order = lock_waiting(&tx, actor, id).await?;
        let rows = opened(&self.core, &*tx, &order).await?;
        if !rows.is_empty() {
            let event = Event::new(actor, EventKind::OrderSecretsRead, id.0).on(target_of_order(&order));
            audit::record_in(&self.core, &tx, event).await?;
        }
        tx.commit().await?;
        Ok(rows)
    }

    /// Whether [`Ordering::secret_answers`] would be answered: refused as that is. Nothing is read, and nothing written down.
    pub async fn check_secret_answers(&self, actor: &Actor, id: OrderId) -> Result<(), OrderingError> {
        let tx = self.core.write_tx().await?;
        lock_waiting(&tx, actor, id).await.map(drop)
    }
}

/// The locked order, if it waits for somebody of the provider to carry it out and the actor is one of them.
async fn lock_waiting(
    tx: &DatabaseTransaction,
    actor: &Actor,
    id: OrderId,
) -> Result<order::Model, OrderingError> {
    let order = lock_by_hand(tx, actor, id).await?;
    if order.state == OrderState::Executing {
        return Ok(order);
    }
    Err(OrderingError::NotOrderable(
        "The order does not wait for anybody to carry it out. Its secret answers are shown only then.".into(),
    ))
}

async fn opened(
    core: &Core,
    db: &impl ConnectionTrait,
    order: &order::Model,
) -> Result<Vec<DisplayRow>, OrderingError> {
    let secrets = open_secrets(core, SealedIn::of_order(order.id.0), order.secrets.as_deref())?;
    if secrets.is_empty() {
        return Ok(Vec::new());
    }
    let form = answers::form_of(db, order.id).await?;
    Ok(form.reveal(secrets))
}
