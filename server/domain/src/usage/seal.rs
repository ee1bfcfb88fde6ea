//! What the log keeps of the use that people and programs report: nobody can change that, so events that were edited or
//! deleted show.

use chrono::{DateTime, Utc};
use entity::usage_event;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::crypto;

/// The events that one batch added to one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct LoggedUse {
    /// `recorded_at` of each.
    pub(crate) at: DateTime<Utc>,
    pub(crate) events: usize,
    pub(crate) fingerprint: String,
}

impl LoggedUse {
    pub(super) fn of(at: DateTime<Utc>, events: &[&usage_event::Model]) -> Self {
        Self {
            at,
            events: events.len(),
            fingerprint: fingerprint(events),
        }
    }
}

/// The fingerprint of events in whatever order: all but whether a later one replaced them.
pub(crate) fn fingerprint(events: &[&usage_event::Model]) -> String {
    let mut sorted = events.to_vec();
    sorted.sort_by_key(|event| event.id);
    let one = |event: &usage_event::Model| {
        json!({
            "id": event.id, "component": event.component, "from": event.window_start, "until": event.window_end,
            "quantity": event.quantity, "key": event.key, "username": event.username, "days": event.days,
        })
    };
    crypto::fingerprint(&sorted.into_iter().map(one).collect())
}
