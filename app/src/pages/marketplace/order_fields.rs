//! What the calculator beside an offering and the order form share: plans, limits, price.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    BillingPeriod, ChargeType, Component, ComponentTerms, ExpectedUse, Fixed, LimitPeriod, OfferingDetail,
    OfferingState, Plan, PlanId,
    pricing::{counted, unit_word},
};

use crate::{
    calculator::{Choices, PriceList},
    components::*,
    form::FormFields,
    islands::LiveQuote,
    reply::FormReply,
    routes,
    server_fns::catalogue::OfferingFacts,
};

/// What a form starts with: what was typed, else what the address says, else the offering's own defaults.
pub(super) fn choices(offering: &OfferingDetail, reply: &FormReply, asked: &FormFields) -> Choices {
    let first = offering
        .plans
        .first()
        .map(|plan| plan.id.to_string())
        .unwrap_or_default();
    let named = |name: &str, start: String| {
        let start = if asked.text(name).is_empty() {
            start
        } else {
            asked.text(name).to_owned()
        };
        reply.value_or(name, start)
    };
    let limits = limited(&offering.components).map(|component| {
        let name = limit_name(&component.terms.code);
        (
            component.terms.code.clone(),
            named(&name, minimum_text(&component.terms)),
        )
    });
    let limits: BTreeMap<String, String> = limits.collect();
    let expected = asked_about(&offering.components).map(|component| {
        let terms = &component.terms;
        let start = terms.default.map(|amount| amount.to_string());
        let start = start.filter(|_| terms.expected_use == ExpectedUse::Default);
        (
            terms.code.clone(),
            named(&expected_name(&terms.code), start.unwrap_or_default()),
        )
    });
    let expected: BTreeMap<String, String> = expected.collect();
    Choices {
        project: named("project", String::new()),
        plan: named("plan", first),
        limits,
        expected,
        start_date: named("start_date", String::new()),
        end_date: named("end_date", String::new()),
        term_months: if has_term(&offering.components) {
            named("term_months", offering.duration.least().to_string())
        } else {
            String::new()
        },
    }
}

/// How long it is had is chosen in months, because something is paid up front.
pub(super) fn has_term(components: &[Component]) -> bool {
    components.iter().any(|component| component.terms.prepaid)
}

fn limit_name(code: &str) -> String {
    format!("limits.{code}")
}

fn expected_name(code: &str) -> String {
    format!("expected_use.{code}")
}

/// Components of which buyers are asked how much they expect to use.
fn asked_about(components: &[Component]) -> impl Iterator<Item = &Component> {
    components
        .iter()
        .filter(|component| component.terms.expected_use != ExpectedUse::Off)
}

/// The amount that a form starts with.
fn minimum_text(terms: &ComponentTerms) -> String {
    terms
        .default
        .or(terms.min)
        .map(|amount| amount.to_string())
        .unwrap_or_default()
}

fn limited(components: &[Component]) -> impl Iterator<Item = &Component> {
    components
        .iter()
        .filter(|component| component.terms.charge == ChargeType::Limit)
}

/// "1 to 64 cores, in steps of 2"; none for what cannot be chosen.
pub(crate) fn range_text(terms: &ComponentTerms) -> Option<String> {
    if terms.charge != ChargeType::Limit {
        return None;
    }
    let most = |amount: Fixed| counted(amount, &terms.unit);
    let range = match (terms.min, terms.max) {
        (Some(min), Some(max)) => format!("{min} to {}", most(max)),
        (None, Some(max)) => format!("up to {}", most(max)),
        (Some(min), None) => format!("{} or more", most(min)),
        (None, None) => "any amount".to_owned(),
    };
    // Whole numbers need no telling; other steps do.
    let step = terms.step.filter(|step| *step != Fixed::ONE);
    let step = step
        .map(|step| format!(", in steps of {step}"))
        .unwrap_or_default();
    Some(format!("{range}{step}"))
}

/// A plan as one of the cards: for whom it is, and its prices.
pub(crate) fn plan_choice(
    (id, name): (PlanId, String),
    description: &str,
    prices: impl Iterator<Item = String>,
) -> Choice {
    let words = format!("{description} {}", prices.collect::<Vec<_>>().join(" · "));
    Choice::new(id.to_string(), name).hint(words.trim().to_owned())
}

