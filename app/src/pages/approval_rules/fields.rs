//! The form of a rule.

use leptos::prelude::*;
use model::{
    Asked, Currency, LONGEST_STEP_DAYS, MOST_APPROVALS, OrderKind, Role, RuleAction, RuleChoices, Side,
};

use super::{may_be_asked, side_of};
use crate::{components::*, pages::place::Place, reply::FormReply};

/// What a rule says: what it is called, when it fits, and what it does.
#[component]
pub(super) fn RuleFields(place: Place, choices: RuleChoices, reply: FormReply) -> impl IntoView {
    let side = side_of(&place).is_none().then(|| {
        view! {
            <RadioGroup
                name="side"
                legend="Whose decision"
                choices=list_of(Side::ALL, Side::as_str, Side::label)
                value=reply.value_or("side", "")
                error=reply.error("side")
                required=true
                inline=true
            />
        }
    });
    let is_active = reply.checked_or("is_active", true);
    view! {
        <TextField
            name="name"
            label="Name"
            value=reply.value_or("name", "")
            help="Whoever is asked by it reads this."
            error=reply.error("name")
            maxlength=100
            required=true
        />
        {side}
        <Conditions place=place.clone() choices=choices reply=reply.clone()/>
        <Effect place=place reply=reply/>
        <Checkbox
            name="is_active"
            label="It is in use"
            checked=is_active
            help="Unticked it stands here and does nothing."
        />
    }
}

fn list_of<T: Copy + 'static>(
    all: &[T],
    value: fn(T) -> &'static str,
    label: fn(T) -> &'static str,
) -> Vec<Choice> {
    all.iter()
        .map(|one| Choice::new(value(*one), label(*one)))
        .collect()
}

#[component]
fn Conditions(place: Place, choices: RuleChoices, reply: FormReply) -> impl IntoView {
    let named = |pairs: Vec<(String, String)>| -> Vec<Choice> {
        pairs
            .into_iter()
            .map(|(id, name)| Choice::new(id, name))
            .collect()
    };
    let offerings = choices
        .offerings
        .into_iter()
        .map(|(id, name)| (id.to_string(), name));
    let categories = choices
        .categories
        .into_iter()
        .map(|(id, name)| (id.to_string(), name));
    let (offerings, categories) = (named(offerings.collect()), named(categories.collect()));
    let (of_amounts, of_lists) = (reply.clone(), reply);
    let currency = choices.currency.as_str();
    view! {
        <Fieldset legend="When it fits">
            <Amounts currency=currency reply=of_amounts/>
            <Lists place=place offerings=offerings categories=categories reply=of_lists/>
        </Fieldset>
    }
}

#[component]
fn Amounts(currency: &'static str, reply: FormReply) -> impl IntoView {
    view! {
            <FormGrid>
                <NumberField
                    name="commits_over"
                    label="Commits to more than"
                    value=reply.value_or("commits_over", "")
                    help="The most of a full month, the first invoice and what is owed once. Empty: any amount."
                    error=reply.error("commits_over")
                    min="0"
                    step="any"
                />
                <NumberField
                    name="commits_up_to"
                    label="And up to"
                    value=reply.value_or("commits_up_to", "")
                    help="Empty: without an end."
                    error=reply.error("commits_up_to")
                    min="0"
                    step="any"
                />
                <Select
                    name="currency"
                    required=true
                    label="Currency"
                    choices=list_of(Currency::ALL, Currency::as_str, Currency::as_str)
                    value=reply.value_or("currency", currency)
                    help="An amount in another currency counts as more."
                    error=reply.error("currency")
                />
            </FormGrid>
    }
}

/// A list that is closed until something of it is ticked.
#[component]
fn Ticked(
    summary: &'static str,
    name: &'static str,
    legend: &'static str,
    help: &'static str,
    choices: Vec<Choice>,
    reply: FormReply,
) -> impl IntoView {
    let (values, error) = (reply.values_or(name, Vec::new()), reply.error(name));
    let is_open = !values.is_empty() || error.is_some();
    view! {
        <Disclosure summary=summary open=is_open>
            <CheckboxGroup
                name=name
                legend=legend
                choices=choices
                values=values
                help=help
                error=error
                columns=true
            />
        </Disclosure>
    }
}

