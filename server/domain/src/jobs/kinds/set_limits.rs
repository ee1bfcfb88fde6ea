use model::ResourceId;
use serde::{Deserialize, Serialize};

use super::sync_members::serial_key_of;
use crate::jobs::Job;

/// Tell the backend of a resource how much may be used of it over its life, because a period has begun or use came late.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetLimits {
    /// The resource.
    pub resource_id: ResourceId,
}

impl Job for SetLimits {
    const NAME: &'static str = "set_limits";
    // What was told is kept with the resource; a row for each period would say nothing more.
    const HOUSEKEEPING: bool = true;

    fn subject(&self) -> String {
        format!("resource {}", self.resource_id)
    }

    fn serial_key(&self) -> Option<String> {
        Some(serial_key_of(self.resource_id))
    }
}
