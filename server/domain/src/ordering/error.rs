//! What can go wrong with orders.

use model::{
    FieldFault, Kind, OrderId, OrderKind, OrderMoveRefused, OrderState, Problem, QuoteError,
    ResourceMoveRefused, sentence,
};
use sea_orm::DbErr;

use crate::access::AccessError;
use crate::crypto::SealBroken;
use crate::db_error::db_problem;
use crate::idempotency::IdempotencyError;
use crate::provisioning::ProvisioningError;

/// A refusal or failure around orders.
#[derive(Debug, thiserror::Error)]
pub enum OrderingError {
    /// It does not exist, or is not yours.
    #[error("there is no such {what}, or it is not yours")]
    NotFound {
        /// Of what: `order`, `offering`, `project`, `resource`.
        what: &'static str,
    },
    /// Fields of the draft or decision are at fault.
    #[error("{} fields are at fault", .0.len())]
    Invalid(Vec<FieldFault>),
    /// The order's state does not allow this.
    #[error(transparent)]
    Move(#[from] OrderMoveRefused),
    /// The resource's state does not allow this.
    #[error(transparent)]
    Resource(#[from] ResourceMoveRefused),
    /// Another order for the resource is open.
    #[error("order {order} for this resource is open")]
    OpenOrder {
        /// The order that came first.
        order: OrderId,
        /// What it asks for.
        kind: OrderKind,
        /// Where it stands.
        state: OrderState,
    },
    /// What was changed is no longer as it was seen.
    #[error("somebody changed it in the meantime")]
    ChangedMeanwhile,
    /// Nothing can be ordered here now; the text says why, in full sentences.
    #[error("{0}")]
    NotOrderable(String),
    /// A rule of approval takes no such order; the text is the reason that whoever made the rule gave.
    #[error("a rule takes no such order: {0}")]
    RefusedByRule(String),
    /// The order asks somebody else of that side now.
    #[error("somebody else is asked: {rule}")]
    NotAsked {
        /// By which rule, in words.
        rule: String,
    },
    /// The actor has decided on this step; others must as well.
    #[error("the actor has decided on this step already")]
    DecidedAlready,
    /// The actor has placed the order, and whoever places it does not count here.
    #[error("whoever placed the order does not decide on it: {rule}")]
    OwnOrder {
        /// By which rule, in words.
        rule: String,
    },
    /// The other side decides now.
    #[error("the order is {}: the other side decides now", state.label().to_lowercase())]
    NotYourDecision {
        /// Whom it waits for.
        state: OrderState,
    },
    /// The cost is above what the actor may approve.
    #[error("the commitment is above the limit up to which you may approve")]
    AboveLimit,
    /// The price cannot be computed.
    #[error("the price cannot be computed")]
    Price(#[source] QuoteError),
    /// The request with this key was refused.
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// Around the resource.
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    /// Access was refused.
    #[error(transparent)]
    Access(#[from] AccessError),
    /// The time zone of the buyer or the provider does not exist.
    #[error(transparent)]
    Zone(#[from] crate::zone::UnknownZone),
    /// What is billed cannot be read.
    #[error(transparent)]
    Billing(#[from] crate::billing::BillingError),
    /// A cursor that is not one of ours.
    #[error(transparent)]
    Cursor(#[from] crate::page::BadCursor),
    /// A secret answer cannot be sealed.
    #[error("a secret answer cannot be sealed")]
    Secret(#[from] SealBroken),
    /// The database failed.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl OrderingError {
    pub(super) fn no_order() -> Self {
        Self::NotFound { what: "order" }
    }

    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound { what } => {
                let detail = format!("There is no such {what}, or it is not yours.");
                Problem::plain(Kind::NotFound, format!("{what}_not_found"), detail)
            }
            Self::Invalid(faults) => Problem::invalid(faults.clone()),
            Self::Move(refused) => Problem::plain(Kind::Conflict, "order_state", sentence(refused)),
            Self::Resource(refused) => Problem::plain(Kind::Conflict, "resource_state", sentence(refused)),
            Self::OpenOrder { order, kind, state } => Problem::plain(
                Kind::Conflict,
                "open_order",
                open_order_detail(*order, *kind, *state),
            ),
            Self::ChangedMeanwhile => Problem::plain(
                Kind::Conflict,
                "changed_meanwhile",
                "Somebody changed this in the meantime. Look at how it is now, and change that.",
            ),
            Self::NotOrderable(reason) => Problem::plain(Kind::Conflict, "not_orderable", reason.clone()),
            Self::RefusedByRule(reason) => Problem::plain(
                Kind::Conflict,
                "refused_by_rule",
                format!("This order is not taken: {}", sentence(reason)),
            ),
            Self::NotAsked { rule } => Problem::plain(
                Kind::Forbidden,
                "not_asked",
                format!("This step of the order does not ask you. {rule}"),
            ),
            Self::DecidedAlready => Problem::plain(
                Kind::Conflict,
                "decided_already",
                "You have approved this order already, or whom you decide for has. It waits for somebody else to agree as well.",
            ),
            Self::OwnOrder { rule } => Problem::plain(
                Kind::Forbidden,
                "own_order",
                format!("You have placed this order, so somebody else decides on it. {rule}"),
            ),
            Self::NotYourDecision {
                state: OrderState::PendingProvider,
            } => Problem::plain(
                Kind::Conflict,
                "order_state",
                "The buyer's side has approved this order already; it is waiting for the provider now.",
            ),
            Self::NotYourDecision { .. } => Problem::plain(
                Kind::Conflict,
                "order_state",
                "This order is still waiting for the buyer's side. You can decide once they have approved it.",
            ),
            Self::AboveLimit => Problem::plain(
                Kind::Forbidden,
                "above_approval_limit",
                "This order commits to more than you may approve in this project. An owner of the organization must decide.",
            ),
            Self::Price(error @ QuoteError::TooLarge(_)) => error.clone().into(),
            Self::Price(_) => Problem::plain(
                Kind::Conflict,
                "no_price",
                "The price of this order cannot be computed. Choose smaller amounts, or ask the provider.",
            ),
            Self::Idempotency(error) => error.problem(),
            Self::Provisioning(error) => error.problem(),
            Self::Access(error) => error.problem(),
            Self::Zone(error) => error.problem(),
            Self::Billing(error) => error.problem(),
            Self::Cursor(error) => error.problem(),
            Self::Secret(_) => Problem::plain(
                Kind::Internal,
                "secret_unsealable",
                "Your secret answer could not be stored safely, so nothing was ordered. Please tell the people who run this portal.",
            ),
            Self::Db(error) => db_problem(error),
        }
    }
}

fn open_order_detail(order: OrderId, kind: OrderKind, state: OrderState) -> String {
    let next = match state {
        OrderState::Erred => "Try it again or withdraw it first.",
        OrderState::Executing => "Wait until it is done.",
        _ => "Wait until it is done, or withdraw it first.",
    };
    let (what, state) = (kind.label().to_lowercase(), state.label().to_lowercase());
    format!("An order for this resource is already open: {what}, {state} (order {order}). {next}")
}
