use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{DisplayRow, OrderDetail, OrderKind, pricing::counted};

use super::provider_id;
use crate::{
    appearance,
    components::*,
    page::{Area, page},
    pages::orders::{
        requested::{OrderAnswers, RequestedAmounts},
        sums::{first_invoice, full_month},
    },
    reply::FormReply,
    routes,
    server_fns::provider::{ProviderOrder, load_provider_order},
};

#[component]
pub fn ProviderOrderPage() -> impl IntoView {
    let provider = provider_id();
    let order = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page(Area::Provider(provider.clone()), async move {
        let facts = load_provider_order(provider.clone(), order).await?;
        Ok(view! { <Handle provider=provider facts=facts/> })
    })
}

#[component]
fn Handle(provider: String, facts: ProviderOrder) -> impl IntoView {
    let ProviderOrder {
        order,
        secrets,
        reply,
    } = facts;
    let summary = order.summary.clone();
    let said = |text: &str, tone: Tone| {
        let text = text.to_owned();
        (!text.is_empty()).then(|| view! { <Banner tone=tone>{text}</Banner> })
    };
    let waiting = said(&order.waiting_for, Tone::Waiting);
    let wrong = said(&order.error, Tone::Bad);
    let decide = summary
        .can_decide
        .then(|| view! { <Decide provider=provider.clone() order=order.clone()/> });
    let fulfil = order.can_fulfil.then(
        || view! { <ByHand provider=provider.clone() order=order.clone() secrets=secrets reply=reply/> },
    );
    view! {
        <Title text=format!("Order: {}", summary.resource_name)/>
        <PageHeader
            title=summary.resource_name.clone()
            breadcrumbs=vec![
                Breadcrumb::to("Orders", routes::provider_part(&provider, "orders")),
                Breadcrumb::here(summary.resource_name.clone()),
            ]
            lead=format!("{} · {} · {}", summary.kind.label(), summary.offering_name, summary.plan_name)
            state=view! { <StateBadge tone=appearance::order_tone(summary.state) label=summary.state.label()/> }.into_any()
            actions=view! { <LinkButton href=routes::order(summary.id)>"Whole order"</LinkButton> }.into_any()
        />
        {waiting}
        {wrong}
        {decide}
        {fulfil}
        <Facts order=order.clone()/>
        <RequestedAmounts order=order.clone()/>
        <OrderAnswers title="Their answers" rows=order.answers/>
    }
}

/// What the buyer answered in secret, for whoever carries the order out; it is asked for, because that is written down.
#[component]
fn SecretAnswers(rows: Vec<DisplayRow>) -> impl IntoView {
    let rows = rows
        .into_iter()
        .map(|row| view! { <KeyValue label=row.label><code>{row.text}</code></KeyValue> })
        .collect_view();
    view! {
        <Section title="Secret answers" lead="Don't keep them elsewhere than on the resource. The next page that you open hides them again.">
            <KeyValues columns=true>{rows}</KeyValues>
        </Section>
    }
}

#[component]
fn Facts(order: OrderDetail) -> impl IntoView {
    let summary = order.summary;
    let (first_sum, month_sum) = (first_invoice(&summary), full_month(&summary));
    let day = |label: &'static str, day: Option<chrono::NaiveDate>| {
        day.map(|day| view! { <KeyValue label=label><DayText day=day/></KeyValue> })
    };
    let (first, last) = (
        day("First day", order.start_date),
        day("Last day", order.end_date),
    );
    let term = order
        .term_months
        .map(|months| view! { <KeyValue label="Term">{counted(months.into(), "month")}</KeyValue> });
    view! {
        <Section title="What was ordered" lead="Amounts are without tax.">
            <KeyValues columns=true>
                <KeyValue label="Buyer">{summary.organization_name}</KeyValue>
                <KeyValue label="Project">{summary.project_name}</KeyValue>
                <KeyValue label="Placed by">{model::requester_name(summary.requested_by)}</KeyValue>
                <KeyValue label="Placed">
                    <DateText at=summary.created_at time=true/>
                </KeyValue>
                {first}
                {term}
                {last}
                <KeyValue label="Commits to">{money_text(summary.commitment)}</KeyValue>
                <KeyValue label="First invoice">{first_sum}</KeyValue>
                <KeyValue label="Fixed per month">{month_sum}</KeyValue>
            </KeyValues>
        </Section>
    }
}