#[component]
fn Lists(place: Place, offerings: Vec<Choice>, categories: Vec<Choice>, reply: FormReply) -> impl IntoView {
    let kinds = list_of(OrderKind::ALL, OrderKind::as_str, OrderKind::label);
    let roles: Vec<Choice> = Role::ALL
        .iter()
        .filter(|role| side_of(&place).is_none_or(|side| role.is_on(side)))
        .map(|role| Choice::new(role.as_str(), role.label()))
        .collect();
    let typed = || reply.clone();
    let (of_kinds, of_categories, of_offerings, of_roles) = (typed(), typed(), typed(), typed());
    view! {
        <Ticked
            summary="Only some kinds of orders"
            name="kinds"
            legend="The order asks for"
            help="None ticked: anything."
            choices=kinds
            reply=of_kinds
        />
        <Ticked
            summary="Only some categories"
            name="categories"
            legend="What is ordered is in"
            help="None ticked: any category. The first 100 are listed; the API takes any."
            choices=categories
            reply=of_categories
        />
        <Ticked
            summary="Only some offerings"
            name="offerings"
            legend="What is ordered is"
            help="None ticked: any offering. The first 100 are listed; the API takes any."
            choices=offerings
            reply=of_offerings
        />
        <Ticked
            summary="Only orders of some people"
            name="placed_by"
            legend="Whoever places it is"
            help="None ticked: whoever may."
            choices=roles
            reply=of_roles
        />
    }
}

#[component]
fn Effect(place: Place, reply: FormReply) -> impl IntoView {
    let actions = [
        (
            RuleAction::Ask,
            "Somebody must agree. The rules below are read as well.",
        ),
        (
            RuleAction::Skip,
            "It passes on this side, and no rule below is read.",
        ),
        (RuleAction::Refuse, "It is not taken."),
    ];
    let is_project = place.kind == "project";
    let actions: Vec<Choice> = actions
        .into_iter()
        .filter(|(action, _)| !(is_project && *action == RuleAction::Skip))
        .map(|(action, hint)| Choice::new(action.as_str(), action.label()).hint(hint))
        .collect();
    let of_asking = reply.clone();
    let (action, action_error) = (
        reply.value_or("action", RuleAction::Ask.as_str()),
        reply.error("action"),
    );
    let (reason, reason_error) = (reply.value_or("reason", ""), reply.error("reason"));
    view! {
        <Fieldset legend="What it does">
            <RadioGroup
                name="action"
                legend="With an order that it fits"
                choices=actions
                value=action
                error=action_error
                required=true
            />
        </Fieldset>
        <Asking place=place reply=of_asking/>
        <Fieldset legend="Where it refuses">
            <TextArea
                name="reason"
                label="Why"
                value=reason
                help="Whoever orders reads it: say what to do instead."
                error=reason_error
                maxlength=500
            />
        </Fieldset>
    }
}

#[component]
fn Asking(place: Place, reply: FormReply) -> impl IntoView {
    let roles: Vec<Choice> = Role::ALL
        .iter()
        .filter(|role| may_be_asked(&place, **role))
        .map(|role| Choice::new(role.as_str(), role.label()))
        .collect();
    let placer_counts = reply.checked_or("placer_counts", true);
    // A project only asks for more.
    let last = (place.kind != "project").then(|| {
        let (checked, error) = (reply.checked_or("is_last", false), reply.error("is_last"));
        view! { <Checkbox name="is_last" label="No rule below is read then" checked=checked error=error/> }
    });
    view! {
        <Fieldset legend="Where it asks">
            <RadioGroup
                name="who"
                required=true
                legend="Whom"
                choices=list_of(Asked::ALL, Asked::as_str, Asked::label)
                value=reply.value_or("who", Asked::Usual.as_str())
                error=reply.error("who")
            />
            <CheckboxGroup
                name="roles"
                legend="Roles"
                choices=roles
                values=reply.values_or("roles", Vec::new())
                help="Where it asks roles: whoever holds one of them where the order belongs."
                error=reply.error("roles")
                columns=true
            />
            <TextArea
                name="people"
                label="People by name"
                value=reply.value_or("people", "")
                help="Where it asks people: the addresses of up to 20 who see orders here, one a line."
                error=reply.error("people")
                maxlength=2000
            />
            <FormGrid>
                <NumberField
                    name="count"
                    required=true
                    label="So many must agree"
                    unit="people"
                    value=reply.value_or("count", "1")
                    min="1"
                    max=MOST_APPROVALS.to_string()
                    error=reply.error("count")
                />
                <NumberField
                    name="due_days"
                    required=true
                    label="Within"
                    unit="days"
                    value=reply.value_or("due_days", LONGEST_STEP_DAYS.to_string())
                    min="1"
                    max=LONGEST_STEP_DAYS.to_string()
                    help="The order expires when nobody has decided by then."
                    error=reply.error("due_days")
                />
                <NumberField
                    name="remind_days"
                    label="Reminded every"
                    unit="days"
                    value=reply.value_or("remind_days", "7")
                    min="1"
                    max=LONGEST_STEP_DAYS.to_string()
                    help="Empty: never."
                    error=reply.error("remind_days")
                />
            </FormGrid>
            <Checkbox
                name="placer_counts"
                label="Whoever orders counts as one of them"
                checked=placer_counts
                help="Where they are one whom it asks. Unticked, others must agree."
            />
            {last}
        </Fieldset>
    }
}
