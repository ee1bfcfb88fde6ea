use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{
    Interval, LimitUse, Line, OrderState, ResourceActions, ResourceChange, ResourceDetail, ResourceState,
    RunningCost, TimelineEntry,
    pricing::{counted, unit_word},
};

use super::{actions, lifetime, tone, usage};
use crate::{
    components::*,
    page::{Area, page_with_area},
    routes,
    server_fns::resources::{ResourceFacts, load_resource},
};

#[component]
pub fn ResourcePage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page_with_area(Area::Market, async move {
        let facts = load_resource(id).await?;
        let place = Area::of_project(facts.resource.summary.project_id);
        Ok((place, whole(facts)))
    })
}

fn whole(facts: ResourceFacts) -> impl IntoView {
    let ResourceFacts {
        resource,
        usage,
        span,
        cost,
        actions,
        asked,
        token,
        refused,
    } = facts;
    let id = resource.summary.id;
    let is_at_work = actions::is_waiting(&asked);
    let parts = actions::parts(id, &actions, is_at_work);
    let condition = unusual(&actions, &resource);
    let actions = actions::actions(id, &actions, asked, (token, refused));
    let name = resource.summary.name.clone();
    let error = failure(&resource);
    let open = resource.open_order.map(|order| {
        let (tone, title, link) = if resource.open_order_state == Some(OrderState::Erred) {
            (
                Tone::Bad,
                "An order for it failed",
                "See the order, which can be tried again or withdrawn",
            )
        } else {
            (Tone::Waiting, "A change is on its way", "See the order")
        };
        view! {
            <Banner tone=tone title=title>
                <a href=routes::order(order) data-test="open-order">{link}</a>
            </Banner>
        }
    });
    let notice = lifetime::notice(&resource);
    let (head, limits) = (head(&resource, condition, is_at_work), usage::limits(&resource));
    // What is over uses nothing any more; what it had stands in its history.
    let limits = (!resource.summary.state.is_terminal()).then(|| {
        view! { <Section title=usage::limits_title(&resource)>{limits}</Section> }
    });
    let (used, cost) = (usage::section(&resource, usage, span), cost_so_far(cost));
    let (history, timeline) = (
        history(resource.history.clone(), &resource.use_of_limits),
        timeline(resource.timeline.clone()),
    );
    let changes = (!resource.changes.is_empty()).then(|| changes(resource.changes.clone()));
    let aside = view! { <Facts resource=resource/> }.into_any();
    view! {
        <Title text=name/>
        {head}
        {error}
        {open}
        {notice}
        <Split aside=aside>
            {actions}
            {used}
            <Section title="Cost of this month" flush=true>{cost}</Section>
            {changes}
            {limits}
            {parts}
            <Section title="Plan and limits over time" flush=true>{history}</Section>
            <Section title="History">{timeline}</Section>
        </Split>
    }
}

/// What went wrong, with the way to the order that can be tried again.
fn failure(resource: &ResourceDetail) -> impl IntoView + use<> {
    let error = Some(resource.error.clone()).filter(|error| !error.is_empty());
    let again = resource.failed_creation.map(|order| {
        view! { " " <a href=routes::order(order) data-test="failed-creation">"See its order, which can be tried again"</a> }
    });
    (error.is_some() || again.is_some())
        .then(|| view! { <Banner tone=Tone::Bad title="Something failed">{error} {again}</Banner> })
}

/// The word for the condition of a resource in use, where it is not the usual one.
fn unusual(actions: &ResourceActions, resource: &ResourceDetail) -> Option<String> {
    let condition = actions.condition.as_ref().filter(|_| !actions.is_usual)?;
    (resource.summary.state == ResourceState::Ok).then(|| condition.label.clone())
}

