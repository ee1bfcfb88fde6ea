use model::ResourceId;
use serde::{Deserialize, Serialize};

use crate::jobs::Job;

/// Bring the members of a resource's project to its backend.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SyncMembers {
    /// The resource.
    pub resource_id: ResourceId,
}

impl Job for SyncMembers {
    const NAME: &'static str = "sync_members";
    // Who was told what is kept with the resource; a row for each change would say nothing more.
    const HOUSEKEEPING: bool = true;

    fn subject(&self) -> String {
        format!("resource {}", self.resource_id)
    }

    fn serial_key(&self) -> Option<String> {
        Some(serial_key_of(self.resource_id))
    }
}

/// The serial key of everything that changes one resource on its backend.
pub(super) fn serial_key_of(resource: ResourceId) -> String {
    format!("resource {resource}")
}
