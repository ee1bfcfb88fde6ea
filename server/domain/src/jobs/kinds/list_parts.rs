use model::ResourceId;
use serde::{Deserialize, Serialize};

use super::sync_members::serial_key_of;
use crate::jobs::Job;

/// Ask the backend of a resource for its parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ListParts {
    /// The resource.
    pub resource_id: ResourceId,
}

impl Job for ListParts {
    const NAME: &'static str = "list_parts";
    const TRIES: i32 = 3;
    // What was listed is kept with the resource.
    const HOUSEKEEPING: bool = true;

    fn subject(&self) -> String {
        format!("resource {}", self.resource_id)
    }

    fn serial_key(&self) -> Option<String> {
        Some(serial_key_of(self.resource_id))
    }
}
