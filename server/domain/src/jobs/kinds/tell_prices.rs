use chrono::{DateTime, Utc};
use model::PlanId;
use serde::{Deserialize, Serialize};

use crate::jobs::Job;

/// Tell the buyers whom versions of a plan reach what they change for them, and of what was announced and is taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellPrices {
    /// The plan.
    pub plan_id: PlanId,
    /// When the versions were saved, or taken back.
    pub saved_at: DateTime<Utc>,
}

impl Job for TellPrices {
    const NAME: &'static str = "tell_prices";
    // Who was told stands in the history of each resource.
    const HOUSEKEEPING: bool = true;

    fn subject(&self) -> String {
        format!("plan {}", self.plan_id)
    }

    // Of two versions both are told.
    fn unique_key(&self) -> Option<String> {
        Some(format!(
            "{} {} {}",
            Self::NAME,
            self.subject(),
            self.saved_at.to_rfc3339()
        ))
    }

    fn serial_key(&self) -> Option<String> {
        Some(format!("prices of {}", self.plan_id))
    }
}
