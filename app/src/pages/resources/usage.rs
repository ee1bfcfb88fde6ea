use leptos::prelude::*;
use model::{
    BillingPeriod, ChargeType, ComponentTerms, ComponentUsage, Fixed, LimitUse, Month, ResourceDetail,
    ResourceId,
    pricing::{counted, unit_word},
};

use crate::{components::*, routes, server_fns::resources::UsageSpan};

/// What was used by day. Absent where nothing is metered.
pub(super) fn section(
    resource: &ResourceDetail,
    usage: Vec<ComponentUsage>,
    span: UsageSpan,
) -> impl IntoView + use<> {
    let is_metered = usage.iter().any(|one| !one.total.is_zero())
        || !resource.usage_error.is_empty()
        || resource.use_of_limits.iter().any(|one| is_metered(resource, one));
    let wrong = Some(resource.usage_error.clone()).filter(|error| !error.is_empty());
    let wrong = wrong.map(|error| {
        view! {
            <Banner tone=Tone::Bad title="Not all usage could be read">
                {error} " It is tried again every few minutes; what is used meanwhile is read then."
            </Banner>
        }
    });
    let read = resource.usage_until.map(|at| {
        view! {
            <p class="muted small">
                "Read from the backend up to " <DateText at=at time=true/>
            </p>
        }
    });
    let (lead, months) = (lead(span.month), months(resource.summary.id, span));
    is_metered.then(|| {
        view! {
            <Section title="Usage" lead=lead id="usage" actions=months>
                {wrong}
                <div class="stack-lg" data-test="usage-chart">{charts(usage, span.month)}</div>
                {read}
            </Section>
        }
    })
}

fn lead(month: Option<Month>) -> String {
    match month {
        Some(month) => format!("{}, per day.", month.title()),
        None => "The last 30 days, per day.".to_owned(),
    }
}

/// `in November 2026`, `in the last 30 days`.
fn when(month: Option<Month>) -> String {
    match month {
        Some(month) => format!("in {}", month.title()),
        None => "in the last 30 days".to_owned(),
    }
}

/// The ways to other days.
fn months(id: ResourceId, span: UsageSpan) -> AnyView {
    let at = |month: Month| format!("{}?usage={month}#usage", routes::resource(id));
    let link = |month: Option<Month>, test: &'static str| {
        month.map(|month| view! { <a class="small" href=at(month) data-test=test>{month.title()}</a> })
    };
    let newest = span.month.map(|_| {
        view! { <a class="small" href=format!("{}#usage", routes::resource(id))>"The last 30 days"</a> }
    });
    let (earlier, later) = (
        link(span.earlier, "earlier-usage"),
        link(span.later, "later-usage"),
    );
    view! { <span class="cluster">{earlier} {later} {newest}</span> }.into_any()
}

/// Whether use of the component is known: it is charged by use, or was read from a backend or reported.
fn is_metered(resource: &ResourceDetail, one: &LimitUse) -> bool {
    one.component.terms.charge == ChargeType::Usage || resource.usage_until.is_some() || !one.used.is_zero()
}

/// A chart for each component that was used at all, with its users.
fn charts(usage: Vec<ComponentUsage>, month: Option<Month>) -> impl IntoView {
    let used: Vec<ComponentUsage> = usage.into_iter().filter(|one| !one.total.is_zero()).collect();
    if used.is_empty() {
        return view! {
            <EmptyState illustration=Illustration::Chart title=format!("Nothing used {}", when(month)) compact=true>
                "What is used is shown here by day, once it was reported."
            </EmptyState>
        }
        .into_any();
    }
    let chart = |one| chart(one, month);
    used.into_iter().map(chart).collect_view().into_any()
}

