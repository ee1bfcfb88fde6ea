//! Orders as people see them, and the drafts by which they are placed.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    ApprovalStep, ClockOffset, DisplayRow, Fixed, Money, OfferingId, OrderId, OrderKind, OrderState,
    OrganizationId, PlanId, ProjectId, Quote, QuoteRequest, ResourceId, TaxRate,
};

/// An order for a new resource.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateDraft {
    /// Who pays and uses.
    pub project_id: ProjectId,
    /// What is ordered.
    pub offering_id: OfferingId,
    /// In which plan.
    pub plan_id: PlanId,
    /// Name of the resource, 1 to 100 characters.
    pub name: String,
    /// Limits by component code; a missing one takes the component's default.
    #[serde(default)]
    pub limits: BTreeMap<String, Fixed>,
    /// What the buyer expects to use a month, by code of the components that ask for it.
    #[serde(default)]
    pub expected_use: BTreeMap<String, Fixed>,
    /// Answers to the request form, by key.
    #[serde(default)]
    pub attributes: Json,
    /// The version of the terms of service that the buyer accepted.
    #[serde(default)]
    pub accepted_terms: Option<i32>,
    /// Last day of the resource. Not for what is paid up front, which has a term.
    #[serde(default)]
    pub end_date: Option<NaiveDate>,
    /// For how many months it is had, where anything is paid up front; needed there, and not possible elsewhere.
    #[serde(default)]
    pub term_months: Option<u32>,
    /// On which day it starts; as soon as it is approved without.
    #[serde(default)]
    pub start_date: Option<NaiveDate>,
}

/// A project for which the actor may order an offering, with what a quote for it depends on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = OrderPlace))]
pub struct OrderableProject {
    /// The project.
    pub project_id: ProjectId,
    /// Its name.
    pub project_name: String,
    /// Name of its organization, which pays.
    pub organization_name: String,
    /// Today where the organization's invoices are counted: the first day that is charged.
    pub today: NaiveDate,
    /// The time there; it counts where hours are counted.
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "09:30:00"))]
    pub time: NaiveTime,
    /// The clock there, around today.
    #[serde(default)]
    pub clock: Vec<ClockOffset>,
    /// Last day of the project; nothing in it can last longer.
    pub last_day: Option<NaiveDate>,
    /// The tax that the provider charges the organization.
    pub tax: TaxRate,
}

/// An order for other limits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct LimitsDraft {
    /// The resource.
    pub resource_id: ResourceId,
    /// New limits by component code; a missing one stays.
    pub limits: BTreeMap<String, Fixed>,
}

/// A plan that a resource can be switched to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SwitchablePlan {
    /// The plan.
    pub id: PlanId,
    /// Its name.
    pub name: String,
    /// For whom it is.
    pub description: String,
    /// Everything that the cost of the switch depends on; limits stay as they are held.
    pub terms: QuoteRequest,
}

/// An order in a list or queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderSummary {
    /// The order.
    pub id: OrderId,
    /// What it asks for.
    pub kind: OrderKind,
    /// Where it stands.
    pub state: OrderState,
    /// Name of the resource.
    pub resource_name: String,
    /// The resource; none before the order is approved.
    pub resource_id: Option<ResourceId>,
    /// The offering.
    pub offering_id: OfferingId,
    /// Its name.
    pub offering_name: String,
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
    /// Name of who placed it; none where the system did.
    pub requested_by: Option<String>,
    /// When it was placed.
    pub created_at: DateTime<Utc>,
    /// Net cost of a full month.
    pub monthly_cost: Money,
    /// Net amount of the first invoice; of a change, what it adds to the next one.
    pub first_invoice: Money,
    /// What is agreed to, net, and what approval is asked for: the largest of a full month with the use that is expected, now
    /// and at prices that are published to come, the first invoice, and everything that is billed once.
    pub commitment: Money,
    /// The first day on which a price is charged that is higher than before, by what was published when it was placed; none
    /// where none was.
    #[serde(default)]
    pub higher_price_from: Option<NaiveDate>,
    /// Whether the actor may decide on it now.
    pub can_decide: bool,
    /// Whether it waits for somebody of the provider to carry it out, and the actor may.
    pub can_fulfil: bool,
}

