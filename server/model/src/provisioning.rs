//! Resources as people see them.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{
    BillingPeriod, Component, Currency, DisplayRow, Fixed, Lifetime, OfferingId, OrderId, OrderState,
    OrganizationId, PlanId, ProjectId, ResourceChange, ResourceId, ResourceState, TimelineEntry,
};

/// A resource in a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceSummary {
    /// The resource.
    pub id: ResourceId,
    /// Name.
    pub name: String,
    /// Where it stands.
    pub state: ResourceState,
    /// The offering.
    pub offering_id: OfferingId,
    /// Its name.
    pub offering_name: String,
    /// Name of the category.
    pub category_name: String,
    /// Name of the plan.
    pub plan_name: String,
    /// The project.
    pub project_id: ProjectId,
    /// Its name.
    pub project_name: String,
    /// The buying organization.
    pub organization_id: OrganizationId,
    /// Its name.
    pub organization_name: String,
    /// The provider.
    pub provider_id: OrganizationId,
    /// Its name.
    pub provider_name: String,
    /// When it was ordered.
    pub created_at: DateTime<Utc>,
}

/// A key and a value that a backend, or somebody of the provider, tells about a resource, such as an account name or an address;
/// also what an action gives back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AccessDetail {
    /// For people.
    pub label: String,
    /// The value, to copy.
    pub value: String,
}

/// A limit and what is used of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitUse {
    /// The component.
    pub component: Component,
    /// Limit in force; none for a component charged otherwise.
    pub limit: Option<Fixed>,
    /// What the buyer expects to use a month, of a component charged by use.
    #[serde(default)]
    pub expected: Option<Fixed>,
    /// Used in the running period.
    pub used: Fixed,
    /// The period in which that is counted: the limit's; of use, the one that its maximum is for, and the month where it has
    /// none or where it is expected.
    pub every: BillingPeriod,
}

/// A stretch of time with one plan and one set of limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Interval {
    /// Plan in force.
    pub plan_id: PlanId,
    /// Its name.
    pub plan_name: String,
    /// Limits in force, by component code.
    pub limits: BTreeMap<String, Fixed>,
    /// From this instant.
    pub starts_at: DateTime<Utc>,
    /// To this instant, not included; none while in force.
    pub ends_at: Option<DateTime<Utc>>,
}

/// A resource whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceDetail {
    /// What a list shows.
    pub summary: ResourceSummary,
    /// The plan in force.
    pub plan_id: PlanId,
    /// Plugin kind.
    pub plugin: String,
    /// Name on the backend; null before it exists.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub backend_id: String,
    /// How to reach and use it.
    pub access: Vec<AccessDetail>,
    /// Limits in force, by component code.
    pub limits: BTreeMap<String, Fixed>,
    /// Each component with limit and use.
    pub use_of_limits: Vec<LimitUse>,
    /// Answers to the request form as it was when it was ordered; secrets left out.
    pub answers: Vec<DisplayRow>,
    /// How long it lasts, and what happens then.
    pub lifetime: Lifetime,
    /// Since when it is in use.
    pub activated_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub terminated_at: Option<DateTime<Utc>>,
    /// The backend's accounting was read up to here; none where none was read.
    pub usage_until: Option<DateTime<Utc>>,
    /// Why accounting could not be read the last time; null when it could.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub usage_error: String,
    /// Why it failed; null otherwise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub error: String,
    /// Plan and limits over time, newest first.
    pub history: Vec<Interval>,
    /// Prices and terms that it will have, the next first.
    pub changes: Vec<ResourceChange>,
    /// The order that is open on it.
    pub open_order: Option<OrderId>,
    /// Where that order stands: `erred`, it goes on only when it is tried again, and stands in the way until then or until it is
    /// withdrawn. Null without one.
    #[serde(default)]
    pub open_order_state: Option<OrderState>,
    /// The order whose creation of it failed, which can be tried again; none of what was made.
    #[serde(default)]
    pub failed_creation: Option<OrderId>,
    /// What happened so far.
    pub timeline: Vec<TimelineEntry>,
    /// Currency of its plan.
    pub currency: Currency,
    /// The actor may order a change of limits now.
    pub can_change_limits: bool,
    /// The actor may order another plan now: another one is sold.
    pub can_switch_plan: bool,
    /// The actor may order its end now.
    pub can_terminate: bool,
    /// Why limits or end cannot be ordered; null when they are.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub why_not: String,
}