fn chart(one: ComponentUsage, month: Option<Month>) -> impl IntoView {
    let points = one.days.iter().map(|day| ChartPoint {
        label: format_day(day.day),
        short: day.day.format("%-d").to_string(),
        value: day.quantity.to_decimal(),
    });
    let users: Vec<String> = one
        .users
        .iter()
        .filter(|user| !user.username.is_empty())
        .map(|user| format!("{} {}", user.username, format_rounded(user.quantity.to_decimal())))
        .collect();
    let by =
        (!users.is_empty()).then(|| view! { <p class="muted small">"By user: " {users.join(" · ")}</p> });
    let total = format!(
        "{} {}",
        format_with_unit(one.total.to_decimal(), &one.unit),
        when(month)
    );
    view! {
        <div>
            <Chart title=one.name unit=one.unit points=points.collect() summary=total/>
            {by}
        </div>
    }
}

/// What is said of a component that has no limit of this resource: what was used of it, and what ends it if anything does.
fn unlimited(used: Fixed, terms: &ComponentTerms, every: BillingPeriod) -> String {
    let when = match every {
        BillingPeriod::Once => "so far".to_owned(),
        BillingPeriod::Hour | BillingPeriod::Day => "today".to_owned(),
        every => format!("this {}", every.noun()),
    };
    let used = counted(used, &terms.unit);
    match terms.max {
        Some(max) => format!("{used} used {when}, of at most {}", counted(max, &terms.unit)),
        None => format!("{used} used {when}, no limit"),
    }
}

/// What stands over the components: where none has a limit, there are none to tell of.
pub(super) fn limits_title(resource: &ResourceDetail) -> &'static str {
    let has_limit = |one: &LimitUse| one.limit.is_some();
    let (limited, free) = (
        resource.use_of_limits.iter().any(has_limit),
        resource.use_of_limits.iter().any(|one| !has_limit(one)),
    );
    match (limited, free) {
        (true, true) => "Limits and use",
        (false, true) => "Use",
        _ => "Limits",
    }
}

/// Each component with its limit and, where that is known, what is used of it.
pub(super) fn limits(resource: &ResourceDetail) -> impl IntoView + use<> {
    let meters = resource.use_of_limits.iter().cloned().map(|one| {
        let is_metered = is_metered(resource, &one);
        let terms = one.component.terms;
        match one.limit {
            Some(limit) if !is_metered => {
                view! { <Allowance label=terms.name text=counted(limit, &terms.unit)/> }.into_any()
            }
            None if one.expected.is_some() => view! {
                <Meter
                    used=one.used.to_decimal()
                    limit=one.expected.map(Fixed::to_decimal)
                    unit=unit_word(&terms.unit, one.expected.unwrap_or(one.used))
                    label=format!("{}, this month", terms.name)
                    expected=true
                />
            }
            .into_any(),
            None => {
                let text = unlimited(one.used, &terms, one.every);
                view! { <Allowance label=terms.name text=text/> }.into_any()
            }
            Some(limit) => view! {
                <Meter
                    used=one.used.to_decimal()
                    limit=Some(limit.to_decimal())
                    unit=unit_word(&terms.unit, limit)
                    label=terms.name
                />
            }
            .into_any(),
        }
    });
    let meters: Vec<_> = meters.collect();
    view! { <div class="stack">{meters}</div> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_is_not_said_to_be_a_limit() {
        let mut terms = ComponentTerms::simple("cpu", "CPU", "CPU-hour", ChargeType::Usage);
        assert_eq!(
            unlimited(Fixed::from(100_u32), &terms, BillingPeriod::Month),
            "100 CPU-hours used this month, no limit"
        );
        terms.max = Some(Fixed::from(500_u32));
        assert_eq!(
            unlimited(Fixed::ZERO, &terms, BillingPeriod::Quarter),
            "0 CPU-hours used this quarter, of at most 500 CPU-hours"
        );
        assert_eq!(
            unlimited(Fixed::ZERO, &terms, BillingPeriod::Once),
            "0 CPU-hours used so far, of at most 500 CPU-hours"
        );
    }
}
