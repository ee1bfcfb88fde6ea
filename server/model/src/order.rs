//! Orders: kinds, states and the moves between them (`domain.md` 3).

use serde::{Deserialize, Serialize};

use crate::text_enum;

text_enum! {
    /// What an order asks for.
    OrderKind {
        /// A new resource.
        Create = "create", "New resource";
        /// Other limits for a resource.
        ChangeLimits = "change_limits", "Change of limits";
        /// Another plan for a resource.
        SwitchPlan = "switch_plan", "Switch of plan";
        /// Another term for a resource that is paid up front.
        Renew = "renew", "Renewal";
        /// The end of a resource.
        Terminate = "terminate", "Termination";
    }
}

impl OrderKind {
    /// Whether it changes what runs: its sums are differences to what is paid already, a full month apart.
    pub fn is_change(self) -> bool {
        matches!(self, Self::ChangeLimits | Self::SwitchPlan)
    }
}

text_enum! {
    /// Where an order stands.
    OrderState {
        /// Waits for the buyer's side.
        PendingBuyer = "pending_consumer", "Waiting for approval";
        /// Waits for the provider's side.
        PendingProvider = "pending_provider", "Waiting for the provider";
        /// Approved; its first day lies ahead.
        PendingStart = "pending_start", "Scheduled";
        /// The backend is at work.
        Executing = "executing", "In progress";
        /// Carried out.
        Done = "done", "Done";
        /// Refused by either side.
        Rejected = "rejected", "Rejected";
        /// Withdrawn by the buyer, or by the system where it came too late.
        Canceled = "canceled", "Withdrawn";
        /// The backend failed; can be tried again.
        Erred = "erred", "Failed";
        /// Nobody decided in time.
        Expired = "expired", "Expired";
    }
}

text_enum! {
    /// What can happen to an order.
    OrderVerb {
        /// Approve on the buyer's side.
        ApproveBuyer = "approve_consumer", "Approve";
        /// Approve on the provider's side.
        ApproveProvider = "approve_provider", "Accept";
        /// Refuse, on the side that is asked; or by the system, where a scheduled order cannot start on its day.
        Reject = "reject", "Reject";
        /// Withdraw, by the buyer.
        Cancel = "cancel", "Withdraw";
        /// The first day has come.
        Begin = "begin", "Begin";
        /// The backend succeeded.
        Complete = "complete", "Complete";
        /// The backend gave up.
        Fail = "fail", "Fail";
        /// Try a failed order again.
        Retry = "retry", "Try again";
        /// Time ran out.
        Expire = "expire", "Expire";
    }
}

/// A move that the state of an order does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[error("this order is {}, so it cannot be {}", state.label().to_lowercase(), past(*verb))]
pub struct OrderMoveRefused {
    /// The state it is in.
    pub state: OrderState,
    /// What was tried.
    pub verb: OrderVerb,
}

fn past(verb: OrderVerb) -> &'static str {
    match verb {
        OrderVerb::ApproveBuyer | OrderVerb::ApproveProvider => "approved",
        OrderVerb::Reject => "rejected",
        OrderVerb::Cancel => "withdrawn",
        OrderVerb::Begin => "begun",
        OrderVerb::Complete => "completed",
        OrderVerb::Fail => "marked as failed",
        OrderVerb::Retry => "tried again",
        OrderVerb::Expire => "expired",
    }
}

/// What remains to be decided once a step is done, which may be another step of the same side; `domain::ordering` finds it
/// out, the move table obeys it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Awaits {
    /// Somebody of the buyer must approve.
    pub buyer: bool,
    /// Somebody of the provider must approve.
    pub provider: bool,
    /// The first day lies ahead.
    pub start: bool,
}

impl Awaits {
    /// The state in which an order is placed.
    pub fn first(self) -> OrderState {
        if self.buyer {
            OrderState::PendingBuyer
        } else {
            self.after_buyer()
        }
    }

    fn after_buyer(self) -> OrderState {
        if self.provider {
            OrderState::PendingProvider
        } else {
            self.after_provider()
        }
    }

    fn after_provider(self) -> OrderState {
        if self.start {
            OrderState::PendingStart
        } else {
            OrderState::Executing
        }
    }
}

