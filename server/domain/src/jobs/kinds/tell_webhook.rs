use model::{AuditId, WebhookId};
use serde::{Deserialize, Serialize};

use crate::jobs::Job;

/// Tell a webhook of what waits for it, one event after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct TellWebhook {
    /// The webhook.
    pub webhook_id: WebhookId,
}

impl Job for TellWebhook {
    const NAME: &'static str = "tell_webhook";
    // What came of each message stands in the log of its webhook.
    const HOUSEKEEPING: bool = true;

    fn subject(&self) -> String {
        format!("webhook {}", self.webhook_id)
    }

    fn serial_key(&self) -> Option<String> {
        Some(self.subject())
    }
}

/// Tell a webhook of one event once more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetellWebhook {
    /// The webhook.
    pub webhook_id: WebhookId,
    /// The event.
    pub event_id: AuditId,
}

impl Job for RetellWebhook {
    const NAME: &'static str = "retell_webhook";
    const TRIES: i32 = 4;
    const HOUSEKEEPING: bool = true;

    fn subject(&self) -> String {
        format!("webhook {}", self.webhook_id)
    }

    fn unique_key(&self) -> Option<String> {
        Some(format!("{} {} {}", Self::NAME, self.webhook_id, self.event_id))
    }

    fn serial_key(&self) -> Option<String> {
        Some(self.subject())
    }
}
