use model::{ActionId, ResourceId};
use serde::{Deserialize, Serialize};

use super::sync_members::serial_key_of;
use crate::jobs::Job;

/// Do an action that somebody asked for, or go on doing so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunAction {
    /// The action.
    pub action_id: ActionId,
    /// Its resource.
    pub resource_id: ResourceId,
}

impl Job for RunAction {
    const NAME: &'static str = "run_action";
    // Whoever asked waits for it: what could not be done for minutes is not done when nobody thinks of it any more.
    const TRIES: i32 = 5;

    fn subject(&self) -> String {
        format!("action {}", self.action_id)
    }

    fn serial_key(&self) -> Option<String> {
        Some(serial_key_of(self.resource_id))
    }
}
