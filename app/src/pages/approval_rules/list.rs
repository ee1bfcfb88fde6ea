use leptos::prelude::*;
use leptos_meta::Title;
use model::{ApprovalRule, ApprovalRules, RuleChoices};

use super::{fields::RuleFields, lead_of, list_of, trial::Trial};
use crate::{
    components::*,
    page::page,
    pages::place::Place,
    reply::FormReply,
    server_fns::approval_rules::{RulesOfPlace, load_approval_rules},
};

#[component]
pub fn AdminRulesPage() -> impl IntoView {
    of(Place::system())
}

#[component]
pub fn OrganizationRulesPage() -> impl IntoView {
    of(Place::of("organization", "id"))
}

#[component]
pub fn ProjectRulesPage() -> impl IntoView {
    of(Place::of("project", "id"))
}

#[component]
pub fn ProviderRulesPage() -> impl IntoView {
    of(Place::of("provider", "org"))
}

fn of(place: Place) -> impl IntoView {
    page(place.area(), async move {
        let facts = load_approval_rules(place.kind.to_owned(), place.id.clone()).await?;
        Ok(whole(&place, facts))
    })
}

fn whole(place: &Place, facts: RulesOfPlace) -> impl IntoView + use<> {
    let RulesOfPlace {
        rules,
        choices,
        reply,
        tried,
        forecast,
    } = facts;
    let lead = lead_of(place);
    let forms = choices.map(|choices| {
        let (new, trial) = (place.clone(), place.clone());
        let offered = choices.clone();
        view! {
            <Section
                title="What would happen"
                lead="What would become of an order by the rules as they are now. Nothing is placed."
            >
                <Trial place=trial choices=offered tried=tried forecast=forecast/>
            </Section>
            <Section title="New rule" id="new-rule" lead="It becomes the last of the rules here; move it up if it must be read earlier.">
                <NewRule place=new choices=choices reply=reply/>
            </Section>
        }
    });
    let read = reading(place, rules);
    view! {
        <Title text="Approval rules"/>
        <PageHeader title="Approval rules" lead=lead/>
        {read}
        {forms}
    }
}

/// The rules in the order in which they are read, with what stands elsewhere.
fn reading(place: &Place, rules: ApprovalRules) -> impl IntoView + use<> {
    let ApprovalRules {
        rules,
        before,
        after,
        can_change,
    } = rules;
    let own = if rules.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Inbox title="No rules here yet" compact=true>
                "What is read before and after decides: see below."
            </EmptyState>
        }
        .into_any()
    } else {
        table(place, rules, can_change).into_any()
    };
    view! {
        <Section title="Rules" flush=true>
            {own}
        </Section>
        <Section title="Read before them">
            <Sentences sentences=before/>
        </Section>
        <Section title="Read after them">
            <Sentences sentences=after/>
        </Section>
    }
}

#[component]
fn Sentences(sentences: Vec<String>) -> impl IntoView {
    let items = sentences.into_iter().map(|one| view! { <li>{one}</li> });
    view! { <ul class="prose">{items.collect_view()}</ul> }
}

fn table(place: &Place, rules: Vec<ApprovalRule>, can_change: bool) -> impl IntoView + use<> {
    let mut columns = vec![
        Column::text("Rule"),
        Column::text("What it says"),
        Column::text("State"),
    ];
    if can_change {
        columns.push(Column::actions());
    }
    let last = rules.len();
    let rows: Vec<_> = rules
        .into_iter()
        .map(|one| row(place, one, (can_change, last)))
        .collect();
    view! {
        <DataTable caption="Rules of approval" columns=columns>
            {rows}
        </DataTable>
    }
}

fn row(place: &Place, one: ApprovalRule, (can_change, last): (bool, usize)) -> impl IntoView + use<> {
    let (tone, label) = if one.is_active {
        (Tone::Good, "In use")
    } else {
        (Tone::Ended, "Switched off")
    };
    let href = can_change.then(|| format!("{}/{}", list_of(place), one.id));
    let sub = format!("{}. {}", one.position, one.side.label());
    let name = one.name.clone();
    let main = match href {
        Some(href) => view! { <MainCell href=href sub=sub>{name}</MainCell> }.into_any(),
        None => view! { <MainCell sub=sub>{name}</MainCell> }.into_any(),
    };
    let moves = can_change.then(|| {
        let up = (one.position > 1).then(|| mover(place, &one, one.position.saturating_sub(1), "Up"));
        let is_last = usize::from(one.position) >= last;
        let down = (!is_last).then(|| mover(place, &one, one.position.saturating_add(1), "Down"));
        view! {
            <ActionsCell>
                {up}
                {down}
            </ActionsCell>
        }
    });
    view! {
        <Row>
            {main}
            <Cell label="What it says">{one.sentence.clone()}</Cell>
            <Cell label="State">
                <StateBadge tone=tone label=label/>
            </Cell>
            {moves}
        </Row>
    }
}

fn mover(place: &Place, one: &ApprovalRule, position: u16, label: &'static str) -> impl IntoView + use<> {
    let mut fields = place.fields_of("rule", one.id);
    fields.push(("position".to_owned(), position.to_string()));
    let test = format!("rule-{}", label.to_lowercase());
    let told = format!("{label}: {}", one.name);
    view! {
        <form method="post" action="/fn/move_approval_rule" data-post="">
            <HiddenFields fields=fields/>
            <SubmitButton kind=ButtonKind::Quiet size=ButtonSize::Small attr:data-test=test attr:aria-label=told>
                {label}
            </SubmitButton>
        </form>
    }
}

#[component]
fn NewRule(place: Place, choices: RuleChoices, reply: FormReply) -> impl IntoView {
    let fields = place.fields();
    view! {
        <Form action="/fn/create_approval_rule" label="New rule">
            <ErrorSummary errors=reply.errors() title="The rule was not made."/>
            <HiddenFields fields=fields/>
            <RuleFields place=place choices=choices reply=reply/>
            <FormActions>
                <SubmitButton busy="Making…" attr:data-test="create-rule">
                    "Make rule"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
