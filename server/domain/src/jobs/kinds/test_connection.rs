use model::OfferingId;
use serde::{Deserialize, Serialize};

use crate::jobs::Job;

/// Try the plugin settings of an offering.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestConnection {
    /// The offering.
    pub offering_id: OfferingId,
    /// Fingerprint of the settings to try; the answer counts only while they are unchanged.
    pub fingerprint: String,
}

impl TestConnection {
    /// The subject of the tests of this offering.
    pub(crate) fn about(offering: OfferingId) -> String {
        format!("offering {offering}")
    }
}

impl Job for TestConnection {
    const NAME: &'static str = "test_connection";
    // Somebody waits on the page and can press the button again.
    const TRIES: i32 = 1;

    fn subject(&self) -> String {
        Self::about(self.offering_id)
    }

    fn unique_key(&self) -> Option<String> {
        Some(format!(
            "{} {} {}",
            Self::NAME,
            self.offering_id,
            self.fingerprint
        ))
    }

    fn serial_key(&self) -> Option<String> {
        Some(format!("{} {}", Self::NAME, self.offering_id))
    }
}
