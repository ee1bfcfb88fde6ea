use leptos::prelude::*;
use leptos_meta::Title;
use model::{Component, Fixed, ResourceSummary, UsageOutcome, pricing::unit_word};

use super::provider_id;
use crate::{
    components::*,
    error::AppError,
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::provider::{ChosenResource, UsageForm, load_usage_form},
    usage_report::{UsageAnswer, quantity_field},
};

#[component]
pub fn ProviderUsagePage() -> impl IntoView {
    let id = provider_id();
    page(Area::Provider(id.clone()), async move {
        // First, because to who does not work for this provider there is no such page.
        let form = load_usage_form(id.clone()).await?;
        if !can_open(&routes::provider_part(&id, "usage")) {
            return Err(AppError::forbidden(
                "You may not report usage here. The people who run the provider's offerings can.",
            ));
        }
        Ok(view! { <Report provider=id form=form/> })
    })
}

#[component]
fn Report(provider: String, form: UsageForm) -> impl IntoView {
    let UsageForm {
        resources,
        chosen,
        answers,
        reply,
    } = form;
    let value = chosen
        .as_ref()
        .map(|one| one.resource.id.to_string())
        .unwrap_or_default();
    let empty = resources.is_empty();
    let choices: Vec<Choice> = resources.into_iter().map(choice).collect();
    let action = routes::provider_part(&provider, "usage");
    let form = chosen.map(|chosen| {
        view! { <Day provider=provider chosen=chosen reply=reply/> }
    });
    let choose = if empty {
        view! {
            <EmptyState illustration=Illustration::Chart title="Nothing to report on yet">
                "Once something you offer was ordered and runs, you can report here what of it was used."
            </EmptyState>
        }
        .into_any()
    } else {
        view! {
            <FilterForm action=action label="Resource">
                <Select name="resource" label="Resource" choices=choices value=value placeholder="Choose one"/>
            </FilterForm>
        }
        .into_any()
    };
    view! {
        <Title text="Report usage"/>
        <PageHeader
            title="Report usage"
            lead="For what no backend measures by itself. The same day, component and person again is a correction, also of what a program reported; another person, or none, is added to it."
        />
        <Section>{choose}</Section>
        <Answers answers=answers/>
        {form}
    }
}

/// What became of each line that was sent last.
#[component]
fn Answers(answers: Vec<UsageAnswer>) -> impl IntoView {
    let row = |answer: UsageAnswer| {
        let tone = match answer.outcome {
            UsageOutcome::Recorded | UsageOutcome::Corrected => Tone::Good,
            UsageOutcome::Repeated => Tone::Info,
            UsageOutcome::Refused => Tone::Bad,
        };
        view! {
            <Row>
                <Cell main=true>{answer.component}</Cell>
                <Cell label="Day" nowrap=true>
                    <DayText day=answer.day/>
                </Cell>
                <Cell label="Quantity" num=true>
                    {answer.quantity}
                </Cell>
                <Cell label="Answer">
                    <StateBadge tone=tone label=answer.outcome.label()/>
                    " "
                    {answer.message}
                </Cell>
            </Row>
        }
    };
    (!answers.is_empty())
        .then(|| {
            let columns = vec![
                Column::text("Component"),
                Column::text("Day"),
                Column::number("Quantity"),
                Column::text("Answer"),
            ];
            view! {
                <Section title="What became of it">
                    <DataTable caption="What became of each line" columns=columns>
                        {answers.into_iter().map(row).collect_view()}
                    </DataTable>
                </Section>
            }
        })
        .into_any()
}

fn choice(one: ResourceSummary) -> Choice {
    let label = format!("{} · {}", one.name, one.organization_name);
    let mut choice = Choice::new(one.id.to_string(), label);
    choice.group = Some(one.offering_name);
    choice
}

#[component]
fn Day(provider: String, chosen: ChosenResource, reply: FormReply) -> impl IntoView {
    let ChosenResource {
        resource,
        components,
        today,
    } = chosen;
    if components.is_empty() {
        return view! {
            <Banner tone=Tone::Info title="Nothing to report">
                "Nothing of this offering is charged by use, and what is used of reserved amounts its backend counts by itself."
            </Banner>
        }
        .into_any();
    }
    let quantity = {
        let reply = reply.clone();
        move |one: Component| {
            let name = quantity_field(&one.terms.code);
            view! {
                <NumberField
                    name=name.clone()
                    label=one.terms.name
                    unit=unit_word(&one.terms.unit, Fixed::ZERO)
                    value=reply.value_or(&name, "")
                    min="0"
                    error=reply.error(&name)
                    width=FieldWidth::Half
                />
            }
        }
    };
    let quantities = components.into_iter().map(quantity).collect_view();
    view! {
        <Section title=format!("What was used of {}", resource.name)>
            <Form action="/fn/report_usage" label="Report usage">
                <ErrorSummary errors=reply.errors() title="Not all of it was recorded."/>
                <HiddenField name="provider" value=provider/>
                <HiddenField name="resource" value=resource.id.to_string()/>
                <WhenAndWho today=today.to_string() reply=reply/>
                {quantities}
                <FormActions>
                    <SubmitButton busy="Recording…" attr:data-test="report-usage">
                        "Record"
                    </SubmitButton>
                    <LinkButton href=routes::resource(resource.id) kind=ButtonKind::Quiet>
                        "See its usage"
                    </LinkButton>
                </FormActions>
            </Form>
        </Section>
    }
    .into_any()
}

#[component]
fn WhenAndWho(today: String, reply: FormReply) -> impl IntoView {
    let below = reply.clone();
    view! {
        <FormGrid>
            <DateField
                name="day"
                label="Day"
                value=reply.value_or("day", today)
                help="As the buyer's bills count it."
                error=reply.error("day")
                required=true
            />
            <TextField
                name="username"
                label="Who used it"
                value=below.value_or("username", "")
                help="The user name on your side, if you know it."
                error=below.error("username")
                maxlength=200
            />
        </FormGrid>
    }
}
