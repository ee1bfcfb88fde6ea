//! What the domain knows of a resource, as plugins are asked for it.

use std::collections::BTreeMap;

use domain::{ordering::OrderWork, provisioning::ResourceWork};
use plugins::{BackendNames, ResourceRequest, Secret, Settings};

pub(super) fn of_order(order: &OrderWork) -> ResourceRequest {
    ResourceRequest { order: Some(order.order_id), ..of_resource(&order.work) }
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
        settings: settings(&work.settings, &work.secrets),
        limits: work.limits.iter().map(|(code, limit)| (code.clone(), limit.to_decimal())).collect(),
        attributes: work.attributes.clone(),
        members: work.members.clone(),
    }
}

pub(super) fn settings(values: &serde_json::Value, secrets: &BTreeMap<String, String>) -> Settings {
    let secrets = secrets.iter().map(|(key, secret)| (key.clone(), Secret::new(secret.clone())));
    Settings::new(values.clone(), secrets.collect())
}
