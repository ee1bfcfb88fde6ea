use leptos::prelude::*;
use leptos_meta::Title;
use model::{JobState, JobSummary};

use crate::{
    address::{address, with},
    components::*,
    form::FormFields,
    page::{Area, page},
    pages::structure::subject_link,
    server_fns::admin::{AdminJobs, AdminRows, load_jobs},
};

const AT: &str = "/admin/jobs";

#[component]
pub fn JobsPage() -> impl IntoView {
    page(Area::Staff, async { Ok(jobs(load_jobs().await?)) })
}

fn jobs(facts: AdminJobs) -> impl IntoView {
    let AdminJobs {
        rows,
        kinds,
        can_manage,
    } = facts;
    let AdminRows { page, filters, reply } = rows;
    let next = page
        .next
        .map(|cursor| address(AT, &with(&filters, "cursor", &cursor)));
    let refusal = view! { <ErrorSummary errors=reply.errors() title="Nothing was changed."/> };
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Server title="No such jobs">
                "Work that goes on in the background stands here: provisioning, reading usage, drawing invoices."
            </EmptyState>
        }
        .into_any()
    } else {
        table(page.items, can_manage).into_any()
    };
    let (kind, state) = (filters.text("kind").to_owned(), filters.text("state").to_owned());
    let quick = quick_filters(&filters);
    let kinds = kind_choices(kinds, &kind);
    view! {
        <Title text="Jobs"/>
        <PageHeader
            title="Jobs"
            lead="Work in the background, first what needs somebody. A dead letter was given up after all its tries: mend the cause, then try it again. What is stuck is due and nobody works on it: see whether workers run."
        />
        {refusal}
        <Toolbar>
            <QuickFilters items=quick/>
        </Toolbar>
        <FilterForm action=AT>
            <HiddenField name="state" value=state/>
            <Select name="kind" label="Kind" value=kind choices=kinds placeholder="Any" width=FieldWidth::Half/>
        </FilterForm>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

/// The kinds that there are, and the one that is `asked` for: a list that is narrowed to it says so also when it is empty.
fn kind_choices(mut kinds: Vec<String>, asked: &str) -> Vec<Choice> {
    if !asked.is_empty() && !kinds.iter().any(|kind| kind == asked) {
        kinds.push(asked.to_owned());
    }
    let choice = |kind: String| {
        let label = kind_in_words(&kind);
        Choice::new(kind, label)
    };
    kinds.into_iter().map(choice).collect()
}

/// A kind of job as people read it.
fn kind_in_words(kind: &str) -> String {
    kind.replace('_', " ")
}

fn quick_filters(filters: &FormFields) -> Vec<NavLink> {
    let link = |value: &str, label: &str| NavLink::filter(label, (AT, filters), ("state", value));
    let states = JobState::ALL
        .iter()
        .map(|state| link(state.as_str(), state.label()));
    std::iter::once(link("", "All")).chain(states).collect()
}

fn tone(state: JobState) -> Tone {
    match state {
        JobState::Queued => Tone::Neutral,
        JobState::Leased => Tone::Info,
        JobState::Done => Tone::Good,
        JobState::Dead => Tone::Bad,
    }
}

fn table(rows: Vec<JobSummary>, can_manage: bool) -> impl IntoView {
    let columns = vec![
        Column::text("Job"),
        Column::text("State"),
        Column::number("Tries"),
        Column::text("Made"),
        Column::text("Last error"),
        Column::actions(),
    ];
    view! {
        <DataTable caption="Jobs" columns=columns>
            {rows.into_iter().map(|one| row(one, can_manage)).collect_view()}
        </DataTable>
    }
}

fn row(one: JobSummary, can_manage: bool) -> impl IntoView {
    let kind = kind_in_words(&one.kind);
    let tries = format!("{} of {}", one.attempts, one.max_attempts);
    let again = (can_manage && one.state == JobState::Dead).then(|| {
        view! {
            <Form action="/fn/try_again" guard=false label="Try again">
                <HiddenField name="job" value=one.id.to_string()/>
                <SubmitButton kind=ButtonKind::Secondary size=ButtonSize::Small icon=Icon::Refresh attr:data-test="try-again">
                    "Try again"
                </SubmitButton>
            </Form>
        }
    });
    let due = (one.state == JobState::Queued).then(|| {
        view! { <span class="small muted">" next " <RelativeTime at=one.run_at/></span> }
    });
    view! {
        <Row muted=one.state == JobState::Done>
            <Cell main=true>
                <span class="strong">{kind}</span>
                <br/>
                {subject_link(&one.subject)}
            </Cell>
            <Cell label="State">
                {if one.is_stuck {
                    view! { <StateBadge tone=Tone::Bad label="Stuck"/> }.into_any()
                } else {
                    view! { <StateBadge tone=tone(one.state) label=one.state.label()/> }.into_any()
                }}
                {due}
            </Cell>
            <Cell label="Tries" num=true>{tries}</Cell>
            <Cell label="Made"><RelativeTime at=one.created_at/></Cell>
            <Cell label="Last error">
                <span class="small">{one.last_error}</span>
            </Cell>
            <ActionsCell>{again}</ActionsCell>
        </Row>
    }
}