fn head(resource: &ResourceDetail, condition: Option<String>, is_at_work: bool) -> impl IntoView + use<> {
    let id = resource.summary.id;
    let state = resource.summary.state;
    let why_not = Some(resource.why_not.clone()).filter(|why| !why.is_empty());
    let why_not = why_not.map(|why| view! { <p class="muted small">{why}</p> });
    let (change, end) = (resource.can_change_limits, resource.can_terminate);
    let name = resource.summary.name.clone();
    let up = super::breadcrumb(resource.summary.project_id);
    let lead = format!(
        "{} in {}",
        resource.summary.offering_name, resource.summary.project_name
    );
    let actions = view! {
        {change.then(|| view! {
            <LinkButton href=routes::resource_limits(id) kind=ButtonKind::Primary attr:data-test="change-limits">
                "Change limits"
            </LinkButton>
        })}
        {resource.can_switch_plan.then(|| view! {
            <LinkButton href=routes::resource_plan(id) attr:data-test="switch-plan">"Switch plan"</LinkButton>
        })}
        {resource.lifetime.can_extend.then(|| lifetime::extend(resource))}
        {end.then(|| view! {
            <LinkButton href=routes::resource_end(id) kind=ButtonKind::Danger attr:data-test="terminate">
                "Terminate"
            </LinkButton>
        })}
    };
    let badge = match condition {
        Some(condition) => view! { <StateBadge tone=Tone::Waiting label=condition/> }.into_any(),
        None => view! { <StateBadge tone=tone(state) label=state.label()/> }.into_any(),
    };
    // It changes with what is asked for below.
    let polling = is_at_work.then(|| view! { <span hidden=true data-polling=""></span> });
    let badge = view! {
        <span id="resource-badge" data-test="resource-state" data-polled=is_at_work.then_some("")>{badge}{polling}</span>
    };
    view! {
        <LiveRegion url=format!("/events/resources/{id}?seen={state}") id="resource-live">
            <PageHeader
                title=name.clone()
                breadcrumbs=vec![up, Breadcrumb::here(name)]
                lead=lead
                state=badge.into_any()
                actions=actions.into_any()
            />
        </LiveRegion>
        {why_not}
    }
}

#[component]
fn Facts(resource: ResourceDetail) -> impl IntoView {
    let access = resource.access.into_iter().map(|one| {
        view! { <KeyValue label=one.label copy=one.value.clone()><span class="mono">{one.value}</span></KeyValue> }
    });
    let answers = resource
        .answers
        .into_iter()
        .map(|one| view! { <KeyValue label=one.label>{one.text}</KeyValue> });
    let (access, answers): (Vec<_>, Vec<_>) = (access.collect(), answers.collect());
    let since = resource
        .activated_at
        .map(|at| view! { <KeyValue label="Running since"><DateText at=at time=true/></KeyValue> });
    let ended = resource
        .terminated_at
        .map(|at| view! { <KeyValue label="Ended"><DateText at=at time=true/></KeyValue> });
    let last = lifetime::facts(&resource.lifetime, resource.summary.state);
    let summary = resource.summary;
    view! {
        {(!access.is_empty()).then(|| view! { <Section title="Access"><KeyValues>{access}</KeyValues></Section> })}
        <Section title="Facts">
            <KeyValues>
                <KeyValue label="Plan">{summary.plan_name}</KeyValue>
                <KeyValue label="Provider">{summary.provider_name}</KeyValue>
                <KeyValue label="Organization">{summary.organization_name}</KeyValue>
                <KeyValue label="Project">{link_or_text(routes::project(summary.project_id), summary.project_name)}</KeyValue>
                {since}
                {ended}
                {last}
            </KeyValues>
        </Section>
        {(!answers.is_empty()).then(|| view! { <Section title="What was asked for"><KeyValues>{answers}</KeyValues></Section> })}
    }
}

