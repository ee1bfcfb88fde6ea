use chrono::NaiveDate;
use leptos::prelude::*;
use leptos_meta::Title;
use model::{ProjectSummary, ResourceSummary};

use super::{id_in_address, spent};
use crate::{
    appearance,
    components::*,
    page::{Area, page},
    pages::{
        orders::OrderRows,
        resources::lifetime::{days, distance},
    },
    routes,
    server_fns::structure::{ProjectFacts, load_project},
};

#[component]
pub fn ProjectPage() -> impl IntoView {
    let id = id_in_address();
    page(Area::Project(id.clone()), async move {
        Ok(overview(load_project(id).await?))
    })
}

fn overview(facts: ProjectFacts) -> impl IntoView {
    let ProjectFacts {
        project,
        spend,
        resources,
        orders,
        can_edit,
        can_order,
    } = facts;
    let id = project.id;
    let edit = can_edit.then(|| {
        view! {
            <LinkButton href=routes::project_part(id, "settings") attr:data-test="project-settings">
                "Settings"
            </LinkButton>
        }
    });
    let notice = notice(&project, can_edit);
    let can = Adding {
        is_over: project.days_left.is_some_and(|left| left < 0),
        can_order,
    };
    let order = can_order.then(|| {
        view! {
            <LinkButton href=format!("/marketplace?project={id}") kind=ButtonKind::Primary icon=Icon::Plus>
                "Order something"
            </LinkButton>
        }
    });
    let order = view! { {edit} {order} };
    let end = project
        .end_date
        .map(|day| view! { <Stat label="Ends"><DayText day=day/></Stat> });
    let start = project
        .start_date
        .map(|day| view! { <Stat label="Begins"><DayText day=day/></Stat> });
    let figures = view! {
        <Stat label=format!("Cost in {}", spend.month.title()) note=format_as_of("so far, without tax", spend.as_of)>
            {spent(&spend)}
        </Stat>
        <Stat label="Resources" note="without those that have ended" href=format!("/resources?project={id}")>
            {project.resources}
        </Stat>
        {start}
        {end}
    };
    let organization = Breadcrumb::to(
        project.organization_name,
        routes::organization(project.organization_id),
    );
    let orders = if orders.is_empty() {
        view! { <EmptyState illustration=Illustration::Inbox title="No orders yet" compact=true>"What is ordered for this project is followed here."</EmptyState> }
            .into_any()
    } else {
        view! { <OrderRows orders=orders/> }.into_any()
    };
    view! {
        <Title text=project.name.clone()/>
        <PageHeader
            title=project.name.clone()
            breadcrumbs=vec![organization, Breadcrumb::here(project.name)]
            lead=project.description
            actions=order.into_any()
        />
        {notice}
        <StatGrid>{figures}</StatGrid>
        <Section title="Resources" flush=true actions=all(format!("/resources?project={id}"))>{resource_rows(resources, &can)}</Section>
        <Section title="Orders" flush=true actions=all(format!("/orders?project={id}"))>{orders}</Section>
    }
}

/// Told from 30 days before the end on.
fn notice(project: &ProjectSummary, can_edit: bool) -> Option<AnyView> {
    let (day, left) = (project.end_date?, project.days_left?);
    if left > 30 {
        return None;
    }
    let (verb, tone) = if left < 0 {
        ("Ended", Tone::Ended)
    } else {
        ("Ends", Tone::Waiting)
    };
    let text = what_happens(day, (left < 0).then_some(project.resources), can_edit);
    Some(
        view! {
            <Banner tone=tone title=format!("{verb} {}", distance(left))>
                <span data-test="ending">{text}</span>
            </Banner>
        }
        .into_any(),
    )
}

/// `kept`: of a project that is over, how much of it is still there.
fn what_happens(day: NaiveDate, kept: Option<u64>, can_edit: bool) -> String {
    let day = days(day);
    let what = match kept {
        None => format!(
            "The last day of the project is {day}. In the night after it everything in it is ended, as each service keeps what is over."
        ),
        Some(0) => format!("The last day of the project was {day}. Everything in it has ended."),
        Some(_) => format!(
            "The last day of the project was {day}. Nothing in it is billed any more; what is still there is ended as each service keeps what is over."
        ),
    };
    let how = match (kept, can_edit) {
        (Some(0), true) => "To order for it again, choose a later last day in its settings.",
        (_, true) => "Choose a later last day in its settings to keep it.",
        (Some(0), false) => "",
        (_, false) => "Whoever administers the project can choose a later last day.",
    };
    format!("{what} {how}").trim_end().to_owned()
}

fn all(href: String) -> AnyView {
    view! {
        <LinkButton href=href kind=ButtonKind::Quiet>
            "Show all"
        </LinkButton>
    }
    .into_any()
}

/// What decides whether something can be added to a project.
struct Adding {
    is_over: bool,
    can_order: bool,
}

impl Adding {
    /// Title and advice where nothing runs. What has ended is not listed, so that nothing runs does not say that nothing did.
    fn nothing_runs(&self) -> (&'static str, &'static str) {
        match (self.is_over, self.can_order) {
            (true, _) => (
                "Nothing runs any more",
                "What the project had stands under “Show all”.",
            ),
            (false, true) => (
                "Nothing runs now",
                "Find something in the marketplace and order it for this project.",
            ),
            (false, false) => (
                "Nothing runs now",
                "What is ordered for this project stands here.",
            ),
        }
    }
}

fn resource_rows(rows: Vec<ResourceSummary>, can: &Adding) -> impl IntoView + use<> {
    if rows.is_empty() {
        let (title, advice) = can.nothing_runs();
        return view! {
            <EmptyState illustration=Illustration::Server title=title compact=true>
                {advice}
            </EmptyState>
        }
        .into_any();
    }
    let columns = vec![
        Column::text("Resource"),
        Column::text("State"),
        Column::text("Since").hide_phone(),
    ];
    let row = |one: ResourceSummary| {
        let sub = format!("{} · {}", one.offering_name, one.plan_name);
        view! {
            <Row>
                <MainCell href=routes::resource(one.id) sub=sub>
                    {one.name}
                </MainCell>
                <Cell label="State">
                    <StateBadge tone=appearance::resource_tone(one.state) label=one.state.label()/>
                </Cell>
                <Cell label="Since" hide_phone=true>
                    <DateText at=one.created_at/>
                </Cell>
            </Row>
        }
    };
    view! {
        <DataTable caption="Resources" columns=columns>
            {rows.into_iter().map(row).collect_view()}
        </DataTable>
    }
    .into_any()
}