/// For people, who placed an order: a person by name, or the system, which is called "Stoa" as it is wherever it acts.
pub fn requester_name(requested_by: Option<String>) -> String {
    requested_by.unwrap_or_else(|| "Stoa".into())
}

/// How far the backend is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Progress {
    /// Steps done.
    pub done: u32,
    /// Steps in all; null when not known.
    #[serde(default, with = "crate::empty_as_null::count")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<u32>))]
    pub total: u32,
    /// What it does now, or what it waits for.
    pub message: String,
}

/// What a page that follows an order asks for again and again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderProgress {
    /// Where the order stands.
    pub state: OrderState,
    /// How far the backend is.
    pub progress: Progress,
    /// Why it failed or was refused; null otherwise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub error: String,
    /// The resource, once there is one.
    pub resource_id: Option<ResourceId>,
}

/// Something that happened, on a timeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TimelineEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// Who; "Stoa" for the system.
    pub by: String,
    /// Stable verb: `order.placed`.
    pub verb: String,
    /// What happened, in words.
    pub text: String,
    /// Comment or reason; null without.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub note: String,
}

/// How a component is called, and in what it is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ComponentName {
    /// Its name.
    pub name: String,
    /// Its unit.
    pub unit: String,
}

/// An order whole.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that the reader may do, or one fact of the answers"
)]
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrderDetail {
    /// What a list shows.
    pub summary: OrderSummary,
    /// The plan.
    pub plan_id: PlanId,
    /// Limits that it asks for, by component code.
    pub limits: BTreeMap<String, Fixed>,
    /// Limits before it, for a change.
    pub limits_before: BTreeMap<String, Fixed>,
    /// What the buyer expects to use a month, by component code.
    pub expected_use: BTreeMap<String, Fixed>,
    /// Names and units of the components that these amounts are of, by code.
    #[serde(default)]
    pub components: BTreeMap<String, ComponentName>,
    /// Answers to the request form as it was then, for display; secrets left out.
    pub answers: Vec<DisplayRow>,
    /// Secret answers were given too.
    pub has_secret_answers: bool,
    /// The day on which it is to start, if one was chosen.
    pub start_date: Option<NaiveDate>,
    /// The last day of the resource, as far as it is known before it starts.
    pub end_date: Option<NaiveDate>,
    /// The term that it asks for, in months.
    pub term_months: Option<u32>,
    /// The cost as frozen when it was placed.
    pub quote: Option<Quote>,
    /// Until then no higher price that is published while the order waits reaches it: as long as it may wait, 30 days for
    /// each side that is asked. What is carried out later has the prices of the quote for 30 days more. Once its resource
    /// runs, later prices reach it after the plan's notice, and lower ones at once. None for a change of limits, which has the
    /// prices that its resource has when it is carried out.
    pub quote_valid_until: Option<DateTime<Utc>>,
    /// Version of the terms of service that was accepted.
    pub accepted_terms: Option<i32>,
    /// Who was asked, who is and who will be, with what they decided; nobody for orders that the system placed.
    pub steps: Vec<ApprovalStep>,
    /// Why it waits, for whom, since when, in words; null when it does not.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub waiting_for: String,
    /// How far the backend is.
    pub progress: Progress,
    /// Why it failed or was refused; null otherwise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub error: String,
    /// What happened so far.
    pub timeline: Vec<TimelineEntry>,
    /// The actor may withdraw it.
    pub can_cancel: bool,
    /// The actor may try it again.
    pub can_retry: bool,
    /// It waits for somebody of the provider to carry it out, and the actor may.
    #[serde(default)]
    pub can_fulfil: bool,
}

impl OrderDetail {
    /// Whether the portal closed it, because what it was for had ended: nobody withdrew it. `error` says what had ended.
    #[must_use]
    pub fn came_too_late(&self) -> bool {
        self.summary.state == OrderState::Canceled && !self.error.is_empty()
    }
}
