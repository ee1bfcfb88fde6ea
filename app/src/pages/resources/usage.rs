use leptos::prelude::*;
use model::{ComponentUsage, ResourceDetail};

use crate::components::*;

/// A chart for each component that was used at all, with its users.
pub(super) fn charts(usage: Vec<ComponentUsage>) -> impl IntoView {
    let used: Vec<ComponentUsage> = usage.into_iter().filter(|one| !one.total.is_zero()).collect();
    if used.is_empty() {
        return view! {
            <EmptyState art=EmptyArt::Chart title="Nothing used yet" compact=true>
                "Usage is read from the backend every few minutes and shown here by day."
            </EmptyState>
        }
        .into_any();
    }
    used.into_iter().map(chart).collect_view().into_any()
}

fn chart(one: ComponentUsage) -> impl IntoView {
    let points = one.days.iter().map(|day| ChartPoint {
        label: day.day.to_string(),
        short: day.day.format("%-d").to_string(),
        value: day.quantity.to_decimal(),
    });
    let users: Vec<String> = one
        .users
        .iter()
        .filter(|user| !user.username.is_empty())
        .map(|user| {
            format!(
                "{} {}",
                user.username,
                format_quantity(user.quantity.to_decimal())
            )
        })
        .collect();
    let by =
        (!users.is_empty()).then(|| view! { <p class="muted small">"By user: " {users.join(" · ")}</p> });
    let total = format!(
        "{} {} in 30 days",
        format_quantity(one.total.to_decimal()),
        one.unit
    );
    view! {
        <div>
            <Chart title=one.name unit=one.unit points=points.collect() summary=total/>
            {by}
        </div>
    }
}

/// Each component with its limit and what is used of it.
pub(super) fn limits(resource: &ResourceDetail) -> impl IntoView + use<> {
    let meters = resource.use_of_limits.iter().cloned().map(|one| {
        let terms = one.component.terms;
        view! {
            <Meter
                used=one.used.to_decimal()
                limit=one.limit.map(model::Fixed::to_decimal)
                unit=terms.unit
                label=terms.name
            />
        }
    });
    let meters: Vec<_> = meters.collect();
    view! { <div class="stack">{meters}</div> }
}