impl OrderState {
    /// The state that follows when `verb` happens, or the refusal.
    pub fn after(self, verb: OrderVerb, awaits: Awaits) -> Result<Self, OrderMoveRefused> {
        use OrderState as S;
        use OrderVerb as V;
        Ok(match (self, verb) {
            (S::PendingBuyer, V::ApproveBuyer) => awaits.first(),
            (S::PendingProvider, V::ApproveProvider) => awaits.after_buyer(),
            (S::PendingBuyer | S::PendingProvider | S::PendingStart, V::Reject) => S::Rejected,
            // A failed order can be given up, so that another order for the same resource becomes possible.
            (S::PendingBuyer | S::PendingProvider | S::PendingStart | S::Erred, V::Cancel) => S::Canceled,
            (S::PendingStart, V::Begin) | (S::Erred, V::Retry) => S::Executing,
            (S::Executing, V::Complete) => S::Done,
            (S::Executing, V::Fail) => S::Erred,
            (S::PendingBuyer | S::PendingProvider, V::Expire) => S::Expired,
            (state, verb) => return Err(OrderMoveRefused { state, verb }),
        })
    }

    /// Nothing more will happen to the order by itself; `Erred` is open because it can be tried again.
    pub fn is_terminal(self) -> bool {
        matches!(self, Self::Done | Self::Rejected | Self::Canceled | Self::Expired)
    }

    /// Waits for a person's decision.
    pub fn awaits_decision(self) -> bool {
        matches!(self, Self::PendingBuyer | Self::PendingProvider)
    }

    /// The buyer can still withdraw it, or give it up after it failed.
    pub fn can_cancel(self) -> bool {
        self.after(OrderVerb::Cancel, Awaits::default()).is_ok()
    }
}

text_enum! {
    /// Whose decision it is.
    Side {
        /// The buyer's organization.
        Buyer = "consumer", "Buyer";
        /// The service provider.
        Provider = "provider", "Provider";
    }
}

text_enum! {
    /// A decision on an order.
    Verdict {
        /// Approved by a person.
        Approved = "approved", "Approved";
        /// Refused by a person.
        Rejected = "rejected", "Rejected";
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;

    #[test]
    fn moves_of_every_state() {
        let mut table = String::new();
        for state in OrderState::ALL {
            for verb in OrderVerb::ALL {
                let next = state
                    .after(*verb, Awaits::default())
                    .map_or("-", OrderState::as_str);
                writeln!(table, "{:<17} {:<17} {next}", state.as_str(), verb.as_str()).unwrap();
            }
        }
        insta::assert_snapshot!(table);
    }

    #[test]
    fn a_placed_order_waits_for_each_side_in_turn() {
        let all = Awaits {
            buyer: true,
            provider: true,
            start: true,
        };
        let mut state = all.first();
        assert_eq!(state, OrderState::PendingBuyer);
        let provider = Awaits { buyer: false, ..all };
        let start = Awaits {
            provider: false,
            ..provider
        };
        for (verb, awaits, expected) in [
            // Another step of the buyer's.
            (OrderVerb::ApproveBuyer, all, OrderState::PendingBuyer),
            (OrderVerb::ApproveBuyer, provider, OrderState::PendingProvider),
            (OrderVerb::ApproveProvider, provider, OrderState::PendingProvider),
            (OrderVerb::ApproveProvider, start, OrderState::PendingStart),
            (OrderVerb::Begin, start, OrderState::Executing),
            (OrderVerb::Fail, start, OrderState::Erred),
            (OrderVerb::Retry, start, OrderState::Executing),
            (OrderVerb::Complete, start, OrderState::Done),
        ] {
            state = state.after(verb, awaits).unwrap();
            assert_eq!(state, expected);
        }
    }

    #[test]
    fn approving_a_canceled_order_says_why_not() {
        let refusal = OrderState::Canceled
            .after(OrderVerb::ApproveBuyer, Awaits::default())
            .unwrap_err();
        assert_eq!(
            refusal.to_string(),
            "this order is withdrawn, so it cannot be approved"
        );
    }
}
