//! The form of one component.

use leptos::prelude::*;
use model::{ChargeType, Component, OfferingDetail};

use super::step::{OfferingReference, choices};
use crate::{components::*, offering_form::component_texts, reply::FormReply, routes};

/// Adds a component, or changes `old`.
#[component]
pub(super) fn ComponentForm(
    offering: OfferingDetail,
    old: Option<Component>,
    reply: FormReply,
) -> impl IntoView {
    let back = old.is_some().then(|| {
        view! {
            <LinkButton href=routes::offering_step(offering.summary.id, "components") kind=ButtonKind::Quiet>
                "Add another instead"
            </LinkButton>
        }
    });
    let stored = old.as_ref().map(component_texts).unwrap_or_default();
    let id = old.map(|old| old.id.to_string()).unwrap_or_default();
    view! {
        <Form action="/fn/save_component" label="Component">
            <ErrorSummary errors=reply.errors() title="The component was not saved."/>
            <Conflict stored=stored reply=reply.clone()/>
            <OfferingReference offering=offering.clone()/>
            <HiddenField name="id" value=id/>
            <Naming reply=reply.clone()/>
            <Charging offering=offering reply=reply.clone()/>
            <Disclosure summary="Least, most and other bounds" open=has_bounds(&reply)>
                <Bounds reply=reply/>
            </Disclosure>
            <FormActions>
                <SubmitButton busy="Saving…" attr:data-test="save-component">
                    "Save component"
                </SubmitButton>
                {back}
            </FormActions>
        </Form>
    }
}

fn has_bounds(reply: &FormReply) -> bool {
    let names = [
        "min",
        "max",
        "default",
        "step",
        "overage_component",
        "article_code",
    ];
    reply.fields.is_on("prepaid") || names.iter().any(|name| !reply.fields.text(name).is_empty())
}

#[component]
fn Naming(reply: FormReply) -> impl IntoView {
    let below = reply.clone();
    view! {
        <FormGrid>
            <TextField
                name="name"
                label="Name"
                value=reply.value_or("name", "")
                help="As it stands on invoices: CPU hours."
                error=reply.error("name")
                maxlength=100
                required=true
            />
            <TextField
                name="code"
                label="Code"
                value=reply.value_or("code", "")
                help="For programs: cpu_hours. It stays once something was sold."
                error=reply.error("code")
                maxlength=50
                mono=true
                required=true
            />
        </FormGrid>
        <TextField
            name="description"
            label="Description"
            value=below.value_or("description", "")
            help="What a buyer should know about it."
            error=below.error("description")
            maxlength=500
        />
    }
}

#[component]
fn Charging(offering: OfferingDetail, reply: FormReply) -> impl IntoView {
    let usage = offering
        .components
        .iter()
        .filter(|one| one.terms.charge == ChargeType::Usage);
    let overage: Vec<Choice> = usage
        .map(|one| Choice::new(one.terms.code.clone(), one.terms.name.clone()))
        .collect();
    let beyond = (!overage.is_empty()).then(|| {
        view! {
            <Select
                name="overage_component"
                label="What goes beyond a prepaid amount is charged as"
                choices=overage
                value=reply.value_or("overage_component", "")
                placeholder="Nothing"
                error=reply.error("overage_component")
                width=FieldWidth::Half
            />
        }
    });
    let below = reply.clone();
    view! {
        <FormGrid>
            <Select
                name="charge"
                label="Charged"
                choices=choices!(ChargeType)
                value=reply.value_or("charge", "usage")
                error=reply.error("charge")
                required=true
            />
            <TextField
                name="unit"
                label="Unit"
                value=reply.value_or("unit", "")
                help="One of it: CPU-hour, GiB, licence."
                error=reply.error("unit")
                maxlength=50
                required=true
            />
        </FormGrid>
        <Select
            name="limit_period"
            label="An amount counts"
            choices=choices!(LimitPeriod)
            value=below.value_or("limit_period", "plan")
            help="A reserved amount is charged for this period; for use, “Most” caps what is used in it, by the month where it is that of the plan."
            error=below.error("limit_period")
            width=FieldWidth::Half
            required=true
        />
        <Select
            name="expected_use"
            label="What buyers expect to use a month"
            choices=choices!(ExpectedUse)
            value=below.value_or("expected_use", "off")
            help="Only for what is charged by use: the order form asks, the quote shows the estimate, and approval counts it."
            error=below.error("expected_use")
            width=FieldWidth::Half
            required=true
        />
        {beyond}
    }
}

#[component]
fn Bounds(reply: FormReply) -> impl IntoView {
    let number = |name: &'static str, label: &'static str, help: &'static str, start: &'static str| {
        view! {
            <NumberField name=name label=label value=reply.value_or(name, start) help=help error=reply.error(name)/>
        }
    };
    let (least, most) = (
        number("min", "Least", "The least that a buyer can choose.", ""),
        number(
            "max",
            "Most",
            "The most that can be chosen. Of what is charged by use: the most that can be reported in a period.",
            "",
        ),
    );
    let (start, step) = (
        number("default", "Starts with", "What the order form suggests.", ""),
        number("step", "Step", "Amounts between two steps are refused.", ""),
    );
    let factor = number(
        "factor",
        "Backend units in one",
        "1024 where the backend counts MiB and you sell GiB.",
        "1",
    );
    let article = view! {
        <TextField
            name="article_code"
            label="Article code"
            value=reply.value_or("article_code", "")
            help="Your accounting's number."
            error=reply.error("article_code")
            maxlength=50
        />
    };
    view! {
        <FormGrid>{least} {most} {start} {step} {factor} {article}</FormGrid>
        <Checkbox
            name="prepaid"
            label="Paid up front for the whole term"
            checked=reply.checked_or("prepaid", false)
            help="Only for what is charged by reserved amount."
            error=reply.error("prepaid")
        />
    }
}
