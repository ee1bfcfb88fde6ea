//! Why an order waits, for whom and since when, in words.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use entity::order;
use model::{OrderId, OrderState, Permission, UserId, sentence};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, QueryFilter};

use super::summary::{self, Row};
use crate::actor::holders;
use crate::provisioning::wording::time_for;

/// The people whom an order waits for now: who can decide on it, or carry it out by hand, by the rules of
/// [`crate::ordering::rules`]. Nobody where it waits for no person, or is not there.
pub(crate) async fn people_asked(
    db: &impl ConnectionTrait,
    id: OrderId,
    now: DateTime<Utc>,
) -> Result<BTreeSet<UserId>, DbErr> {
    let row = summary::select().filter(order::Column::Id.eq(id));
    match row.into_model::<Row>().one(db).await? {
        Some(row) => asked(db, &row, now).await,
        None => Ok(BTreeSet::new()),
    }
}

async fn asked(db: &impl ConnectionTrait, row: &Row, now: DateTime<Utc>) -> Result<BTreeSet<UserId>, DbErr> {
    let may: &[Permission] = match row.state {
        OrderState::PendingBuyer if row.is_within_limit() => {
            &[Permission::ApproveOrder, Permission::ApproveOrderWithinLimit]
        }
        OrderState::PendingBuyer => &[Permission::ApproveOrder],
        OrderState::PendingProvider => &[Permission::ApproveAsProvider],
        OrderState::Executing if row.needs_manual_work() => &[Permission::ManageResource],
        _ => return Ok(BTreeSet::new()),
    };
    holders(db, may, &row.target(), now).await
}

/// Whether the order waits for a decision of its buyer that nobody there can take: whoever could has no role any more, or
/// cannot sign in.
pub(super) async fn is_stuck(
    db: &impl ConnectionTrait,
    row: &Row,
    now: DateTime<Utc>,
) -> Result<bool, DbErr> {
    Ok(row.state == OrderState::PendingBuyer && asked(db, row, now).await?.is_empty())
}

/// The words for an order that [`is_stuck`].
pub(super) fn stuck(row: &Row, zone: Tz) -> String {
    let since = row
        .waiting_since
        .map(|at| format!(" since {}", time_for(zone, at)))
        .unwrap_or_default();
    format!(
        "Waiting for approval{since}, but nobody in {} can give it now. Ask the staff of the portal to name an owner.",
        row.organization_name
    )
}

/// The words for a viewer in time zone `zone`; empty for an order that waits for nobody. `message` is what the backend
/// says it waits for.
pub(super) fn waiting_for(row: &Row, start: Option<NaiveDate>, message: &str, zone: Tz) -> String {
    let since = |at: Option<DateTime<Utc>>| {
        at.map(|at| format!(" since {}", time_for(zone, at)))
            .unwrap_or_default()
    };
    match row.state {
        OrderState::PendingBuyer => {
            let own = if row.is_within_limit() {
                format!(
                    ", or an administrator or manager of the project {},",
                    row.project_name
                )
            } else {
                String::new()
            };
            format!(
                "Waiting for an owner of {}{own}{}.",
                row.organization_name,
                since(row.waiting_since)
            )
        }
        OrderState::PendingProvider => {
            format!(
                "Waiting for the provider, {},{}.",
                row.provider_name,
                since(row.waiting_since)
            )
        }
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
            format!(
                "Waiting for somebody of {}{}.{message}",
                row.provider_name,
                since(row.waiting_since)
            )
        }
        _ => String::new(),
    }
}
