//! What would become of an order.

use leptos::prelude::*;
use model::{ApprovalForecast, Currency, ForecastStep, OrderKind, Problem, RuleChoices, RuleRead};

use super::list_of;
use crate::{components::*, form::FormFields, pages::place::Place};

/// The form of an order that is tried, and what would become of it.
#[component]
pub(super) fn Trial(
    place: Place,
    choices: RuleChoices,
    tried: FormFields,
    forecast: Option<Result<ApprovalForecast, Problem>>,
) -> impl IntoView {
    let answer = forecast.map(answer);
    let of_system = place.kind == "system";
    let project = (!choices.projects.is_empty()).then(|| {
        let projects = choices.projects.iter();
        let projects = projects
            .map(|(id, name)| Choice::new(id.to_string(), name.clone()))
            .collect();
        view! {
            <Select
                name="project"
                label="Project"
                choices=projects
                value=tried.text("project").to_owned()
                placeholder=if of_system { "None: the provider's side only" } else { "Choose a project" }
                required=!of_system
            />
            <TextField
                name="placed_by"
                label="Placed by"
                value=tried.text("placed_by").to_owned()
                help="The address of somebody who may order there."
                maxlength=200
                required=!of_system
            />
        }
    });
    let kinds = OrderKind::ALL
        .iter()
        .map(|kind| Choice::new(kind.as_str(), kind.label()));
    let currencies = Currency::ALL
        .iter()
        .map(|one| Choice::new(one.as_str(), one.as_str()));
    let (kinds, currencies): (Vec<_>, Vec<_>) = (kinds.collect(), currencies.collect());
    let offerings = choices.offerings.iter();
    let offerings = offerings
        .map(|(id, name)| Choice::new(id.to_string(), name.clone()))
        .collect();
    let or = |name: &str, start: &str| match tried.text(name) {
        "" => start.to_owned(),
        text => text.to_owned(),
    };
    let (kind, commitment) = (or("kind", OrderKind::Create.as_str()), or("commitment", "100"));
    let (currency, offering) = (
        or("currency", choices.currency.as_str()),
        tried.text("offering").to_owned(),
    );
    view! {
        <form method="get" action=format!("{}#forecast", list_of(&place)) class="stack" aria-label="What would happen">
            <HiddenField name="try" value="1"/>
            <FormGrid>
                {project}
                <Select
                    name="offering"
                    label="What is ordered"
                    choices=offerings
                    value=offering
                    placeholder="Choose an offering"
                    required=true
                />
                <Select name="kind" label="It asks for" choices=kinds value=kind required=true/>
                <NumberField
                    name="commitment"
                    label="It commits to"
                    value=commitment
                    min="0"
                    step="any"
                    required=true
                />
                <Select
                    name="currency"
                    label="Currency of it"
                    choices=currencies
                    value=currency
                    id="trial-currency"
                    required=true
                />
            </FormGrid>
            <FormActions>
                <SubmitButton kind=ButtonKind::Secondary attr:data-test="try-rules">
                    "Try it"
                </SubmitButton>
            </FormActions>
        </form>
        <div id="forecast" tabindex="-1">{answer}</div>
    }
}

fn answer(forecast: Result<ApprovalForecast, Problem>) -> AnyView {
    match forecast {
        Ok(forecast) => outcome(forecast).into_any(),
        Err(problem) => {
            let faults = problem
                .fields
                .into_iter()
                .map(|fault| view! { <p>{fault.message}</p> });
            let faults = faults.collect_view();
            view! {
                <Banner tone=Tone::Bad title="That cannot be said">
                    <p>{problem.detail}</p>
                    {faults}
                </Banner>
            }
            .into_any()
        }
    }
}

fn outcome(forecast: ApprovalForecast) -> impl IntoView {
    let ApprovalForecast { refused, steps, read } = forecast;
    let steps = match refused {
        Some(reason) => {
            view! { <Banner tone=Tone::Bad title="It would not be taken">{reason}</Banner> }.into_any()
        }
        None => view! { <Timeline>{steps.into_iter().map(step).collect_view()}</Timeline> }.into_any(),
    };
    let columns = vec![
        Column::text("Rule"),
        Column::text("For"),
        Column::text("What it says"),
    ];
    let rows = read.into_iter().map(row).collect_view();
    view! {
        <div class="stack" data-test="forecast">
            {steps}
            <Disclosure summary="Every rule that is read, and why">
                <DataTable caption="Rules that are read" columns=columns>
                    {rows}
                </DataTable>
            </Disclosure>
        </div>
    }
}

fn step(step: ForecastStep) -> impl IntoView {
    let ForecastStep {
        side,
        is_asked,
        rule,
        needed,
        can_decide,
        people,
    } = step;
    let (tone, what) = if is_asked {
        (Tone::Waiting, "somebody would be asked")
    } else {
        (Tone::Neutral, "nobody would be asked")
    };
    let title = format!("{}: {what}", side.label());
    let asked = (!people.is_empty()).then(|| {
        let people = people.join(", ");
        let text = match needed {
            0 | 1 => format!("Could decide: {people}."),
            many => format!("{many} of these: {people}."),
        };
        view! { <p>{text}</p> }
    });
    let too_few = (is_asked && can_decide < needed).then(|| {
        let text = format!(
            "Only {can_decide} of {needed} could decide, so it would wait in vain. Give more people a role there, or change the rule."
        );
        view! { <Banner tone=Tone::Waiting title="Too few can decide">{text}</Banner> }
    });
    view! {
        <TimelineItem title=title tone=tone>
            <p>{rule}</p>
            {asked}
            {too_few}
        </TimelineItem>
    }
}

fn row(read: RuleRead) -> impl IntoView {
    let (tone, label) = if read.fits {
        (Tone::Good, "Fits")
    } else {
        (Tone::Neutral, "Does not fit")
    };
    view! {
        <Row>
            <MainCell>{read.rule}</MainCell>
            <Cell label="For">{read.side.label()}</Cell>
            <Cell label="What it says">
                <StateBadge tone=tone label=label/>
                " "
                {read.because}
            </Cell>
        </Row>
    }
}
