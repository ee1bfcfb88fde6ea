//! Plans side by side: a column each, a row per component.

use leptos::prelude::*;
use model::{BillingPeriod, Component, Fixed, Money as Amount, Plan};

use crate::components::*;

#[component]
pub(super) fn PlanTable(plans: Vec<Plan>, components: Vec<Component>) -> impl IntoView {
    if plans.is_empty() {
        return view! { <p class="muted">"No plans are offered at the moment."</p> }.into_any();
    }
    let heads = plans.iter().map(|plan| {
        view! {
            <span class="strong">{plan.name.clone()}</span>
            {(!plan.description.is_empty()).then(|| view! { <p class="small muted">{plan.description.clone()}</p> })}
        }
        .into_any()
    });
    let mut rows: Vec<(String, Vec<AnyView>)> = components.iter().map(|one| price_row(one, &plans)).collect();
    if plans.iter().any(|plan| plan.setup_fee.is_positive()) {
        rows.push(("Setup, once".to_owned(), plans.iter().map(setup_fee).collect()));
    }
    rows.push((
        "Billed".to_owned(),
        plans.iter().map(|plan| billed(plan).into_any()).collect(),
    ));
    rows.push((
        "Raised prices reach what runs".to_owned(),
        plans
            .iter()
            .map(|plan| view! { <span class="small">{plan.price_changes.describe()}</span> }.into_any())
            .collect(),
    ));
    if plans.iter().any(|plan| !plan.changes.is_empty()) {
        rows.push((
            "To come".to_owned(),
            plans.iter().map(|plan| to_come(plan, &components)).collect(),
        ));
    }
    view! { <CompareTable caption="Plans and prices" columns=heads.collect() rows=rows/> }.into_any()
}

fn price_row(component: &Component, plans: &[Plan]) -> (String, Vec<AnyView>) {
    let price = |plan: &Plan| {
        let price = plan
            .prices
            .iter()
            .find(|price| price.component == component.terms.code);
        let text = price.map_or_else(
            || "—".to_owned(),
            |price| format!("{}{}", price.text, component.terms.paid_time(plan.billing_period)),
        );
        view! { <span class="num">{text}</span> }.into_any()
    };
    (component.terms.name.clone(), plans.iter().map(price).collect())
}

/// What is published and has not begun.
fn to_come(plan: &Plan, components: &[Component]) -> AnyView {
    let lines: Vec<_> = plan
        .changes
        .iter()
        .map(|change| {
            let what = format!("{} from ", plan.change_in_words(change, components));
            view! { <div class="small">{what} <FirstInstant at=change.starts_at day=change.first_day/></div> }
        })
        .collect();
    view! { <div>{lines}</div> }.into_any()
}

fn setup_fee(plan: &Plan) -> AnyView {
    let fee = Amount::from_fixed(plan.setup_fee, plan.currency);
    let text = if plan.setup_fee == Fixed::ZERO {
        "none".to_owned()
    } else {
        fee.to_string()
    };
    view! { <span class="num">{text}</span> }.into_any()
}

fn billed(plan: &Plan) -> String {
    let every = match plan.billing_period {
        BillingPeriod::Once => "once".to_owned(),
        every => format!("by the {}", every.noun()),
    };
    // Up to a month, an invoice covers a month that is over, whatever the mode.
    if plan.billing_period.months().is_some_and(|months| months > 1) {
        format!("{every}, {}", plan.charge_mode.label().to_lowercase())
    } else {
        every
    }
}