fn cost_so_far(cost: RunningCost) -> impl IntoView {
    let columns = vec![
        Column::text("What"),
        Column::number("Quantity"),
        Column::number("Unit price"),
        Column::number("Amount"),
    ];
    let currency = cost.currency.to_string();
    let rows: Vec<_> = cost.lines.into_iter().map(|one| line(one, &currency)).collect();
    view! {
        <DataTable caption="Cost of this month" columns=columns>{rows}</DataTable>
        <QuoteLines>
            <QuoteTotal label="So far, without tax">
                <span data-test="running-cost"><Money amount=cost.net.amount currency=currency strong=true/></span>
            </QuoteTotal>
        </QuoteLines>
    }
}

fn line(one: Line, currency: &str) -> impl IntoView + use<> {
    let currency = currency.to_owned();
    let price = one
        .unit_price
        .map(|price| view! { <Money amount=price.to_decimal() currency=currency.clone()/> });
    let amount = view! { <Money amount=one.amount.amount currency=currency strong=true/> };
    let sentence = one.derivation.sentence();
    view! {
        <Row>
            <Cell label="What">
                {one.name}
                <br/>
                <span class="muted small">{sentence}</span>
            </Cell>
            <Cell label="Quantity" num=true><Quantity amount=one.quantity.to_decimal() unit=unit_word(&one.unit, one.quantity)/></Cell>
            <Cell label="Unit price" num=true>{price}</Cell>
            <Cell label="Amount" num=true>{amount}</Cell>
        </Row>
    }
}

/// Prices and terms that are published and will reach the resource.
fn changes(changes: Vec<ResourceChange>) -> impl IntoView {
    let columns = vec![
        Column::text("What"),
        Column::text("Now"),
        Column::text("Then"),
        Column::text("From"),
    ];
    let rows = changes.into_iter().map(|one| {
        let now = if one.now.is_empty() {
            "nothing".to_owned()
        } else {
            one.now
        };
        let from = match one.from {
            Some(at) => view! { <FirstInstant at=at day=one.first_day/> }.into_any(),
            None => "When it is renewed".into_any(),
        };
        view! {
            <Row>
                <Cell label="What">{one.name}</Cell>
                <Cell label="Now">{now}</Cell>
                <Cell label="Then">{one.then}</Cell>
                <Cell label="From">{from}</Cell>
            </Row>
        }
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <Section title="Prices to come" flush=true>
            <DataTable caption="Prices to come" columns=columns>{rows}</DataTable>
        </Section>
    }
}

/// Limits under their components' names; a component that is gone goes by its code.
fn history(intervals: Vec<Interval>, components: &[LimitUse]) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("From"),
        Column::text("To"),
        Column::text("Plan"),
        Column::text("Limits"),
    ];
    let rows = intervals.into_iter().map(|one| {
        let limits: Vec<String> = one
            .limits
            .iter()
            .map(|(code, limit)| {
                let known = components
                    .iter()
                    .map(|one| &one.component.terms)
                    .find(|terms| terms.code == *code);
                known.map_or_else(
                    || format!("{code} {limit}"),
                    |terms| format!("{}: {}", terms.name, counted(*limit, &terms.unit)),
                )
            })
            .collect();
        let until = one.ends_at.map(|at| view! { <DateText at=at time=true/> });
        view! {
            <Row>
                <Cell label="From"><DateText at=one.starts_at time=true/></Cell>
                <Cell label="To">{until}</Cell>
                <Cell label="Plan">{one.plan_name}</Cell>
                <Cell label="Limits">{limits.join(" · ")}</Cell>
            </Row>
        }
    });
    let rows: Vec<_> = rows.collect();
    view! { <DataTable caption="Plan and limits over time" columns=columns>{rows}</DataTable> }
}

/// What happened, newest last.
pub(crate) fn timeline(entries: Vec<TimelineEntry>) -> impl IntoView {
    let items = entries.into_iter().map(|one| {
        let at = view! { <RelativeTime at=one.at/> }.into_any();
        view! { <TimelineItem tone=Tone::Neutral title=one.text at=at by=one.by>{one.note}</TimelineItem> }
    });
    let items: Vec<_> = items.collect();
    view! { <Timeline>{items}</Timeline> }
}
