//! Orders: placing them and deciding on them.

use model::{OrderId, ResourceId};
use serde::Deserialize;

use super::{One, Text, form};

form! {
    /// The order form of an offering. What is chosen is read together with the offering (`order_form`).
    PlaceOrder {
        offering: Text;
        idempotency_key: Text, once_more: One, project: One, plan: One, name: One, price_mark: One, start_date: One, end_date: One, term_months: One, terms_version: One,
        accept_terms: One, secret_fields: Vec<String>;
        "limits", "expected_use", "attributes"
    }
}

form! {
    /// One decision about one order.
    DecideOrder { order: OrderId; provider: Text, comment: Text, reason: Text }
}

/// What is decided on several orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// They go on.
    Approve,
    /// They are refused.
    Reject,
}

form! {
    /// One decision about several orders.
    DecideOrders { verdict: Verdict; order: Vec<OrderId>, comment: Text }
}

form! {
    /// Other limits for a resource.
    ChangeLimits { resource: ResourceId; idempotency_key: Text; "limits", "expected_use" }
}

form! {
    /// Another plan for a resource.
    SwitchPlan { resource: ResourceId; idempotency_key: Text, plan: Text, price_mark: Text }
}

form! {
    /// The end of a resource.
    TerminateResource { resource: ResourceId; idempotency_key: Text, reason: Text }
}

form! {
    /// Another term of a resource.
    RenewResource { resource: ResourceId; idempotency_key: Text, term_months: Text, price_mark: Text, once_more: One }
}

form! {
    /// Another last day of a resource; it is read with all faults at once.
    ChangeEnd { resource: ResourceId; revision: Text, last_day: One }
}
