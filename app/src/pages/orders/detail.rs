use chrono::{DateTime, Utc};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{EventKind, OrderDetail, OrderState, Quote, TimelineEntry};

use super::{
    decide::{DecideForm, EndButtons},
    requested::{OrderAnswers, RequestedAmounts},
    steps::ApprovalSteps,
};
use crate::{
    appearance,
    components::*,
    error::AppError,
    page::{Area, page_with_area},
    reply::FormReply,
    routes,
    server_fns::{ordering::load_order, session::load_reply},
};

#[component]
pub fn OrderPage() -> impl IntoView {
    let id = use_params_map().read().get("id").unwrap_or_default();
    page_with_area(Area::Market, async move {
        let order = load_order(id).await?;
        let reply = load_reply("decide_order".to_owned()).await?;
        let place = Area::of_project(order.summary.project_id);
        Ok::<_, AppError>((place, view! { <OrderView order=order reply=reply/> }))
    })
}

#[component]
fn OrderView(order: OrderDetail, reply: FormReply) -> impl IntoView {
    let summary = order.summary.clone();
    let title = format!("{}: {}", summary.kind.label(), summary.resource_name);
    let aside = view! { <Aside order=order.clone()/> }.into_any();
    let came_too_late = order.came_too_late();
    // Who is about to decide keeps the page still: a reload would take what they type.
    let following = !summary.state.is_terminal() && !summary.can_decide;
    let body = view! {
        <Head order=order.clone()/>
        <WhereItStands order=order.clone() reply=reply/>
        <Split aside=aside>
            <Cost quote=order.quote.clone() until=holds_until(&order)/>
            <RequestedAmounts order=order.clone()/>
            <OrderAnswers title="What the provider was told" rows=order.answers.clone()/>
            <ApprovalSteps steps=order.steps.clone()/>
            <History entries=order.timeline came_too_late=came_too_late/>
        </Split>
    };
    view! {
        <Title text=title/>
        {if following {
            view! {
                <LiveRegion url=format!("/events/orders/{}?seen={}", summary.id, summary.state) id="order-live">
                    {body}
                </LiveRegion>
            }
            .into_any()
        } else {
            view! { <div id="order-live" class="stack-lg">{body}</div> }.into_any()
        }}
    }
}

/// What an order is called that the portal closed: nobody withdrew it.
const CLOSED: &str = "Closed";

#[component]
fn Head(order: OrderDetail) -> impl IntoView {
    let summary = order.summary.clone();
    let label = if order.came_too_late() {
        CLOSED
    } else {
        summary.state.label()
    };
    let state = view! {
        <span data-test="order-state">
            <StateBadge tone=appearance::order_tone(summary.state) label=label/>
        </span>
    };
    let resource = summary.resource_id.map(|id| {
        view! {
            <LinkButton href=routes::resource(id) kind=ButtonKind::Primary attr:data-test="resource-link">
                "Open the resource"
            </LinkButton>
        }
    });
    view! {
        <PageHeader
            title=summary.resource_name.clone()
            breadcrumbs=vec![
                Breadcrumb::to(summary.project_name.clone(), routes::project(summary.project_id)),
                Breadcrumb::to("Orders", format!("/orders?project={}", summary.project_id)),
                Breadcrumb::here(summary.resource_name),
            ]
            lead=format!("{} · {} · {}", summary.kind.label(), summary.offering_name, summary.plan_name)
            state=state.into_any()
            actions=view! { {resource} <EndButtons order=order/> }.into_any()
        />
    }
}

/// Why it waits and for whom, how far it is, what went wrong; and what the viewer may do about it.
#[component]
fn WhereItStands(order: OrderDetail, reply: FormReply) -> impl IntoView {
    let OrderDetail {
        waiting_for, error, ..
    } = order.clone();
    let working = order.summary.state == OrderState::Executing && waiting_for.is_empty();
    let decide = order.summary.can_decide;
    let (title, by_portal) = match order.summary.state {
        OrderState::Erred => ("It could not be carried out", None),
        _ if order.came_too_late() => (
            "Closed, because it came too late",
            Some(" The portal closed the order; nobody withdrew it."),
        ),
        state => (state.label(), None),
    };
    let waiting = (!waiting_for.is_empty()).then(|| {
        view! {
            <Banner tone=Tone::Waiting>
                <span data-test="order-waiting">{waiting_for}</span>
            </Banner>
        }
    });
    let wrong = (!error.is_empty())
        .then(|| view! { <Banner tone=Tone::Bad title=title>{error} {by_portal}</Banner> });
    let work = working.then(|| view! { <Work order=order.clone()/> });
    let by_hand = order.can_fulfil.then(|| {
        let href = routes::order_to_do(&order.summary);
        view! { <div class="cluster"><LinkButton href=href attr:data-test="carry-out">"Carry it out"</LinkButton></div> }
    });
    view! {
        <ErrorSummary errors=reply.errors() title="That did not work:"/>
        {waiting}
        {wrong}
        {work}
        {by_hand}
        {decide.then(|| view! { <DecideForm order=order reply=reply/> })}
    }
}

