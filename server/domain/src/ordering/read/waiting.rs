//! Why an order waits, for whom and since when, in words.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use model::OrderState;

use super::summary::Row;
use crate::provisioning::wording::{sentence, time_for};

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
