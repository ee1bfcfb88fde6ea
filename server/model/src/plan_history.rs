//! The versions of a plan as its provider sees them, and what comes to a resource as its buyer sees it.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::{PlanId, PlanVersionId, text_enum};

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
    /// When it was published.
    pub saved_at: DateTime<Utc>,
    /// Its first instant.
    pub starts_at: DateTime<Utc>,
    /// Where it stands.
    pub state: VersionState,
    /// Whom it will reach of those that run, and when.
    pub reach: Vec<Reach>,
}

/// Everything that was ever published of a plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PlanHistory {
    /// The plan.
    pub plan_id: PlanId,
    /// Its name.
    pub name: String,
    /// The versions, the latest first.
    pub versions: Vec<PlanVersion>,
}

/// A price or terms that a resource will have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ResourceChange {
    /// Component code of a price; none for the plan's terms.
    pub component: Option<String>,
    /// Name of the component, or "Terms".
    pub name: String,
    /// What it is now; empty where it costs nothing yet.
    pub now: String,
    /// What it will be.
    pub then: String,
    /// From when on; none: only with an order that binds anew, such as a renewal.
    pub from: Option<DateTime<Utc>>,
}
