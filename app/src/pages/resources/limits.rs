use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{ChargeType, DurationRules, LimitUse, QuoteRequest, pricing::counted};

use crate::{
    calculator::{Choices, PriceList},
    components::*,
    islands::LiveQuote,
    page::{Area, page_with_area},
    reply::FormReply,
    routes,
    server_fns::resources::{LimitsForm, ResourceForm, load_limits_form},
};

const FORM: &str = "limits-form";

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
    let ResourceForm {
        resource,
        reply,
        token,
    } = facts.form;
    let aside = aside(facts.terms, resource.lifetime.rules, &reply).into_any();
    let id = resource.summary.id;
    let name = resource.summary.name.clone();
    let limited = resource
        .use_of_limits
        .iter()
        .filter(|one| one.component.terms.charge == ChargeType::Limit);
    let fields: Vec<_> = limited.cloned().map(|one| field(one, &reply)).collect();
    view! {
        <Title text=format!("Change limits of {name}")/>
        <PageHeader
            title="Change limits"
            breadcrumbs=vec![
                super::breadcrumb(resource.summary.project_id),
                Breadcrumb::to(name, routes::resource(id)),
                Breadcrumb::here("Change limits"),
            ]
            lead="A change is an order of its own: it may need approval, and counts from the day it is carried out."
        />
        <Form action="/fn/change_limits" token=token id=FORM label="Change limits">
            <ErrorSummary errors=reply.errors()/>
            <HiddenField name="resource" value=id.to_string()/>
            <Split aside=aside sticky=true>
                <Section title="New limits">{fields}</Section>
                <FormActions>
                    <SubmitButton attr:data-test="place-change">"Order the change"</SubmitButton>
                    <LinkButton href=routes::resource(id)>"Back"</LinkButton>
                </FormActions>
            </Split>
        </Form>
    }
}

/// The price of what is typed, or of the limits that are held.
fn aside(terms: Option<QuoteRequest>, rules: DurationRules, reply: &FormReply) -> impl IntoView + use<> {
    let terms = terms?;
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
    Some(view! {
        <Section title="What it will cost">
            <LiveQuote form=FORM.to_owned() list=PriceList::for_change(terms, rules) start=start/>
            <CalculateAgain action="/fn/recalculate_limits"/>
            <p class="small muted">"As if it were ordered today. Somebody of your organization may have to approve it first."</p>
        </Section>
    })
}

fn field(one: LimitUse, reply: &FormReply) -> impl IntoView + use<> {
    let terms = one.component.terms;
    let name = format!("limits.{}", terms.code);
    let limit = one.limit.unwrap_or_default();
    let present = counted(limit, &terms.unit);
    let help = if one.used.is_zero() {
        format!("Now {present}.")
    } else {
        format!("Now {present}, of which {} used.", one.used)
    };
    let text = |bound: Option<model::Fixed>| bound.map(|value| value.to_string()).unwrap_or_default();
    view! {
        <NumberField
            name=name.clone()
            label=terms.name
            value=reply.value_or(&name, limit.to_string())
            help=help
            error=reply.error(&name)
            unit=terms.unit.clone()
            min=text(terms.min)
            max=text(terms.max)
            required=true
        />
    }
}
