//! What an order costs in lists: net, and of a change what the sums are.

use leptos::prelude::*;
use model::{Money, OrderKind, OrderSummary};

use crate::components::*;

/// The amount of the first invoice; of a change, what it adds to an invoice, which is said.
pub(crate) fn first_invoice(order: &OrderSummary) -> AnyView {
    sum(order.first_invoice, order.kind, "change on an invoice")
}

/// What a full month costs; of a change, the whole month as it will be, which is said.
pub(crate) fn full_month(order: &OrderSummary) -> AnyView {
    sum(order.monthly_cost, order.kind, "with the change")
}

fn sum(amount: Money, kind: OrderKind, note: &'static str) -> AnyView {
    let note = kind
        .is_change()
        .then(|| view! { <span class="row-sub">{note}</span> });
    view! { <div>{money_text(amount)} {note}</div> }.into_any()
}

/// What is decided on, in a sentence.
pub(crate) fn in_words(order: &OrderSummary) -> String {
    let [commits, first, month] = [order.commitment, order.first_invoice, order.monthly_cost].map(money_text);
    if order.kind.is_change() {
        format!(
            "It commits to {commits}: the change on an invoice is {first}, a full month is then {month}; all without tax."
        )
    } else {
        format!("It commits to {commits}: first invoice {first}, then {month} a month, all without tax.")
    }
}