/// One card per plan.
#[component]
pub(super) fn PlanCards(
    plans: Vec<Plan>,
    components: Vec<Component>,
    chosen: String,
    #[prop(optional, into)] error: OptionalText,
) -> impl IntoView {
    let cards = plans.into_iter().map(|plan| {
        let every = plan.billing_period;
        let prices = plan.prices.iter().map(|price| {
            let of = components.iter().find(|one| one.terms.code == price.component);
            of.map_or_else(
                || price.text.clone(),
                |one| one.terms.price_in_words(&price.text, every),
            )
        });
        plan_choice((plan.id, plan.name), &plan.description, prices)
    });
    view! { <RadioCards name="plan" legend="Plan" choices=cards.collect() value=chosen error=error required=true/> }
}

/// One field per amount that the buyer chooses.
#[component]
pub(super) fn LimitFields(
    components: Vec<Component>,
    plans: Vec<Plan>,
    choices: Choices,
    #[prop(optional)] reply: FormReply,
) -> impl IntoView {
    let every = plans
        .iter()
        .find(|plan| plan.id.to_string() == choices.plan)
        .map_or(BillingPeriod::Month, |plan| plan.billing_period);
    let one_period = plans.iter().all(|plan| plan.billing_period == every);
    let field = |component: &Component| {
        let terms = &component.terms;
        let name = limit_name(&terms.code);
        let text = |amount: Option<Fixed>| amount.map(|amount| amount.to_string());
        view! {
            <NumberField
                label=terms.name.clone()
                value=choices.limits.get(&terms.code).cloned().unwrap_or_default()
                help=limit_help(component)
                error=reply.error(&name)
                name=name
                unit=limit_unit(terms, one_period.then_some(every))
                min=text(terms.min.or(Some(Fixed::ZERO)))
                max=text(terms.max)
                step=text(terms.step)
                required=true
                stepper=terms.step.is_some()
                width=FieldWidth::Half
            />
        }
    };
    limited(&components).map(field).collect_view()
}

