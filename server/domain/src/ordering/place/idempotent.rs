//! Placing under an idempotency key: a repeated request is answered with the order that the first one placed.

use model::OrderId;
use sea_orm::DatabaseTransaction;
use serde::Serialize;
use serde_json::json;

use crate::access::Actor;
use crate::core::Core;
use crate::crypto::sha256_hex;
use crate::idempotency::keys::{Claim, claim_in, finish_in, kept_as};
use crate::ordering::OrderingError;

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
        // Apart from the keys of the REST door, which keeps its answers in the same table.
        let key = kept_as("order", key)?;
        let draft = serde_json::to_vec(draft).map_err(|fault| sea_orm::DbErr::Json(fault.to_string()))?;
        let placed = match claim_in(core, tx, actor, &key, &sha256_hex(&draft)).await? {
            Claim::Mine => None,
            Claim::Done { body, .. } => body.get("order_id").and_then(|id| id.as_str()?.parse().ok()),
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
