//! Every version of a plan, and whom what is new will reach.

use leptos::prelude::*;
use model::{OfferingDetail, PlanHistory, PlanId, PlanVersion, Reach, VersionState, pricing::counted};

use super::whole::which;
use crate::components::*;

pub(super) fn versions(offering: &OfferingDetail, history: PlanHistory) -> impl IntoView + use<> {
    let columns = vec![
        Column::text("What"),
        Column::text("From"),
        Column::text("State"),
        Column::text("Reaches what runs"),
        Column::actions(),
    ];
    let title = format!("Versions of {}", history.name);
    let caption = title.clone();
    let plan = history.plan_id;
    let rows: Vec<_> = history
        .versions
        .into_iter()
        .map(|one| row(offering, plan, one))
        .collect();
    view! {
        <Section
            title=title
            id="versions"
            lead="Nothing that has begun is changed or removed. What has not begun can be withdrawn."
            flush=true
        >
            <DataTable caption=caption columns=columns>{rows}</DataTable>
        </Section>
    }
}

fn row(offering: &OfferingDetail, plan: PlanId, version: PlanVersion) -> impl IntoView + use<> {
    let tone = match version.state {
        VersionState::ToCome => Tone::Waiting,
        VersionState::InForce => Tone::Good,
        VersionState::Past => Tone::Ended,
    };
    let withdraw = (version.state == VersionState::ToCome).then(|| {
        let (plan, id) = (plan.to_string(), version.id.to_string());
        let fields = which(offering, &[("plan", plan.as_str()), ("version", id.as_str())]);
        view! {
            <Menu label=format!("Actions for {}", version.name) icon=Icon::Ellipsis icon_only=true kind=ButtonKind::Quiet>
                <MenuForm action="/fn/withdraw_plan_version" label="Withdraw" danger=true fields=fields/>
            </Menu>
        }
    });
    let reach: Vec<_> = version.reach.into_iter().map(reached).collect();
    view! {
        <Row muted=version.state == VersionState::Past>
            <Cell label="What"><div><span class="strong">{version.name}</span> <div class="small">{version.text}</div></div></Cell>
            <Cell label="From"><DateText at=version.starts_at time=true/></Cell>
            <Cell label="State"><StateBadge tone=tone label=version.state.label()/></Cell>
            <Cell label="Reaches what runs"><div>{reach}</div></Cell>
            <ActionsCell>{withdraw}</ActionsCell>
        </Row>
    }
}

fn reached(reach: Reach) -> impl IntoView {
    let whom = format!(
        "{} of {}",
        counted(reach.resources.into(), "resource"),
        reach.organizations.join(", ")
    );
    let when = match reach.from {
        Some(at) => view! { " from " <DateText at=at time=true/> }.into_any(),
        None => " when they are renewed".into_any(),
    };
    view! { <div class="small">{whom} {when}</div> }
}
