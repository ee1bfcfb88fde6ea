//! What the domain knows of a resource, as plugins are asked for it.

use std::collections::BTreeMap;

use domain::{
    ordering::OrderWork,
    provisioning::{BackendSettings, ResourceWork},
};
use model::{AccessDetail, ConditionFacts, FieldKind, Fixed, Progress, Schema};
use plugins::{BackendNames, Detail, Limits, ResourceRequest, Secret, Settings};

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

/// What a plugin tells of a resource, as it is kept.
pub(super) fn told(details: Vec<Detail>) -> Vec<AccessDetail> {
    let kept = |one: Detail| AccessDetail {
        label: one.label,
        value: one.value,
    };
    details.into_iter().map(kept).collect()
}

/// The condition stored as `code`, as its plugin is told of it; empty where it knows none.
pub(super) fn condition(code: &str, known: &[ConditionFacts]) -> String {
    let found = ConditionFacts::among(known, code);
    found.map(|condition| condition.code.clone()).unwrap_or_default()
}

/// What is told of a backend that could not be asked.
pub(super) fn tried_again(reason: &str) -> Progress {
    waits_for(format!(
        "The backend is not reachable; it is tried again. ({reason})"
    ))
}

/// What is waited for, however long that takes.
pub(super) fn waits_for(message: String) -> Progress {
    Progress {
        message,
        ..Progress::default()
    }
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
