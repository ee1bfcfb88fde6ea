//! Why an order waits, for whom and since when, in words.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::order;
use model::{OrderId, OrderState, Permission, Side, UserId, sentence};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter};

use super::summary::{self, Row};
use crate::actor::holders;
use crate::approvals::{self, OpenStep, Steps, name_list};
use crate::provisioning::wording::time_for;

/// The people whom an order waits for now: who can decide on its open step, or carry it out by hand. Nobody where it waits for
/// no person, or is not there.
pub(crate) async fn people_asked(
    db: &impl ConnectionTrait,
    id: OrderId,
    now: DateTime<Utc>,
) -> Result<BTreeSet<UserId>, DbErr> {
    let row = summary::select(None).filter(order::Column::Id.eq(id));
    let Some(row) = row.into_model::<Row>().one(db).await? else {
        return Ok(BTreeSet::new());
    };
    if row.needs_manual_work() {
        return holders(db, &[Permission::ManageResource], &row.target(), now).await;
    }
    if !row.state.awaits_decision() {
        return Ok(BTreeSet::new());
    }
    match Steps::of_order(db, (id, row.requested_by)).await?.open() {
        Some(step) => Ok(approvals::deciders(db, row.asks(), &step, now).await?.all()),
        None => Ok(BTreeSet::new()),
    }
}

/// What an order that waits for a decision waits for.
pub(super) struct Asked {
    /// The step.
    pub(super) step: OpenStep,
    /// How many people can decide on it.
    pub(super) can: usize,
    /// Their names; none for who stands on the other side.
    pub(super) names: Vec<String>,
}

/// The words for a viewer in time zone `zone`; empty for an order that waits for nobody. `message` is what the backend
/// says it waits for.
pub(super) fn waiting_for(
    row: &Row,
    asked: Option<&Asked>,
    (start, message): (Option<NaiveDate>, &str),
    zone: Tz,
) -> String {
    let since = row
        .waiting_since
        .map(|at| format!(" since {}", time_for(zone, at)));
    let since = since.unwrap_or_default();
    match row.state {
        OrderState::PendingBuyer | OrderState::PendingProvider => asked
            .map(|asked| decision(row, asked, &since))
            .unwrap_or_default(),
        OrderState::PendingStart => match start {
            Some(day) => format!("Waiting for its start on {}.", day.format("%-d %B %Y")),
            None => "Waiting for its start.".to_owned(),
        },
        OrderState::Executing if row.needs_manual_work() => {
            let message = if message.is_empty() {
                String::new()
            } else {
                format!(" {}", sentence(&message))
            };
            format!("Waiting for somebody of {}{since}.{message}", row.provider_name)
        }
        _ => String::new(),
    }
}

fn decision(row: &Row, asked: &Asked, since: &str) -> String {
    let (side, missing) = (asked.step.row.side, asked.step.missing());
    if asked.can == 0 {
        return match side {
            Side::Buyer => format!(
                "Waiting for approval{since}, but nobody in {} can give it now. Ask the staff of the portal to decide, or to name another owner.",
                row.organization_name
            ),
            Side::Provider => format!(
                "Waiting for the provider{since}, but nobody of {} can decide now. Ask the staff of the portal.",
                row.provider_name
            ),
        };
    }
    let who = match side {
        Side::Buyer => row.organization_name.as_str(),
        Side::Provider => row.provider_name.as_str(),
    };
    let all = asked.can == missing && asked.names.len() == missing;
    match (name_list(&asked.names, if all { "and" } else { "or" }), missing) {
        (names, _) if names.is_empty() => match side {
            Side::Buyer => format!("Waiting for approval by {who}{since}."),
            Side::Provider => format!("Waiting for the provider, {who},{since}."),
        },
        (names, 1) => format!("Waiting for {names}{since}."),
        (names, _) if all => format!("Waiting for {names} to agree{since}: each of them must."),
        (names, missing) => format!("Waiting for {missing} of {who} to agree{since}: {names}."),
    }
}
