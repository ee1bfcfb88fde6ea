//! Placing under an idempotency key: a repeated request is answered with the order that the first one placed.

use model::OrderId;
use sea_orm::DatabaseTransaction;
use serde::Serialize;
use serde_json::{Value as Json, json};

use crate::access::Actor;
use crate::core::Core;
use crate::crypto::sha256_hex;
use crate::idempotency::keys::{Claim, answer_under, claim_in, finish_in, kept_as};
use crate::ordering::{Ordering, OrderingError};

/// Apart from the keys of the REST door, which keeps its answers in the same table.
const KEPT_FOR: &str = "order";

fn order_in(answer: &Json) -> Option<OrderId> {
    answer.get("order_id")?.as_str()?.parse().ok()
}

impl Ordering {
    /// The order that the actor placed under this key before, if there is one: a form that comes again says so. Of two that
    /// come at once neither sees the other's.
    pub async fn placed_under(
        &self,
        actor: &Actor,
        key: Option<&str>,
    ) -> Result<Option<OrderId>, OrderingError> {
        let Some(key) = key else { return Ok(None) };
        let answer = answer_under(self.core.read(), actor, &kept_as(KEPT_FOR, key)?).await?;
        Ok(answer.as_ref().and_then(order_in))
    }
}

/// One placing under an idempotency key, or without.
pub(super) struct IdempotentPlacing {
    /// None when the caller sent no key.
    key: Option<String>,
    placed: Option<OrderId>,
}

impl IdempotentPlacing {
    /// Claims the key for `draft`, or finds the order that was placed under it.
    pub(super) async fn claim(
        core: &Core,
        tx: &DatabaseTransaction,
        actor: &Actor,
        key: Option<&str>,
        draft: &impl Serialize,
    ) -> Result<Self, OrderingError> {
        let Some(key) = key else {
            return Ok(Self {
                key: None,
                placed: None,
            });
        };
        let key = kept_as(KEPT_FOR, key)?;
        let draft = serde_json::to_vec(draft).map_err(|fault| sea_orm::DbErr::Json(fault.to_string()))?;
        let placed = match claim_in(core, tx, actor, &key, &sha256_hex(&draft)).await? {
            Claim::Mine => None,
            Claim::Done { body, .. } => order_in(&body),
        };
        Ok(Self {
            key: Some(key),
            placed,
        })
    }

    /// The order that was placed under the key, or else the one that `place` places now, which is kept under it. `place` does
    /// nothing unless it is awaited.
    pub(super) async fn or_place(
        self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        place: impl Future<Output = Result<OrderId, OrderingError>>,
    ) -> Result<OrderId, OrderingError> {
        match self.placed {
            Some(id) => Ok(id),
            None => self.keep(tx, actor, place.await?).await,
        }
    }

    pub(in crate::ordering) fn placed(&self) -> Option<OrderId> {
        self.placed
    }

    /// Keeps the order under the key, in the transaction that placed it.
    pub(in crate::ordering) async fn keep(
        self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        id: OrderId,
    ) -> Result<OrderId, OrderingError> {
        if let Some(key) = &self.key {
            finish_in(tx, actor, key, 201, json!({ "order_id": id })).await?;
        }
        Ok(id)
    }
}
