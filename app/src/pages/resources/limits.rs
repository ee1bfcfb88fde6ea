use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{BillingPeriod, ChargeType, DurationRules, LimitUse, QuoteRequest, pricing::counted};

use super::change_form::{ChangeForm, head};
use crate::{
    calculator::{Choices, PriceList},
    components::*,
    page::{Area, page_with_area},
    pages::marketplace::{limit_unit, range_text},
    reply::FormReply,
    server_fns::resources::{LimitsForm, ResourceForm, load_limits_form},
};

const CHANGE: ChangeForm = ChangeForm {
    id: "limits-form",
    label: "Change limits",
    action: "/fn/change_limits",
    recalculate: "/fn/recalculate_limits",
    button: ("Order the change", "place-change"),
    note: "As if it were ordered today. Somebody of your organization may have to approve it first.",
};

#[component]
pub fn ResourceLimitsPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page_with_area(Area::Market, async move {
        let facts = load_limits_form(id).await?;
        let place = Area::of_project(facts.form.resource.summary.project_id);
        Ok((place, whole(facts)))
    })
}

fn whole(facts: LimitsForm) -> impl IntoView {
    let LimitsForm { form, terms } = facts;
    let ResourceForm {
        resource,
        reply,
        token,
        ..
    } = form;
    let every = terms.as_ref().map(|terms| terms.every);
    let price = terms.map(|terms| price(terms, resource.lifetime.rules, &reply));
    let lead =
        "A change is an order of its own: it may need approval, and counts from the day it is carried out.";
    let head = head(&resource, "Change limits", Some(lead));
    let limited = resource
        .use_of_limits
        .iter()
        .filter(|one| one.component.terms.charge == ChargeType::Limit);
    let fields: Vec<_> = limited.cloned().map(|one| field(one, every, &reply)).collect();
    let fields = view! { <Section title="New limits">{fields}</Section> };
    let form = CHANGE.view(resource.summary.id, (&reply, token), price, fields);
    view! { {head} {form} }
}

/// The price of what is typed, or of the limits that are held.
fn price(terms: QuoteRequest, rules: DurationRules, reply: &FormReply) -> (PriceList, Choices) {
    let typed = terms.limits.iter().map(|(code, limit)| {
        (
            code.clone(),
            reply.value_or(&format!("limits.{code}"), limit.to_string()),
        )
    });
    let start = Choices {
        limits: typed.collect(),
        ..Choices::default()
    };
    (PriceList::for_change(terms, rules), start)
}

/// The field of a limit, with what can be chosen, as the order form says it. `every` is the period of the plan, where it is
/// known.
fn field(one: LimitUse, every: Option<BillingPeriod>, reply: &FormReply) -> impl IntoView + use<> {
    let terms = one.component.terms;
    let name = format!("limits.{}", terms.code);
    let limit = one.limit.unwrap_or_default();
    let present = counted(limit, &terms.unit);
    let now = if one.used.is_zero() {
        format!("Now {present}.")
    } else {
        format!("Now {present}, of which {} used.", one.used)
    };
    let range = range_text(&terms).map(|range| format!(" You can choose {range}."));
    let help = format!("{now}{}", range.unwrap_or_default());
    let unit = limit_unit(&terms, Some(every.unwrap_or(one.every)));
    let text = |bound: Option<model::Fixed>| bound.map(|value| value.to_string()).unwrap_or_default();
    view! {
        <NumberField
            name=name.clone()
            label=terms.name
            value=reply.value_or(&name, limit.to_string())
            help=help
            error=reply.error(&name)
            unit=unit
            min=text(terms.min)
            max=text(terms.max)
            step=terms.step.map(|step| step.to_string())
            stepper=terms.step.is_some()
            width=FieldWidth::Half
            required=true
        />
    }
}
