use leptos::prelude::*;
use leptos_meta::Title;
use model::ProjectSummary;

use super::{approval_limit_help, id_in_address};
use crate::{
    components::*,
    error::AppError,
    page::{Area, page},
    reply::FormReply,
    routes,
    server_fns::structure::{OrganizationFacts, load_organization},
};

#[component]
pub fn ProjectsPage() -> impl IntoView {
    let id = id_in_address();
    page(Area::Organization(id.clone()), async move {
        // First, because to who does not see the organization it is not there.
        let facts = load_organization(id.clone()).await?;
        if !can_open(&routes::organization_part(&id, "projects")) {
            return Err(AppError::forbidden(
                "You may not see this organization's projects. Its owners and managers can.",
            ));
        }
        Ok(projects(facts))
    })
}

fn projects(facts: OrganizationFacts) -> impl IntoView {
    let OrganizationFacts {
        organization,
        projects,
        can_create,
        may_set_limit,
        reply,
        ..
    } = facts;
    let id = organization.id;
    let at = routes::organization_part(id, "projects");
    let next = projects
        .next
        .map(|cursor| format!("{at}?cursor={}", crate::address::encode(&cursor)));
    let currency = organization.currency.code().to_owned();
    let new = can_create.then(|| {
        view! {
            <Section title="New project" id="project">
                <NewProject organization=id.to_string() currency=currency may_set_limit=may_set_limit reply=reply/>
            </Section>
        }
    });
    view! {
        <Title text="Projects"/>
        <PageHeader
            title="Projects"
            breadcrumbs=vec![Breadcrumb::to(organization.name, routes::organization(id)), Breadcrumb::here("Projects")]
            lead="People work in projects: what they order belongs to one, and its costs are told by project."
        />
        <Section flush=true>{project_rows(projects.items)}</Section>
        <CursorPages next=next/>
        {new}
    }
}

/// A table of projects.
pub(super) fn project_rows(rows: Vec<ProjectSummary>) -> impl IntoView {
    if rows.is_empty() {
        return view! {
            <EmptyState illustration=Illustration::People title="No projects yet">
                "A project has people and resources. Owners and managers of the organization create them."
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("Project"),
        Column::number("Resources"),
        Column::text("Ends").hide_phone(),
        Column::text("Approves up to").hide_phone(),
    ];
    view! {
        <DataTable caption="Projects" columns=columns>
            {rows.into_iter().map(row).collect_view()}
        </DataTable>
    }
    .into_any()
}

fn row(one: ProjectSummary) -> impl IntoView {
    let end = one.end_date.map(|day| view! { <DayText day=day/> });
    let limit = one.approval_limit.map(money_text);
    view! {
        <Row>
            <MainCell href=routes::project(one.id) sub=one.description>
                {one.name}
            </MainCell>
            <Cell label="Resources" num=true>{one.resources}</Cell>
            <Cell label="Ends" hide_phone=true>{end}</Cell>
            <Cell label="Approves up to" hide_phone=true>{limit}</Cell>
        </Row>
    }
}

#[component]
fn NewProject(
    organization: String,
    currency: String,
    may_set_limit: bool,
    reply: FormReply,
) -> impl IntoView {
    let day = |name: &'static str, label: &'static str| {
        view! { <DateField name=name label=label value=reply.value_or(name, "") error=reply.error(name)/> }
    };
    let (start, end) = (day("start_date", "First day"), day("end_date", "Last day"));
    let limit = may_set_limit.then(|| {
        view! {
            <MoneyField
                name="approval_limit"
                label="Its managers may commit up to"
                currency=currency
                value=reply.value_or("approval_limit", "")
                help=approval_limit_help()
                error=reply.error("approval_limit")
            />
        }
    });
    view! {
        <Form action="/fn/create_project" label="New project">
            <ErrorSummary errors=reply.errors() title="The project was not created."/>
            <HiddenField name="organization" value=organization/>
            <TextField name="name" label="Name" value=reply.value_or("name", "") error=reply.error("name") maxlength=150 required=true/>
            <TextField
                name="slug"
                label="Short name"
                value=reply.value_or("slug", "")
                help="For backends, such as the name of an account; made of the name when empty. It stays."
                error=reply.error("slug")
            />
            <TextArea
                name="description"
                label="Description"
                rows=3
                value=reply.value_or("description", "")
                error=reply.error("description")
                maxlength=2000
            />
            <FormGrid>{start} {end}</FormGrid>
            {limit}
            <FormActions>
                <SubmitButton busy="Creating…" attr:data-test="create-project">
                    "Create project"
                </SubmitButton>
            </FormActions>
        </Form>
    }
}
