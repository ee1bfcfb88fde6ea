//! What people do with an order: approve, reject, withdraw, try again.

use leptos::prelude::*;
use model::OrderDetail;

use super::sums::in_words;
use crate::{components::*, reply::FormReply};

/// For whoever must decide: what it costs, and the two answers.
#[component]
pub(super) fn DecideForm(order: OrderDetail, reply: FormReply) -> impl IntoView {
    let summary = order.summary;
    let rises = summary.higher_price_from.map(|day| {
        format!(
            " A higher price is published from {}: see what it costs.",
            format_day(day)
        )
    });
    view! {
        <Section
            title="Your decision"
            lead=format!(
                "Asked for by {}. {}{}",
                model::requester_name(summary.requested_by.clone()),
                in_words(&summary),
                rises.unwrap_or_default(),
            )
        >
            <Form action="/fn/approve_order" label="Decide on the order">
                <HiddenField name="order" value=summary.id.to_string()/>
                <TextArea
                    name="comment"
                    label="Comment"
                    rows=2
                    value=reply.value_or("comment", "")
                    help="Needed when you reject; whoever ordered reads it."
                    error=reply.error("comment")
                    maxlength=u32::from(model::REASON_LENGTH)
                />
                <FormActions>
                    <SubmitButton busy="Approving…" icon=Icon::Check attr:data-test="approve">
                        "Approve"
                    </SubmitButton>
                    <SubmitButton
                        kind=ButtonKind::Danger
                        formaction="/fn/reject_order"
                        busy="Rejecting…"
                        attr:data-test="reject"
                    >
                        "Reject"
                    </SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
}

/// Trying again and withdrawing, where they are possible.
#[component]
pub(super) fn EndButtons(order: OrderDetail) -> impl IntoView {
    let fields = vec![("order".to_owned(), order.summary.id.to_string())];
    let retry = order.can_retry.then(|| {
        view! {
            <PostButton action="/fn/retry_order" fields=fields.clone() icon=Icon::Refresh attr:data-test="retry-order">
                "Try again"
            </PostButton>
        }
    });
    let cancel = order.can_cancel.then(|| {
        view! {
            <DialogButton for_id="withdraw" attr:data-test="cancel-order">"Withdraw"</DialogButton>
            <ConfirmDialog id="withdraw" title="Withdraw this order?" action="/fn/cancel_order" confirm="Withdraw it" danger=true fields=fields>
                "Nothing is carried out for it. A withdrawn order cannot be taken up again; a new one is placed at the prices of then."
            </ConfirmDialog>
        }
    });
    view! { {retry} {cancel} }
}
