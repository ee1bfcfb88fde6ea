//! What approving and rejecting share: the locked order, whose turn it is, and who may.

use entity::order_decision::Column as DecisionColumn;
use entity::{order, order_decision};
use model::{OrderId, OrderState, OrderVerb, Permission, Side, Verdict};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, EntityTrait, PaginatorTrait, QueryFilter};

use crate::access::Actor;
use crate::core::Core;
use crate::ordering::OrderingError;
use crate::ordering::allow::allow;
use crate::ordering::decisions::{Decided, insert_decisions};
use crate::ordering::locks::lock_order_and_sale;
use crate::ordering::parties::{Buyer, Parties, Sale, load_plan};
use crate::ordering::rules::Facts;
use crate::provisioning::facts::target_of_order;

/// An order under its lock, with everything the rules look at.
pub(super) struct Deciding {
    pub(in crate::ordering) order: order::Model,
    pub(in crate::ordering) parties: Parties,
}

/// The powers of an actor over an order: the rule that gives each, in words.
pub(super) struct Powers {
    buyer: Option<String>,
    provider: Option<String>,
}

impl Deciding {
    pub(in crate::ordering) async fn load(
        tx: &DatabaseTransaction,
        id: OrderId,
    ) -> Result<Self, OrderingError> {
        let order = lock_order_and_sale(tx, id).await?;
        let parties = Parties {
            buyer: Buyer::load(tx, order.project_id).await?,
            sale: Sale::load(tx, order.offering_id).await?,
            plan: load_plan(tx, order.plan_id)
                .await?
                .ok_or_else(OrderingError::no_order)?,
        };
        Ok(Self { order, parties })
    }

    pub(in crate::ordering) fn facts<'a>(&'a self, actor: &'a Actor) -> Facts<'a> {
        self.parties
            .facts(actor, self.order.commitment, self.order.currency)
    }

    /// What the actor may decide. Strangers are told there is no such order; those who see it but may not decide, why.
    pub(in crate::ordering) fn powers(&self, actor: &Actor) -> Result<Powers, OrderingError> {
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
        // Whose role would let them, but not the token, is told so.
        let held = [Permission::ApproveAsProvider, Permission::ApproveOrderWithinLimit];
        let held = held.into_iter().find(|one| actor.granted(*one, &target));
        allow(actor, held.unwrap_or(Permission::ApproveOrder), &target, "order")?;
        Err(OrderingError::no_order())
    }

    /// The side that decides now and the rule that lets the actor speak for it. Of two who decide at once, the second
    /// arrives here and is told what the first has made of the order.
    pub(in crate::ordering) fn deciding_side(
        &self,
        powers: &Powers,
        verb: DecisionVerb,
    ) -> Result<(Side, String), OrderingError> {
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
            .ok_or(OrderingError::NotYourDecision { state })
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
            .map_or(ProviderSide::MustDecide, ProviderSide::Passes))
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
    MustDecide,
}

/// The two decisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DecisionVerb {
    Approve,
    Reject,
}

impl DecisionVerb {
    pub(in crate::ordering) fn on(self, side: Side) -> OrderVerb {
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
