//! Another plan for a resource.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use model::{ResourceDetail, SwitchablePlan};

use super::change_form::{ChangeForm, head, open_order};
use crate::{
    calculator::{Choices, PriceList},
    components::*,
    page::{Area, page_with_area},
    pages::marketplace::plan_choice,
    reply::FormReply,
    routes,
    server_fns::resources::{PlanForm, ResourceForm, load_plan_form},
};

const SWITCH: ChangeForm = ChangeForm {
    id: "plan-form",
    label: "Switch plan",
    action: "/fn/switch_plan",
    recalculate: "/fn/recalculate_plan",
    button: ("Order the switch", "place-switch"),
    note: "As if it were ordered today. Limits stay as they are. Somebody of your organization may have to approve it first.",
};

#[component]
pub fn ResourcePlanPage() -> impl IntoView {
    let id = use_params_map().with_untracked(|params| params.get("id").unwrap_or_default());
    page_with_area(Area::Market, async move {
        let facts = load_plan_form(id).await?;
        let place = Area::of_project(facts.form.resource.summary.project_id);
        Ok((place, whole(facts)))
    })
}

fn whole(facts: PlanForm) -> impl IntoView {
    let PlanForm { form, plans } = facts;
    let ResourceForm {
        resource,
        reply,
        token,
        ..
    } = form;
    let lead =
        "A switch is an order of its own: it may need approval, and counts from the day it is carried out.";
    let head = head(&resource, "Switch plan", Some(lead));
    let main = if plans.is_empty() {
        refused(&resource, &reply)
    } else {
        chosen(&resource, plans, (&reply, token))
    };
    view! { {head} {main} }
}

fn chosen(
    resource: &ResourceDetail,
    plans: Vec<SwitchablePlan>,
    (reply, token): (&FormReply, String),
) -> AnyView {
    let first = plans.first().map(|plan| plan.id.to_string()).unwrap_or_default();
    let plan = reply.value_or("plan", first);
    let cards: Vec<Choice> = plans.iter().map(card).collect();
    let start = Choices {
        plan: plan.clone(),
        ..Choices::default()
    };
    let (error, now) = (
        reply.error("plan"),
        format!("Now it has the plan {}.", resource.summary.plan_name),
    );
    let mark = model::price_mark_of_switch(&plans);
    let fields = view! {
        <HiddenField name="price_mark" value=mark/>
        <Section title="New plan" lead=now>
            <RadioCards name="plan" legend="Plan" choices=cards value=plan error=error required=true/>
        </Section>
    };
    let price = Some((PriceList::for_switch(plans), start));
    SWITCH.view(resource.summary.id, (reply, token), price, fields)
}

fn card(plan: &SwitchablePlan) -> Choice {
    let currency = plan.terms.currency;
    let prices = plan.terms.components.iter();
    let prices = prices.map(|one| {
        let text = one.price.scheme.describe(&one.terms.unit, currency);
        one.terms.price_in_words(&text, plan.terms.every)
    });
    plan_choice((plan.id, plan.name.clone()), &plan.description, prices)
}

/// What was refused meanwhile, and why nothing can be chosen.
fn refused(resource: &ResourceDetail, reply: &FormReply) -> AnyView {
    let why = if resource.open_order.is_some() {
        resource.why_not.clone()
    } else {
        "No other plan can be had now: none is sold, the offering or the project takes no orders, or the resource is at work, over or gone.".to_owned()
    };
    let order = open_order(resource);
    view! {
        <ErrorSummary errors=reply.errors()/>
        <Banner tone=Tone::Waiting title="Not now">{why} {order}</Banner>
        <LinkButton href=routes::resource(resource.summary.id)>"Back"</LinkButton>
    }
    .into_any()
}
