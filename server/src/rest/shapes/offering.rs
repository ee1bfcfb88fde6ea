//! An offering.

use chrono::{DateTime, Utc};
use model::{
    Action, Component, DurationRules, OfferingSummary, OrganizationId, Readiness, Schema, Visibility,
};
use serde::Serialize;
use serde_json::Value as Json;
use utoipa::ToSchema;

use super::{plan::Plan, said};
use crate::rest::answer::HasVersion;

/// An offering whole. Fields that only its provider may see are empty for others.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct OfferingDetail {
    /// What a list shows.
    pub(crate) summary: OfferingSummary,
    /// What the provider says of itself, as plain text; null when it says nothing.
    pub(crate) provider_description: Option<String>,
    /// Markdown.
    pub(crate) description: String,
    /// Markdown.
    pub(crate) terms_of_service: String,
    /// Grows by one each time the terms change; 0 before any were written.
    pub(crate) terms_version: i32,
    /// Why it is paused.
    pub(crate) state_reason: Option<String>,
    /// Who sees it.
    pub(crate) visibility: Visibility,
    /// Named organizations, for its provider; empty otherwise.
    pub(crate) audience: Vec<OrganizationId>,
    /// Attributes of the category with their values.
    pub(crate) attributes: Json,
    /// Schema of `attributes`.
    pub(crate) attribute_schema: Schema,
    /// What a buyer is asked.
    pub(crate) request_form: Schema,
    /// What its provider defined that can be done with its resources, by hand, for its provider; empty otherwise.
    pub(crate) actions: Vec<Action>,
    /// Components in order.
    pub(crate) components: Vec<Component>,
    /// Plans in order, without archived ones for buyers.
    pub(crate) plans: Vec<Plan>,
    /// The provider also decides on each order.
    pub(crate) provider_approval: bool,
    /// How long it is had.
    pub(crate) duration: DurationRules,
    /// Plugin kind.
    pub(crate) plugin: Option<String>,
    /// Plugin settings without secrets, for its provider; null otherwise.
    pub(crate) settings: Json,
    /// When the settings were last tested with success, for its provider.
    pub(crate) settings_tested_at: Option<DateTime<Utc>>,
    /// What is missing before it can be published, for its provider; empty otherwise.
    pub(crate) readiness: Vec<Readiness>,
    /// The actor may change it.
    pub(crate) can_edit: bool,
    /// Grows with each change; sent back with a change to find clashes.
    pub(crate) revision: i32,
}

impl From<model::OfferingDetail> for OfferingDetail {
    fn from(whole: model::OfferingDetail) -> Self {
        Self {
            summary: whole.summary,
            provider_description: said(whole.provider_description),
            description: whole.description,
            terms_of_service: whole.terms_of_service,
            terms_version: whole.terms_version,
            state_reason: said(whole.state_reason),
            visibility: whole.visibility,
            audience: whole.audience,
            attributes: whole.attributes,
            attribute_schema: whole.attribute_schema,
            request_form: whole.request_form,
            actions: whole.actions,
            components: whole.components,
            plans: whole.plans.into_iter().map(Plan::from).collect(),
            provider_approval: whole.provider_approval,
            duration: whole.duration,
            plugin: said(whole.plugin),
            settings: whole.settings,
            settings_tested_at: whole.settings_tested_at,
            readiness: whole.readiness,
            can_edit: whole.can_edit,
            revision: whole.revision,
        }
    }
}

impl HasVersion for OfferingDetail {
    fn etag(&self) -> String {
        format!("\"{}\"", self.revision)
    }
}
