//! Webhooks.

use model::{AuditId, WebhookId};

use super::{Text, form};

form! {
    /// A webhook of a place.
    CreateWebhook { scope: Text; scope_id: Text, url: Text, description: Text, kinds: Vec<String> }
}

form! {
    /// A webhook that is changed.
    ChangeWebhook {
        webhook: WebhookId, revision: i32;
        scope: Text, scope_id: Text, url: Text, description: Text, kinds: Vec<String>
    }
}

form! {
    /// A button at a webhook.
    WebhookButton { webhook: WebhookId; scope: Text, scope_id: Text }
}

form! {
    /// Another secret.
    RotateWebhookSecret { webhook: WebhookId; scope: Text, scope_id: Text, overlap_hours: Text }
}

form! {
    /// An event that is told once more; with `since` all that happened after it too.
    RedeliverEvent { webhook: WebhookId, event: AuditId; scope: Text, scope_id: Text, since: Text }
}
