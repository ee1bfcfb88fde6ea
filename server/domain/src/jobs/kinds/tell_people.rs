use serde::{Deserialize, Serialize};

use crate::jobs::Job;

/// Tell people of what happened since they were told the last time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellPeople {}

impl Job for TellPeople {
    const NAME: &'static str = "tell_people";
    // Who was told stands in their notices.
    const HOUSEKEEPING: bool = true;

    fn serial_key(&self) -> Option<String> {
        Some(Self::NAME.to_owned())
    }
}