/// The provider's own decision; the answer leads back to this page.
#[component]
fn Decide(provider: String, order: OrderDetail) -> impl IntoView {
    view! {
        <Section title="Your decision" lead="Approved orders are carried out at once, or on their first day.">
            <Form action="/fn/approve_order" label="Decide on the order">
                <HiddenField name="provider" value=provider/>
                <HiddenField name="order" value=order.summary.id.to_string()/>
                <TextArea name="comment" label="Comment" rows=2 help="Needed when you reject; the buyer reads it." maxlength=u32::from(model::REASON_LENGTH)/>
                <FormActions>
                    <SubmitButton icon=Icon::Check attr:data-test="accept">
                        "Approve"
                    </SubmitButton>
                    <SubmitButton kind=ButtonKind::Danger formaction="/fn/reject_order" attr:data-test="reject">
                        "Reject"
                    </SubmitButton>
                </FormActions>
            </Form>
        </Section>
    }
}

/// For what no backend does by itself.
#[component]
fn ByHand(
    provider: String,
    order: OrderDetail,
    secrets: Option<Vec<DisplayRow>>,
    reply: FormReply,
) -> impl IntoView {
    let ids = vec![
        ("provider".to_owned(), provider),
        ("order".to_owned(), order.summary.id.to_string()),
    ];
    let lead = match order.summary.kind {
        OrderKind::Terminate => {
            "End the resource on your side, then say so here. The buyer stops paying for it."
        }
        OrderKind::Renew => {
            "Renew it on your side, then say so here. The buyer pays from the first day of the new term."
        }
        OrderKind::Create | OrderKind::ChangeLimits | OrderKind::SwitchPlan => {
            "Do what the order asks for, then say so here. The buyer pays for it from then on."
        }
    };
    let (errors, open) = (reply.errors(), reply.error("reason").is_some());
    let hides = order.has_secret_answers && secrets.is_none();
    let done = view! { <Done ids=ids.clone() kind=order.summary.kind hides=hides reply=reply.clone()/> };
    let secrets = secrets.map(|rows| view! { <SecretAnswers rows=rows/> });
    view! {
        {secrets}
        <Section title="Carry it out" lead=lead>
            <ErrorSummary errors=errors title="That was not stored."/>
            {done}
            <Disclosure summary="It cannot be done" open=open>
                <CannotDo ids=ids reply=reply/>
            </Disclosure>
        </Section>
    }
}

#[component]
fn Done(ids: Vec<(String, String)>, kind: OrderKind, hides: bool, reply: FormReply) -> impl IntoView {
    // It belongs to this form, so that what was typed comes back beside the answers; and it stands behind the button that
    // the enter key presses.
    let show = hides.then(|| {
        view! {
            <SubmitButton
                kind=ButtonKind::Secondary
                formaction="/fn/show_secret_answers"
                attr:formnovalidate=""
                attr:data-test="show-secrets"
            >
                "Show the secret answers"
            </SubmitButton>
        }
    });
    let told = hides.then(|| {
        view! {
            <p class="small muted">
                "The buyer has given secret answers, which are needed to carry the order out. What you have typed here stays when you have them shown; the buyer sees in the order's history that you have read them."
            </p>
        }
    });
    let delivers = kind != OrderKind::Terminate;
    let is_new = kind == OrderKind::Create;
    view! {
        <Form action="/fn/fulfil_order" label="Carried out">
            <HiddenFields fields=ids/>
            {delivers.then(|| view! { <Delivered is_new=is_new reply=reply.clone()/> })}
            <TextArea
                name="note"
                label="Note to the buyer"
                rows=2
                value=reply.value_or("note", "")
                error=reply.error("note")
                maxlength=u32::from(model::REASON_LENGTH)
            />
            {told}
            <FormActions>
                <SubmitButton icon=Icon::Check attr:data-test="fulfil">
                    "It is done"
                </SubmitButton>
                {show}
            </FormActions>
        </Form>
    }
}

#[component]
fn Delivered(is_new: bool, reply: FormReply) -> impl IntoView {
    view! {
        <TextField
            name="backend_id"
            label="Your name for it"
            value=reply.value_or("backend_id", "")
            help="Under which you find it again: an account, a contract, a host name."
            error=reply.error("backend_id")
            maxlength=200
            mono=true
            // What was there before has a name already.
            required=is_new
        />
        <TextArea
            name="access"
            label="How the buyer reaches it"
            rows=3
            value=reply.value_or("access", "")
            help="One on each line, as “Address: https://vm1.example.org”."
            error=reply.error("access")
        />
    }
}

#[component]
fn CannotDo(ids: Vec<(String, String)>, reply: FormReply) -> impl IntoView {
    view! {
        <Form action="/fn/cannot_fulfil" label="It cannot be done">
            <HiddenFields fields=ids/>
            <TextArea
                name="reason"
                label="Why"
                rows=2
                value=reply.value_or("reason", "")
                help="The buyer reads it."
                error=reply.error("reason")
                maxlength=u32::from(model::REASON_LENGTH)
                required=true
            />
            <FormActions>
                <SubmitButton kind=ButtonKind::Danger attr:data-test="cannot-fulfil">
                    "Tell the buyer"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
