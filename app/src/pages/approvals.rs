//! One queue for all that waits for this person.

use leptos::prelude::*;
use leptos_meta::Title;
use model::OrderSummary;

use crate::{
    components::*,
    page::{Area, page},
    pages::orders::sums::{first_invoice, full_month},
    reply::FormReply,
    routes,
    server_fns::approvals::{ApprovalQueue, load_approvals},
};

#[component]
pub fn ApprovalsPage() -> impl IntoView {
    page(Area::Market, async { Ok(queue(load_approvals().await?)) })
}

fn queue(queue: ApprovalQueue) -> impl IntoView {
    let ApprovalQueue { page, reply } = queue;
    let next = page
        .next
        .map(|cursor| format!("/approvals?cursor={}", crate::address::encode(&cursor)));
    let body = if page.items.is_empty() {
        view! {
            <Section>
                <EmptyState illustration=Illustration::Inbox title="Nothing waits for you">
                    "Orders that need your decision or your work appear here, with what they cost."
                </EmptyState>
            </Section>
        }
        .into_any()
    } else {
        decisions(page.items, &reply).into_any()
    };
    view! {
        <Title text="Approvals"/>
        <PageHeader title="Approvals" lead="What waits for your decision or your work, the oldest order first. Amounts are without tax."/>
        {body}
        <CursorPages next=next/>
    }
}

/// What was refused comes back with what was selected and said.
fn decisions(orders: Vec<OrderSummary>, reply: &FormReply) -> impl IntoView + use<> {
    let (errors, comment) = (reply.errors(), reply.value_or("comment", ""));
    let selected = reply.values_or("order", Vec::new());
    let columns = vec![
        Column::text("Order"),
        Column::text("For").hide_phone(),
        Column::text("Asked by"),
        Column::text("Ordered"),
        Column::number("Commits to"),
        Column::number("First invoice").hide_phone(),
        Column::number("Fixed per month").hide_phone(),
    ];
    let rows: Vec<_> = orders.into_iter().map(|one| row(one, &selected)).collect();
    view! {
        <Form action="/fn/decide_orders" guard=false>
            <ErrorSummary errors=errors/>
            <Section flush=true>
                <DataTable caption="Orders that wait for you" columns=columns select="Select all".to_owned()>{rows}</DataTable>
            </Section>
            <BulkBar>
                <TextField name="comment" label="Comment" value=comment help="Needed to reject." maxlength=u32::from(model::REASON_LENGTH)/>
                <SubmitButton name="verdict" value="approve" attr:data-test="approve-selected">"Approve"</SubmitButton>
                <SubmitButton name="verdict" value="reject" kind=ButtonKind::Danger attr:data-test="reject-selected">
                    "Reject"
                </SubmitButton>
            </BulkBar>
        </Form>
    }
}

fn row(one: OrderSummary, selected: &[String]) -> impl IntoView + use<> {
    let id = one.id.to_string();
    let is_selected = selected.contains(&id);
    // Work by hand is done on the provider's page of the order.
    let href = routes::order_to_do(&one);
    let rises = one.higher_price_from.map(|day| {
        let words = format!("a higher price is published from {}", format_day(day));
        view! { <br/><span class="muted small">{words}</span> }
    });
    let (first, month) = (first_invoice(&one), full_month(&one));
    let select = one.can_decide.then(|| ("order".to_owned(), id));
    view! {
        <Row unselectable=select.is_none() select=select selected=is_selected select_label=one.resource_name.clone()>
            <MainCell href=href sub=format!("{} · {}", one.kind.label(), one.offering_name)>
                {one.resource_name}
            </MainCell>
            <Cell label="For">{one.project_name}<br/><span class="muted small">{one.organization_name}</span></Cell>
            <Cell label="Asked by">{model::requester_name(one.requested_by)}</Cell>
            <Cell label="Ordered"><RelativeTime at=one.created_at/></Cell>
            <Cell label="Commits to" num=true>{money_text(one.commitment)} {rises}</Cell>
            <Cell label="First invoice" num=true>{first}</Cell>
            <Cell label="Fixed per month" num=true>{month}</Cell>
        </Row>
    }
}
