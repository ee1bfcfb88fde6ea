//! Jobs and the audit log as staff sees them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{AuditId, JobId, text_enum};

text_enum! {
    /// Where a job stands.
    JobState {
        /// Waits for its time and a worker.
        Queued = "queued", "Queued";
        /// A worker holds the lease.
        Leased = "leased", "At work";
        /// Carried out.
        Done = "done", "Done";
        /// Given up; somebody must look.
        Dead = "dead", "Dead letter";
    }
}

/// A job in staff's list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct JobSummary {
    /// The job.
    pub id: JobId,
    /// What it does: `provision_order`.
    pub kind: String,
    /// Where it stands.
    pub state: JobState,
    /// It is due for long, or its worker vanished for long: nobody works on it.
    pub is_stuck: bool,
    /// What it is about: `order`, `resource`, `invoice`, and the id.
    pub subject: String,
    /// Tries so far.
    pub attempts: i32,
    /// Tries before it is given up.
    pub max_attempts: i32,
    /// Not before this time.
    pub run_at: DateTime<Utc>,
    /// Why the last try failed; null otherwise.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub last_error: String,
    /// The request that caused it.
    pub trace_id: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    pub finished_at: Option<DateTime<Utc>>,
}

/// An entry of the audit log.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditEntry {
    /// The entry.
    pub id: AuditId,
    /// When.
    pub at: DateTime<Utc>,
    /// Who; "Stoa" for the system.
    pub by: String,
    /// Past-tense verb: `order.approved`.
    pub verb: String,
    /// What happened, in words: `Role granted: accountant of Nordic HPC to Anna Rebane`.
    pub text: String,
    /// What it happened to: kind and id.
    pub subject: String,
    /// How that is called now: the name of a resource, order, offering, organization, project or person, the number of an
    /// invoice, of a role who holds or held it; null where it has none, or is gone.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub subject_name: String,
    /// State before; null when it was made.
    pub before: Json,
    /// State after.
    pub after: Json,
    /// Reason or comment; null without.
    #[serde(default, with = "crate::empty_as_null")]
    #[cfg_attr(feature = "openapi", schema(value_type = Option<String>))]
    pub reason: String,
    /// The request that caused it.
    pub trace_id: String,
}
