//! Every version of a plan, and whom what is new will reach.

use chrono::{DateTime, NaiveDate, Utc};
use leptos::prelude::*;
use model::{OfferingDetail, PlanHistory, PlanId, PlanVersion, Reach, VersionState, pricing::counted};

use super::step::offering_reference;
use crate::{components::*, routes};

pub(super) fn versions(offering: &OfferingDetail, history: PlanHistory) -> impl IntoView + use<> {
    // Where nothing that runs is reached, there is nothing to tell of it.
    let reaches = history.versions.iter().any(|one| !one.reach.is_empty());
    let columns = [
        Some(Column::text("What")),
        Some(Column::text("From")),
        reaches.then(|| Column::text(REACH)),
        Some(Column::actions()),
    ];
    let columns = columns.into_iter().flatten().collect();
    let title = format!("Versions of {}", history.name);
    let caption = title.clone();
    let plan = history.plan_id;
    let rows: Vec<_> = history
        .versions
        .into_iter()
        .map(|one| row(offering, plan, one, reaches))
        .collect();
    view! {
        <Section
            title=title
            id="versions"
            lead="Nothing that has begun is changed or removed. What has not begun can be withdrawn; a price that was wrong can be corrected for months that are open."
            flush=true
        >
            <DataTable caption=caption columns=columns>{rows}</DataTable>
        </Section>
    }
}

/// What the column of those says that a version will reach.
const REACH: &str = "Reaches what runs";

fn row(
    offering: &OfferingDetail,
    plan: PlanId,
    version: PlanVersion,
    reaches: bool,
) -> impl IntoView + use<> {
    let tone = match version.state {
        VersionState::ToCome => Tone::Waiting,
        VersionState::InForce => Tone::Good,
        VersionState::Past => Tone::Ended,
    };
    let id = version.id.to_string();
    let withdraw = (offering.can_edit && version.state == VersionState::ToCome).then(|| {
        let plan = plan.to_string();
        let fields = offering_reference(offering, &[("plan", plan.as_str()), ("version", id.as_str())]);
        view! { <MenuForm action="/fn/withdraw_plan_version" label="Withdraw" danger=true fields=fields/> }
    });
    let correct = (offering.can_edit && version.can_be_corrected()).then(|| {
        let href = routes::price_correction(offering.summary.id, plan, &id);
        view! { <MenuLink href=href>"Correct"</MenuLink> }
    });
    let actions = (withdraw.is_some() || correct.is_some()).then(|| {
        view! {
            <Menu label=format!("Actions for {}", version.name) icon=Icon::Ellipsis icon_only=true kind=ButtonKind::Quiet>
                {correct}
                {withdraw}
            </Menu>
        }
    });
    let correction = version.correction.map(|one| {
        let what = format!("Corrected by {}, was {}: {}", one.by, one.was, one.reason);
        view! { <div class="small muted">{what}</div> }
    });
    let first = (version.starts_at, version.first_day);
    let reach: Vec<_> = version
        .reach
        .into_iter()
        .map(|one| reach_text(one, first))
        .collect();
    let reach = reaches.then(|| {
        let reach = if reach.is_empty() {
            view! { <span class="muted">"nothing more"</span> }.into_any()
        } else {
            view! { <div>{reach}</div> }.into_any()
        };
        view! { <Cell label=REACH>{reach}</Cell> }
    });
    view! {
        <Row muted=version.state == VersionState::Past>
            <Cell label="What"><div class="cell-words"><span class="strong">{version.name}</span> <div class="small">{version.text}</div> {correction}</div></Cell>
            // One column for both: beside the list of what is missing there is no room for more.
            <Cell label="From">
                <div>
                    <FirstInstant at=version.starts_at day=version.first_day/>
                    <br/>
                    <StateBadge tone=tone label=version.state.label()/>
                </div>
            </Cell>
            {reach}
            <ActionsCell>{actions}</ActionsCell>
        </Row>
    }
}

/// Whom it reaches and when; at its first instant that is told as the version tells it.
fn reach_text(reach: Reach, (starts_at, first_day): (DateTime<Utc>, Option<NaiveDate>)) -> impl IntoView {
    let whom = format!(
        "{} of {}",
        counted(reach.resources.into(), "resource"),
        reach.organizations.join(", ")
    );
    let when = match reach.from {
        Some(at) => {
            let day = first_day.filter(|_| at == starts_at);
            view! { " from " <FirstInstant at=at day=day/> }.into_any()
        }
        None if reach.resources == 1 => " when it is renewed".into_any(),
        None => " when they are renewed".into_any(),
    };
    view! { <div class="small">{whom} {when}</div> }
}
