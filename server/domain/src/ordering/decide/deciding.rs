//! What approving and rejecting share: the locked order, the step on which somebody decides now, and who may.

use entity::order;
use model::{OrderId, OrderVerb, Permission, Side, TokenScope};
use sea_orm::DatabaseTransaction;

use crate::access::Actor;
use crate::actor::check_scope;
use crate::approvals::{Facts, OpenStep, Steps, Turn, WhyNot};
use crate::ordering::OrderingError;
use crate::ordering::allow::allow;
use crate::ordering::locks::lock_order_and_sale;
use crate::ordering::parties::{Buyer, Parties, Sale, load_plan};
use crate::provisioning::facts::target_of_order;

/// An order under its lock, with its steps and everything the rules look at.
pub(super) struct Deciding {
    pub(in crate::ordering) order: order::Model,
    pub(in crate::ordering) parties: Parties,
    pub(in crate::ordering) steps: Steps,
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
        let steps = Steps::of_order(tx, (order.id, order.requested_by)).await?;
        Ok(Self {
            order,
            parties,
            steps,
        })
    }

    pub(in crate::ordering) fn facts<'a>(&'a self, actor: &'a Actor) -> Facts<'a> {
        self.parties
            .facts(actor, self.order.commitment, self.order.currency)
    }

    /// The step on which the actor decides now, and by what. Strangers are told there is no such order; those who see it but
    /// may not decide, why. Of two who decide at once, the second arrives here and is told what the first has made of the order.
    pub(in crate::ordering) fn turn(
        &self,
        actor: &Actor,
        verb: DecisionVerb,
    ) -> Result<(OpenStep, Turn), OrderingError> {
        let facts = self.facts(actor);
        let open = self.steps.open();
        let answer = open.as_ref().map(|step| step.turn_of(&facts));
        match (open, answer) {
            (Some(step), Some(Ok(turn))) => return Ok((step, turn)),
            (_, Some(Err(WhyNot::Decided))) => return Err(OrderingError::DecidedAlready),
            (Some(step), Some(Err(WhyNot::Placed))) => {
                return Err(OrderingError::OwnOrder { rule: step.row.rule });
            }
            _ => {}
        }
        let sides = self.steps.sides_of(&facts);
        if sides.is_empty() {
            return Err(self.refusal(actor));
        }
        let state = self.order.state;
        Err(match self.steps.open() {
            None => model::OrderMoveRefused {
                state,
                verb: verb.on(Side::Buyer),
            }
            .into(),
            Some(step) if sides.contains(&step.row.side) => OrderingError::NotAsked { rule: step.row.rule },
            Some(_) => OrderingError::NotYourDecision { state },
        })
    }

    /// Why somebody decides on nothing here.
    fn refusal(&self, actor: &Actor) -> OrderingError {
        let target = target_of_order(&self.order);
        if actor.may(Permission::ApproveOrderWithinLimit, &target) {
            return OrderingError::AboveLimit;
        }
        // Whose role would let them, but not the token, is told so.
        let held = [Permission::ApproveAsProvider, Permission::ApproveOrderWithinLimit];
        let held = held.into_iter().find(|one| actor.granted(*one, &target));
        let allowed = self.check_token(actor);
        let allowed =
            allowed.and_then(|()| allow(actor, held.unwrap_or(Permission::ApproveOrder), &target, "order"));
        allowed.err().unwrap_or_else(OrderingError::no_order)
    }

    /// Refused where a step asks the actor, whose token may not decide.
    fn check_token(&self, actor: &Actor) -> Result<(), OrderingError> {
        let without = Actor {
            token_scopes: None,
            ..actor.clone()
        };
        if self.steps.sides_of(&self.facts(&without)).is_empty() {
            return Ok(());
        }
        Ok(check_scope(actor, TokenScope::Approve)?)
    }
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
