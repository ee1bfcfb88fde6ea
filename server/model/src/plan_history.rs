//! The versions of a plan as its provider sees them, and what comes to a resource as its buyer sees it.

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

use crate::{Currency, PlanId, PlanVersionId, PriceScheme, pricing::counted, text_enum};

text_enum! {
    /// Where a version stands, for new orders.
    VersionState {
        /// Published; it has not begun.
        ToCome = "to_come", "To come";
        /// What is sold now.
        InForce = "in_force", "In force";
        /// A later one has begun.
        Past = "past", "Past";
    }
}

/// Resources that run and will have a version that they do not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Reach {
    /// From when on; none: only with an order that binds anew, such as a renewal.
    pub from: Option<DateTime<Utc>>,
    /// How many resources.
    pub resources: u32,
    /// Whose, by name.
    pub organizations: Vec<String>,
}

/// A version of a price or of the terms of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanVersion {
    /// The version.
    pub id: PlanVersionId,
    /// Component code of a price; none for the plan's terms.
    pub component: Option<String>,
    /// Name of the component, or "Terms".
    pub name: String,
    /// "0.02 EUR per CPU-hour".
    pub text: String,
    /// Scheme and figures of a price; none for the plan's terms.
    pub price: Option<PriceScheme>,
    /// What it corrects; none for what was published.
    pub correction: Option<PriceCorrection>,
    /// When it was published.
    pub saved_at: DateTime<Utc>,
    /// Its first instant; of a correction the first at which it counts in the place of what it corrects.
    pub starts_at: DateTime<Utc>,
    /// The day that begins at that instant in the seller's time zone; none where it is another time of the day.
    #[serde(default)]
    pub first_day: Option<NaiveDate>,
    /// Where it stands.
    pub state: VersionState,
    /// Whom it will reach of those that run, and when.
    pub reach: Vec<Reach>,
}

impl PlanVersion {
    /// Whether another price can be put in its place: it is a price, and has begun.
    pub fn can_be_corrected(&self) -> bool {
        self.price.is_some() && self.state != VersionState::ToCome
    }
}

/// That a price stands in the place of another, for all who have that one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PriceCorrection {
    /// The published version in whose place it stands.
    pub corrects: PlanVersionId,
    /// What counted there before: "0.01 EUR per CPU-hour".
    pub was: String,
    /// Why.
    pub reason: String,
    /// Name of who corrected it.
    pub by: String,
}

/// What a price should have been, and from when on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct PriceCorrectionDraft {
    /// The version of the price that was wrong, or one that corrects it.
    pub version: PlanVersionId,
    /// What it should have been, for the same period.
    pub scheme: PriceScheme,
    /// The first day for which that counts, in the seller's time zone; from the version's own first instant where that
    /// is later. Not in the future, and at most 13 months ago.
    pub from: NaiveDate,
    /// Why, 1 to [`crate::REASON_LENGTH`] characters; the provider's people and the log see it.
    pub reason: String,
}

/// Everything that was ever published of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanHistory {
    /// The plan.
    pub plan_id: PlanId,
    /// Its name.
    pub name: String,
    /// Currency of its prices.
    pub currency: Currency,
    /// The versions, the latest first.
    pub versions: Vec<PlanVersion>,
}

impl PlanHistory {
    /// Which versions that were published at `since` or later reach what runs, and whose: `Cores, 2 resources of A, B`.
    /// Empty where none does.
    pub fn reached_since(&self, since: DateTime<Utc>) -> String {
        let fresh = self.versions.iter().filter(|one| one.saved_at >= since);
        let reached = fresh.flat_map(|one| {
            one.reach.iter().map(|reach| {
                let resources = counted(reach.resources.into(), "resource");
                format!("{}, {resources} of {}", one.name, reach.organizations.join(", "))
            })
        });
        reached.collect::<Vec<_>>().join("; ")
    }
}

/// A price or terms that a resource will have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceChange {
    /// Component code of a price; none for the plan's terms.
    pub component: Option<String>,
    /// Name of the component, or "Terms".
    pub name: String,
    /// What it is now; null where it costs nothing yet.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub now: String,
    /// What it will be.
    pub then: String,
    /// From when on; none: only with an order that binds anew, such as a renewal.
    pub from: Option<DateTime<Utc>>,
    /// The day that begins at that instant in the seller's time zone; none where it is another time of the day.
    #[serde(default)]
    pub first_day: Option<NaiveDate>,
}
