//! What a plugin is told about a resource.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use model::ids::{OrderId, ResourceId};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};

use crate::Secret;

/// Limits by component code, in the component's unit. Only components that are charged by limit are in it.
pub type Limits = BTreeMap<String, Decimal>;

/// A resource as it should be.
#[derive(Debug, Clone)]
pub struct ResourceRequest {
    /// The order that asks; the idempotency key. `None` for upkeep that no order asked for (members, usage).
    pub order: Option<OrderId>,
    /// The resource.
    pub resource: ResourceId,
    /// The backend's id, once a verb answered `Ready`.
    pub backend_id: Option<String>,
    /// From which names on the backend are built.
    pub names: BackendNames,
    /// The offering's settings and secrets.
    pub settings: Settings,
    /// The wanted limits, all of them: each for its period.
    pub limits: Limits,
    /// What was measured of limited components, in their units, before their running period or term began. Only of components
    /// whose preset says `counts_over_life`, and only where something was: what is not in it is nothing. A backend that counts
    /// over the resource's life lets use come to [`ResourceRequest::limits_over_life`].
    pub used_before: Limits,
    /// The answers to the offering's request form, as stored.
    pub attributes: Json,
    /// The users who should have access, by their name on the backend (POSIX).
    pub members: Vec<String>,
}

impl ResourceRequest {
    /// What may have been used of each limited component by the end of its running period, since the resource began: what was
    /// used before the period, and the limit.
    pub fn limits_over_life(&self) -> Limits {
        let total = |(code, limit): (&String, &Decimal)| {
            let before = self.used_before.get(code).copied().unwrap_or_default();
            // What adds up to more than can be told stays a limit.
            (code.clone(), limit.checked_add(before).unwrap_or(*limit))
        };
        self.limits.iter().map(total).collect()
    }
}

/// Names that stay the same for the resource's life, though titles change. Unique: the organization's slug in the portal, the
/// project's in its organization, the resource's in its project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendNames {
    /// The organization's slug.
    pub organization: String,
    /// The project's slug.
    pub project: String,
    /// The resource's slug.
    pub resource: String,
}

/// An offering's plugin settings, already checked against the plugin's schema when they were stored.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    values: Map<String, Json>,
    secrets: BTreeMap<String, Secret>,
}

impl Settings {
    /// Stored values and decrypted secrets. Anything but an object counts as empty: required settings are then missing,
    /// and the plugin says so.
    pub fn new(values: Json, secrets: BTreeMap<String, Secret>) -> Self {
        let values = match values {
            Json::Object(values) => values,
            _ => Map::new(),
        };
        Self { values, secrets }
    }

    /// A text that was filled in; blank counts as absent.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.values
            .get(key)
            .and_then(Json::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// A whole number that was filled in.
    pub fn integer(&self, key: &str) -> Option<i64> {
        self.values.get(key).and_then(Json::as_i64)
    }

    /// A decrypted secret.
    pub fn secret(&self, key: &str) -> Option<&Secret> {
        self.secrets.get(key)
    }

    /// The values without secrets.
    pub fn values(&self) -> &Map<String, Json> {
        &self.values
    }
}

/// A verb that can answer `Pending` and be polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verb {
    /// [`crate::Plugin::provision`]
    Provision,
    /// [`crate::Plugin::change_limits`]
    ChangeLimits,
    /// [`crate::Plugin::change_terms`]
    ChangeTerms,
    /// [`crate::Plugin::terminate`]
    Terminate,
    /// [`crate::Plugin::sync_members`]
    SyncMembers,
}

/// Asks for the usage of one resource.
#[derive(Debug, Clone)]
pub struct UsageRequest {
    /// The resource, with its backend id.
    pub resource: ResourceRequest,
    /// The stretch that is asked for. Whole days (UTC) that touch it are reported. Accounting may lag, so ask from a day or two before the
    /// last collection on; what was reported before comes again under the same keys.
    pub window: Window,
    /// The present: what still runs is measured up to here.
    pub now: DateTime<Utc>,
}

/// A stretch of time, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// Inclusive.
    pub start: DateTime<Utc>,
    /// Exclusive.
    pub end: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_are_no_values_and_do_not_print() {
        let secrets = BTreeMap::from([("token".to_owned(), Secret::new("hunter2"))]);
        let settings = Settings::new(json!({ "endpoint": "https://backend.example" }), secrets);
        assert_eq!(settings.text("endpoint"), Some("https://backend.example"));
        assert_eq!(settings.text("token"), None);
        assert_eq!(settings.secret("token").map(Secret::reveal), Some("hunter2"));
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
}