#[component]
fn Work(order: OrderDetail) -> impl IntoView {
    let progress = order.progress;
    let said = if progress.message.is_empty() {
        "The provider's system is at work.".to_owned()
    } else {
        progress.message
    };
    view! {
        <Card>
            {if progress.total > 0 {
                view! {
                    <Progress
                        value=f64::from(progress.done)
                        max=f64::from(progress.total)
                        label="In progress"
                        tail=format!("{} of {}", progress.done, progress.total)
                        detail=said
                    />
                }
                .into_any()
            } else {
                view! { <Busy label=said/> }.into_any()
            }}
        </Card>
    }
}

#[component]
fn Aside(order: OrderDetail) -> impl IntoView {
    let summary = order.summary;
    let day = |label: &'static str, day: Option<chrono::NaiveDate>| {
        day.map(|day| view! { <KeyValue label=label><DayText day=day/></KeyValue> })
    };
    let (start, end) = (
        day("Starts on", order.start_date),
        day("Last day", order.end_date),
    );
    let term = order.term_months.map(|months| {
        view! { <KeyValue label="Term">{model::pricing::counted(months.into(), "month")}</KeyValue> }
    });
    let terms = order.accepted_terms.map(|version| {
        let href = routes::terms(summary.offering_id, version);
        view! { <KeyValue label="Terms accepted"><a href=href data-test="accepted-terms">{format!("version {version}")}</a></KeyValue> }
    });
    view! {
        <Section title="Order">
            <KeyValues>
                <KeyValue label="Project">
                    {link_or_text(routes::project(summary.project_id), summary.project_name)}
                </KeyValue>
                <KeyValue label="Organization">{summary.organization_name}</KeyValue>
                <KeyValue label="Provider">{summary.provider_name}</KeyValue>
                <KeyValue label="Placed by">{model::requester_name(summary.requested_by)}</KeyValue>
                <KeyValue label="Placed">
                    <DateText at=summary.created_at time=true/>
                </KeyValue>
                <KeyValue label="Commitment">
                    <span data-test="order-commitment">{money_text(summary.commitment)}</span>
                    <small class="muted">" without tax"</small>
                </KeyValue>
                {start}
                {term}
                {end}
                {terms}
                <KeyValue label="Number">
                    <CopyId value=summary.id.to_string() label="order number" short=true/>
                </KeyValue>
            </KeyValues>
        </Section>
    }
}

/// Until when the prices of the quote hold; none where nothing waits for them any more: once it is carried out, they are
/// bound.
fn holds_until(order: &OrderDetail) -> Option<DateTime<Utc>> {
    let now = use_context::<PageTime>().map(|time| time.now);
    let state = order.summary.state;
    let waits = !state.is_terminal() && state != OrderState::Executing;
    let is_ahead = |until: &DateTime<Utc>| now.is_none_or(|now| now < *until);
    order.quote_valid_until.filter(|until| waits && is_ahead(until))
}

#[component]
fn Cost(quote: Option<Quote>, until: Option<DateTime<Utc>>) -> impl IntoView {
    quote.map(|quote| {
        let holds = until.map(|until| {
            view! {
                <p class="small muted">
                    "Higher prices that are published while the order waits do not reach it before " <DateText at=until/>
                    ". What runs gets higher prices when its plan says, after a notice or at a renewal, and lower ones at once."
                </p>
            }
        });
        view! {
            <Section title="What it costs" lead="As it was when the order was placed.">
                <QuoteBox quote=quote/>
                {holds}
            </Section>
        }
    })
}

#[component]
fn History(entries: Vec<TimelineEntry>, came_too_late: bool) -> impl IntoView {
    let items = entries.into_iter().map(move |entry| {
        let at = view! { <RelativeTime at=entry.at/> }.into_any();
        let is_closing = came_too_late && entry.verb == EventKind::OrderCanceled.as_str();
        let title = if is_closing { CLOSED.to_owned() } else { entry.text };
        view! {
            <TimelineItem title=title tone=appearance::event_tone(&entry.verb) at=at by=entry.by>
                {(!entry.note.is_empty()).then(|| view! { <p>{entry.note}</p> })}
            </TimelineItem>
        }
    });
    view! {
        <Section title="What happened">
            <Timeline>{items.collect_view()}</Timeline>
        </Section>
    }
}
