//! What the domain knows of a resource, as plugins are asked for it.

use std::collections::BTreeMap;

use domain::{
    ordering::OrderWork,
    provisioning::{BackendSettings, ResourceWork},
};
use model::{ConditionFacts, FieldKind, Fixed, Schema};
use plugins::{BackendNames, Limits, ResourceRequest, Secret, Settings};

pub(super) fn of_order(order: &OrderWork) -> ResourceRequest {
    ResourceRequest {
        order: Some(order.order_id),
        ..of_resource(&order.work)
    }
}

pub(super) fn of_resource(work: &ResourceWork) -> ResourceRequest {
    ResourceRequest {
        order: None,
        resource: work.resource_id,
        backend_id: work.backend_id.clone(),
        names: BackendNames {
            organization: work.organization_slug.clone(),
            project: work.project_slug.clone(),
            resource: work.resource_slug.clone(),
        },
        settings: settings_of(&work.backend),
        limits: decimals(&work.limits),
        // Told to whom it matters, by those who make such requests.
        used_before: Limits::new(),
        attributes: work.attributes.clone(),
        members: work.members.clone(),
    }
}

/// The condition stored as `code`; that of new resources where it is none (any more) that the plugin knows; empty where it knows
/// none.
pub(super) fn condition(code: &str, known: &[ConditionFacts]) -> String {
    let found = known.iter().find(|condition| condition.code == code);
    found
        .or(known.first())
        .map(|condition| condition.code.clone())
        .unwrap_or_default()
}

/// Quantities by component code, as plugins take them.
pub(super) fn decimals(quantities: &BTreeMap<String, Fixed>) -> Limits {
    quantities
        .iter()
        .map(|(code, quantity)| (code.clone(), quantity.to_decimal()))
        .collect()
}

/// Settings whose secrets stand among the other values, told apart by the plugin's schema.
pub(super) fn settings_with_secrets(schema: &Schema, values: serde_json::Value) -> Settings {
    let is_secret = |key: &String| {
        schema
            .fields
            .iter()
            .any(|f| f.key == *key && matches!(f.kind, FieldKind::Secret))
    };
    let serde_json::Value::Object(all) = values else {
        return Settings::new(values, BTreeMap::new());
    };
    let (hidden, open): (serde_json::Map<_, _>, serde_json::Map<_, _>) =
        all.into_iter().partition(|(key, _)| is_secret(key));
    let secrets = hidden
        .into_iter()
        .filter_map(|(key, value)| Some((key, Secret::new(value.as_str()?))));
    Settings::new(serde_json::Value::Object(open), secrets.collect())
}

/// The settings of a backend as plugins take them.
pub(super) fn settings_of(backend: &BackendSettings) -> Settings {
    let secrets = backend
        .secrets
        .iter()
        .map(|(key, secret)| (key.clone(), Secret::new(secret.clone())));
    Settings::new(backend.settings.clone(), secrets.collect())
}
