//! What approving and rejecting share: the locked order, whose turn it is, and who may.

use entity::order_decision::Column as DecisionColumn;
use entity::{order, order_decision};
use model::{OrderId, OrderState, OrderVerb, Permission, Side, Verdict};
use sea_orm::ActiveValue::Set;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, IntoActiveModel,
    PaginatorTrait, QueryFilter,
};
use serde_json::json;

use super::OrderingError;
use super::locks::{hold_sale, lock_order};
use super::parties::{Buyer, Parties, Sale, allow, load_plan};
use super::rules::Facts;
use super::store::{Decided, Waits, insert_decisions};
use crate::access::{Actor, Target};
use crate::audit::{self, Event};
use crate::core::Core;
use crate::provisioning::facts::target_of_order;

/// An order under its lock, with everything the rules look at.
pub(super) struct Deciding {
    pub(super) order: order::Model,
    pub(super) parties: Parties,
}

/// The powers of an actor over an order: the rule that gives each, in words.
pub(super) struct Powers {
    buyer: Option<String>,
    provider: Option<String>,
}

impl Deciding {
    pub(super) async fn load(tx: &DatabaseTransaction, id: OrderId) -> Result<Self, OrderingError> {
        let seen = order::Entity::find_by_id(id).one(tx).await?;
        let seen = seen.ok_or_else(OrderingError::no_order)?;
        hold_sale(tx, seen.project_id, seen.offering_id).await?;
        let order = lock_order(tx, id).await?;
        let parties = Parties {
            buyer: Buyer::load(tx, order.project_id).await?,
            sale: Sale::load(tx, order.offering_id).await?,
            plan: load_plan(tx, order.plan_id)
                .await?
                .ok_or_else(OrderingError::no_order)?,
        };
        Ok(Self { order, parties })
    }

    pub(super) fn facts<'a>(&'a self, actor: &'a Actor) -> Facts<'a> {
        self.parties
            .facts(actor, self.order.commitment, self.order.currency)
    }

    /// What the actor may decide. Strangers are told there is no such order; those who see it but may not decide, why.
    pub(super) fn powers(&self, actor: &Actor) -> Result<Powers, OrderingError> {
        let facts = self.facts(actor);
        let powers = Powers {
            buyer: facts.power(Side::Buyer),
            provider: facts.power(Side::Provider),
        };
        if powers.buyer.is_some() || powers.provider.is_some() {
            return Ok(powers);
        }
        let target = target_of_order(&self.order);
        if actor.may(Permission::ApproveOrderWithinLimit, &target) {
            return Err(OrderingError::AboveLimit);
        }
        allow(actor, Permission::ApproveOrder, &target, "order")?;
        Err(OrderingError::no_order())
    }

    /// The side that decides now and the rule that lets the actor speak for it. Of two who decide at once, the second
    /// arrives here and is told what the first has made of the order.
    pub(super) fn turn(&self, powers: &Powers, verb: DecisionVerb) -> Result<(Side, String), OrderingError> {
        let state = self.order.state;
        let (side, power) = match state {
            OrderState::PendingBuyer => (Side::Buyer, &powers.buyer),
            OrderState::PendingProvider => (Side::Provider, &powers.provider),
            _ => {
                let refused = model::OrderMoveRefused {
                    state,
                    verb: verb.on(Side::Buyer),
                };
                return Err(refused.into());
            }
        };
        power
            .clone()
            .map(|rule| (side, rule))
            .ok_or(OrderingError::NotYourTurn { state })
    }

    /// What becomes of the provider's side once the buyer's has agreed. A rule that passed it when the order was placed
    /// lasts: the buyer was told that nobody else is asked.
    pub(super) async fn provider_side(
        &self,
        tx: &impl ConnectionTrait,
        actor: &Actor,
    ) -> Result<ProviderSide, OrderingError> {
        let decisions = order_decision::Entity::find()
            .filter(DecisionColumn::OrderId.eq(self.order.id))
            .filter(DecisionColumn::Side.eq(Side::Provider));
        if decisions.count(tx).await? > 0 {
            return Ok(ProviderSide::Decided);
        }
        Ok(self
            .facts(actor)
            .passes(Side::Provider)
            .map_or(ProviderSide::Asked, ProviderSide::Passes))
    }
}

/// Where the provider's side stands when the buyer's has agreed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ProviderSide {
    /// Decided already, by a person or a rule.
    Decided,
    /// Passes by this rule: whoever decides for the buyer and may decide for the provider is not asked a second time.
    Passes(String),
    /// Somebody must be asked.
    Asked,
}

/// The two decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecisionVerb {
    Approve,
    Reject,
}

impl DecisionVerb {
    pub(super) fn on(self, side: Side) -> OrderVerb {
        match (self, side) {
            (Self::Approve, Side::Buyer) => OrderVerb::ApproveBuyer,
            (Self::Approve, Side::Provider) => OrderVerb::ApproveProvider,
            (Self::Reject, _) => OrderVerb::Reject,
        }
    }
}

/// Notes a person's decision.
pub(super) async fn insert_verdict(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: &order::Model,
    verdict: Verdict,
    (side, rule, comment): (Side, String, &str),
) -> Result<(), OrderingError> {
    let decided = Decided {
        side,
        verdict,
        user_id: actor.stored_id(),
        rule,
        comment: comment.to_owned(),
    };
    Ok(insert_decisions(core, tx, order, [decided]).await?)
}

/// A move of an order: the verb in the log, and what is said about it.
pub(super) struct Moved<'a> {
    pub(super) verb: &'static str,
    pub(super) to: OrderState,
    /// Comment or reason of whoever moved it.
    pub(super) reason: &'a str,
    /// Kept on the order as the reason of its failure or refusal.
    pub(super) error: &'a str,
}

/// Stores the move with its audit event, and answers the order as it is now.
pub(super) async fn store_move(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    order: order::Model,
    moved: Moved<'_>,
) -> Result<order::Model, OrderingError> {
    let now = core.now();
    let (before, target) = (order.state, target_of_order(&order));
    let waits = Waits::in_state(moved.to, now);
    let is_over = moved.to.is_terminal() || moved.to == OrderState::Erred;
    let mut row = order.into_active_model();
    row.state = Set(moved.to);
    row.updated_at = Set(now);
    row.waiting_since = Set(waits.since);
    row.expires_at = Set(waits.expires_at);
    row.finished_at = Set(is_over.then_some(now));
    row.error = Set(moved.error.to_owned());
    if before.awaits_decision() && !moved.to.awaits_decision() {
        row.decided_at = Set(Some(now));
    }
    let order = row.update(tx).await?;
    record(core, tx, actor, (order.id, target), (before, &moved)).await?;
    Ok(order)
}

async fn record(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    (id, target): (OrderId, Target),
    (before, moved): (OrderState, &Moved<'_>),
) -> Result<(), OrderingError> {
    let event = Event::new(actor, "order", id.0, moved.verb)
        .on(target)
        .before(json!({ "state": before }))
        .after(json!({ "state": moved.to }))
        .reason(moved.reason);
    audit::record_in(core, tx, event).await?;
    Ok(())
}
