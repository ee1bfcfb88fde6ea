//! Webhooks: addresses that are told of what happens, in the form of the Standard Webhooks specification.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use uuid::Uuid;

use crate::{AuditId, EventKind, OrganizationId, ProjectId, Scope, WebhookDeliveryId, WebhookId, text_enum};

text_enum! {
    /// Whether a webhook is told of what happens.
    WebhookState {
        /// It is told of everything that it wants.
        Enabled = "enabled", "Enabled";
        /// Somebody stopped it. It keeps its place.
        Paused = "paused", "Paused";
        /// It could not be told for so long that it was stopped. It keeps its place.
        Stopped = "stopped", "Stopped after failures";
    }
}

text_enum! {
    /// What became of a try to tell a webhook of an event.
    DeliveryOutcome {
        /// The server took it.
        Delivered = "delivered", "Delivered";
        /// It failed and is tried again.
        Failed = "failed", "Not delivered";
        /// It failed so often that it is not tried again unless somebody asks.
        GivenUp = "given_up", "Given up";
    }
}

/// What can be said of a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct WebhookDraft {
    /// Where it is told: https, on the public internet unless whoever runs the portal allowed the host.
    #[cfg_attr(feature = "openapi", schema(max_length = 2000))]
    pub url: String,
    /// What it is for, in words of those who look after it.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(max_length = 200))]
    pub description: String,
    /// Of which kinds of events; empty: of all.
    #[serde(default)]
    pub kinds: Vec<EventKind>,
}

/// A webhook.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Webhook {
    /// The webhook.
    pub id: WebhookId,
    /// Of what happens where: in an organization, a project, to a provider's offerings and customers, or anywhere.
    pub scope: Scope,
    /// Where it is told.
    pub url: String,
    /// What it is for; null without.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub description: String,
    /// Of which kinds of events; empty: of all.
    pub kinds: Vec<EventKind>,
    /// Whether it is told.
    pub state: WebhookState,
    /// Since when nothing could be told; null while all is well.
    pub failing_since: Option<DateTime<Utc>>,
    /// When the next try is; null while all is well.
    pub next_try_at: Option<DateTime<Utc>>,
    /// Why the last try failed; null otherwise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub last_error: String,
    /// Until when messages are signed with the secret before as well; null where there is none.
    pub previous_secret_until: Option<DateTime<Utc>>,
    /// Counts its changes.
    pub revision: i32,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

/// What the messages of a webhook are signed with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookSecret {
    /// `whsec_` and 32 bytes in base64.
    pub secret: String,
}

/// A try to tell a webhook of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookDelivery {
    /// The try.
    pub id: WebhookDeliveryId,
    /// The event.
    pub event_id: AuditId,
    /// What happened.
    pub kind: String,
    /// Which try it was, from 1 on.
    pub attempt: i32,
    /// Somebody asked for it.
    pub by_hand: bool,
    /// What became of it.
    pub outcome: DeliveryOutcome,
    /// The status that the server answered with; null where there was no answer.
    pub status: Option<i16>,
    /// Why it failed; null otherwise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub error: String,
    /// The headers and the body that were sent, without the signature.
    pub request: String,
    /// What was answered, the beginning of it; null where nothing was.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub answer: String,
    /// How long it took.
    pub milliseconds: i32,
    /// When.
    pub at: DateTime<Utc>,
}

/// The body of a message.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookMessage {
    /// The kind of the event.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened.
    pub timestamp: DateTime<Utc>,
    /// What happened.
    pub data: WebhookData,
}

/// What a message tells of an event.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct WebhookData {
    /// The event: the same however often it is told.
    pub id: AuditId,
    /// Where it stands in the log: what happened to one thing is in order by this.
    pub sequence: i64,
    /// What kind of thing it happened to.
    pub subject_kind: String,
    /// Which one.
    pub subject_id: Uuid,
    /// The organization that buys, or that it happened in; null without.
    pub organization_id: Option<OrganizationId>,
    /// The project; null without.
    pub project_id: Option<ProjectId>,
    /// The organization that sells; null without.
    pub provider_id: Option<OrganizationId>,
    /// Who did it; "Stoa" for the portal itself.
    pub by: String,
    /// What was before, as far as it changed; null without.
    pub before: Json,
    /// What is after; null without.
    pub after: Json,
    /// The reason that was given; null without.
    pub reason: Option<String>,
}
