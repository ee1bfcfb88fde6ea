//! The demo content as data.

use std::collections::BTreeMap;

use model::{ChargeType, Fixed, LimitPeriod, NewCategory, NewOrganization, Role};
use serde::Deserialize;
use serde_json::Value as Json;

/// Who to sign in as, and why.
pub(super) const LOGINS: [(&str, &str); 8] = [
    (
        "anna.rebane@pohjala.example",
        "member of a project: browses and orders",
    ),
    ("mari.saar@pohjala.example", "owner of the organization: approves"),
    (
        "kadri.mets@pohjala.example",
        "manager of a project: approves small orders",
    ),
    ("peeter.lepp@pohjala.example", "accountant: invoices"),
    (
        "liis.tamm@nordic-hpc.example",
        "service provider: offerings, prices, usage",
    ),
    ("jonas.kask@baltic-cloud.example", "another service provider"),
    ("staff@stoa.example", "staff: everything, jobs, month close"),
    ("support@stoa.example", "support: reads everything"),
];

#[derive(Deserialize)]
pub(super) struct Content {
    pub(super) organizations: Vec<NewOrganization>,
    /// What providers may use: the cluster that `cargo xtask slurm up` brings up.
    pub(super) backends: Vec<BackendContent>,
    pub(super) projects: Vec<ProjectContent>,
    pub(super) people: Vec<PersonContent>,
    pub(super) categories: Vec<NewCategory>,
    pub(super) offerings: Vec<OfferingContent>,
    pub(super) resources: Vec<ResourceContent>,
    pub(super) waiting: Vec<WaitingContent>,
}

#[derive(Deserialize)]
pub(super) struct BackendContent {
    pub(super) provider: String,
    pub(super) plugin: String,
    pub(super) settings: Json,
}

#[derive(Deserialize)]
pub(super) struct ProjectContent {
    pub(super) organization: String,
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) approval_limit: Option<Fixed>,
}

#[derive(Deserialize)]
pub(super) struct PersonContent {
    pub(super) email: String,
    pub(super) name: String,
    pub(super) username: String,
    pub(super) time_zone: String,
    pub(super) grants: Vec<GrantContent>,
}

#[derive(Deserialize)]
pub(super) struct GrantContent {
    pub(super) role: Role,
    pub(super) scope: String,
    pub(super) at: String,
}

#[derive(Clone, Deserialize)]
pub(super) struct OfferingContent {
    pub(super) provider: String,
    pub(super) category: String,
    pub(super) name: String,
    pub(super) summary: String,
    pub(super) attributes: Json,
    pub(super) components: Vec<ComponentContent>,
    pub(super) provider_approval: bool,
}

#[derive(Clone, Deserialize)]
pub(super) struct ComponentContent {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) unit: String,
    pub(super) charge: ChargeType,
    pub(super) limit_period: LimitPeriod,
    pub(super) min: Option<Fixed>,
    pub(super) max: Option<Fixed>,
    pub(super) default: Option<Fixed>,
    pub(super) step: Option<Fixed>,
    pub(super) price: Fixed,
    pub(super) description: String,
}

#[derive(Deserialize)]
pub(super) struct ResourceContent {
    pub(super) project: String,
    pub(super) offering: String,
    pub(super) plan: String,
    pub(super) name: String,
    pub(super) limits: BTreeMap<String, Fixed>,
    pub(super) days_ago: u32,
    pub(super) daily: Vec<DailyContent>,
}

#[derive(Clone, Deserialize)]
pub(super) struct DailyContent {
    pub(super) component: String,
    pub(super) quantity: Fixed,
}

#[derive(Deserialize)]
pub(super) struct WaitingContent {
    pub(super) project: String,
    pub(super) offering: String,
    pub(super) plan: String,
    pub(super) name: String,
    pub(super) limits: BTreeMap<String, Fixed>,
    pub(super) by: String,
}

/// The demo content.
pub(super) fn demo() -> anyhow::Result<Content> {
    Ok(serde_json::from_str(include_str!("demo.json"))?)
}
