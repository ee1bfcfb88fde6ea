//! Every version of a plan's terms and prices.

use chrono::{DateTime, NaiveDate, Utc};
use model::{Currency, PlanId, PlanVersionId, PriceCorrection, Reach, VersionState};
use serde::Serialize;
use utoipa::ToSchema;

use super::plan::PriceScheme;

/// A version of a price or of the terms of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanVersion {
    /// The version.
    id: PlanVersionId,
    /// Component code of a price; none for the plan's terms.
    component: Option<String>,
    /// Name of the component, or "Terms".
    name: String,
    /// "0.02 EUR per CPU-hour".
    text: String,
    /// Scheme and figures of a price; none for the plan's terms.
    price: Option<PriceScheme>,
    /// What it corrects; none for what was published.
    correction: Option<PriceCorrection>,
    /// When it was published.
    saved_at: DateTime<Utc>,
    /// Its first instant; of a correction the first at which it counts in the place of what it corrects.
    starts_at: DateTime<Utc>,
    /// The day that begins at that instant in the seller's time zone; none where it is another time of the day.
    first_day: Option<NaiveDate>,
    /// Where it stands.
    state: VersionState,
    /// Whom it will reach of those that run, and when.
    reach: Vec<Reach>,
}

/// Everything that was ever published of a plan.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PlanHistory {
    /// The plan.
    plan_id: PlanId,
    /// Its name.
    name: String,
    /// Currency of its prices.
    currency: Currency,
    /// The versions, the latest first.
    versions: Vec<PlanVersion>,
}

impl From<model::PlanHistory> for PlanHistory {
    fn from(whole: model::PlanHistory) -> Self {
        let currency = whole.currency;
        let version = |one: model::PlanVersion| PlanVersion {
            id: one.id,
            component: one.component,
            name: one.name,
            text: one.text,
            price: one.price.map(|scheme| PriceScheme::of(scheme, currency)),
            correction: one.correction,
            saved_at: one.saved_at,
            starts_at: one.starts_at,
            first_day: one.first_day,
            state: one.state,
            reach: one.reach,
        };
        Self {
            plan_id: whole.plan_id,
            name: whole.name,
            currency,
            versions: whole.versions.into_iter().map(version).collect(),
        }
    }
}