fn limit_help(component: &Component) -> Option<String> {
    let range = range_text(&component.terms).map(|range| format!("You can choose {range}."));
    let paid = component
        .terms
        .prepaid
        .then(|| "Paid up front, for each month of the term.".to_owned());
    let parts: Vec<String> = [Some(component.description.clone()), range, paid]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// The unit with the period that a limit is for, where its price is for the same time: 100 hours a year that are paid up
/// front are neither priced by the year nor had each month. Where plans differ in their period, a limit that follows them
/// says so.
pub(crate) fn limit_unit(terms: &ComponentTerms, every: Option<BillingPeriod>) -> String {
    let unit = unit_word(&terms.unit, Fixed::ZERO);
    let follows = terms.limit_period == LimitPeriod::Plan;
    let Some(every) = every.or((!follows).then_some(BillingPeriod::Month)) else {
        return if terms.prepaid {
            unit
        } else {
            format!("{unit} {}", LimitPeriod::Plan.label())
        };
    };
    let priced = terms.priced_per(every);
    match priced.filter(|period| *period == terms.every_in(every)) {
        Some(period) => format!("{unit} a {}", period.noun()),
        None => unit,
    }
}

/// One field per component of which buyers are asked what they expect to use.
#[component]
pub(super) fn ExpectedFields(
    components: Vec<Component>,
    choices: Choices,
    #[prop(optional)] reply: FormReply,
) -> impl IntoView {
    let field = |component: &Component| {
        let terms = &component.terms;
        let name = expected_name(&terms.code);
        view! {
            <NumberField
                label=format!("{}: what you expect to use", terms.name)
                value=choices.expected.get(&terms.code).cloned().unwrap_or_default()
                help="An estimate for a month; what is really used is billed."
                error=reply.error(&name)
                name=name
                unit=format!("{} a month", unit_word(&terms.unit, Fixed::ZERO))
                min=Some("0".to_owned())
                max=terms.max.map(|amount| amount.to_string())
                required=terms.expected_use == ExpectedUse::Required
                width=FieldWidth::Half
            />
        }
    };
    asked_about(&components).map(field).collect_view()
}

/// What is said of a term that is chosen.
pub(super) const TERM_HELP: &str = "Paid up front. The last day, which is included, stands beside the price.";

/// Beside an offering: what it would cost. Sent to this page it computes, sent to the order form it carries the choice along.
#[component]
pub(super) fn Calculator(facts: OfferingFacts) -> impl IntoView {
    let OfferingFacts {
        offering,
        today,
        signed_in,
        asked,
        ..
    } = facts;
    if offering.plans.is_empty() {
        return view! { <Section title="What it costs"><p class="muted">"No plans are offered at the moment."</p></Section> }.into_any();
    }
    let choices = choices(&offering, &FormReply::default(), &asked);
    let kept = Some(("project".to_owned(), choices.project.clone())).filter(|(_, id)| !id.is_empty());
    let list = PriceList::for_visitors(&offering, today);
    let slug = offering.summary.slug.clone();
    let is_sold = offering.summary.state == OfferingState::Active;
    let can_order = is_sold && can_open(&routes::order_form(&slug));
    let no_role = (is_sold && !can_order).then(|| {
        view! { <p class="small muted">"You have no role that orders. An owner of your organization can give you one."</p> }
    });
    let term = has_term(&offering.components).then(
        || view! { <TermField rules=offering.duration months=choices.term_months.clone() help=TERM_HELP/> },
    );
    view! {
        <Section title="What it costs" id="costs">
            <Form action=routes::offering(&slug) method="get" guard=false id="calculator" label="Calculate the price">
                <HiddenFields fields=kept.into_iter().collect()/>
                <PlanCards plans=offering.plans.clone() components=offering.components.clone() chosen=choices.plan.clone()/>
                <LimitFields components=offering.components.clone() plans=offering.plans choices=choices.clone()/>
                <ExpectedFields components=offering.components choices=choices.clone()/>
                {term}
                <LiveQuote form="calculator".to_owned() list=list start=choices/>
                <div class="no-js">
                    <SubmitButton kind=ButtonKind::Secondary full=true attr:data-test="recalculate">
                        "Calculate"
                    </SubmitButton>
                </div>
                {can_order
                    .then(|| {
                        view! {
                            <SubmitButton formaction=routes::order_form(&slug) full=true busy="One moment…">
                                {if signed_in { "Order with these choices" } else { "Sign in and order" }}
                            </SubmitButton>
                        }
                    })}
                {no_role}
            </Form>
        </Section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(min: u32, max: u32, step: Option<&str>) -> ComponentTerms {
        ComponentTerms {
            min: Some(Fixed::from(min)),
            max: Some(Fixed::from(max)),
            step: step.map(|step| step.parse().unwrap()),
            ..ComponentTerms::simple("cores", "Cores", "core", ChargeType::Limit)
        }
    }

    #[test]
    fn a_range_is_said_in_words() {
        assert_eq!(range_text(&terms(1, 64, Some("1"))).unwrap(), "1 to 64 cores");
        assert_eq!(
            range_text(&terms(10, 10_000, Some("10"))).unwrap(),
            "10 to 10,000 cores, in steps of 10"
        );
        let by_use = ComponentTerms::simple("hours", "Hours", "hour", ChargeType::Usage);
        assert_eq!(range_text(&by_use), None);
    }

    #[test]
    fn an_amount_names_the_period_that_it_is_priced_and_had_for() {
        let said = |limit_period, prepaid, every| {
            let bounds = terms(1, 64, None);
            limit_unit(
                &ComponentTerms {
                    limit_period,
                    prepaid,
                    ..bounds
                },
                every,
            )
        };
        let (month, year) = (Some(BillingPeriod::Month), Some(BillingPeriod::Year));
        assert_eq!(said(LimitPeriod::Plan, false, year), "cores a year");
        assert_eq!(said(LimitPeriod::Total, false, year), "cores");
        assert_eq!(said(LimitPeriod::Plan, true, month), "cores a month");
        assert_eq!(
            said(LimitPeriod::Plan, true, year),
            "cores",
            "it is paid for by the month"
        );
        assert_eq!(said(LimitPeriod::Total, true, month), "cores");
        assert_eq!(said(LimitPeriod::Plan, true, None), "cores");
        assert!(said(LimitPeriod::Plan, false, None).starts_with("cores "));
    }
}
