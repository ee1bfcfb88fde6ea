//! A job of the queue. Leased by columns, never by an open transaction.

use model::{JobId, JobState, JobSummary};
use sea_orm::Select;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "jobs")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: JobId,
    pub kind: String,
    pub payload: Json,
    /// What it is about, such as `order 0190…`.
    pub subject: String,
    pub state: JobState,
    /// Not before this time.
    pub run_at: DateTimeUtc,
    /// Tries so far.
    pub attempts: i32,
    pub max_attempts: i32,
    /// Name of the worker that holds the lease.
    pub leased_by: Option<String>,
    pub leased_until: Option<DateTimeUtc>,
    pub last_error: String,
    /// Unique among jobs that are queued.
    pub unique_key: Option<String>,
    /// Jobs with the same key run one after another.
    pub serial_key: Option<String>,
    /// Jobs with the same key share a limit of how many run at once; empty: no limit.
    pub backend_key: String,
    /// That limit, where the plugin of the backend names one.
    pub backend_limit: Option<i32>,
    pub trace_id: String,
    pub created_at: DateTimeUtc,
    pub finished_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The job as staff sees it; `is_stuck` depends on the time.
    pub fn summary(&self, is_stuck: bool) -> JobSummary {
        JobSummary {
            id: self.id,
            kind: self.kind.clone(),
            state: self.state,
            is_stuck,
            subject: self.subject.clone(),
            attempts: self.attempts,
            max_attempts: self.max_attempts,
            run_at: self.run_at,
            last_error: self.last_error.clone(),
            trace_id: self.trace_id.clone(),
            created_at: self.created_at,
            finished_at: self.finished_at,
        }
    }
}

impl Entity {
    /// Jobs that are not over.
    pub fn find_pending() -> Select<Self> {
        Self::find().filter(Column::State.is_in([JobState::Queued, JobState::Leased]))
    }
}
