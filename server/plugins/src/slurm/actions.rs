//! What can be done with an allocation: all of it paused and resumed, one of its jobs held, released or cancelled.
//!
//! Who may: pausing stops everybody's work, and what is cancelled is lost, so both are of those who run the project. A job that
//! is held is released again by whoever finds it held, and is not lost: that any member may.

use model::{Action, ActionAudience, ConditionFacts, Field, FieldKind, Schema};

use super::{accounts::Accounts, parts};
use crate::{ActionOutcome, ActionRequest, PluginError, Progress};

mod job;
mod pause;

const PAUSE: &str = "pause";
const RESUME: &str = "resume";
const HOLD: &str = "hold_job";
const RELEASE: &str = "release_job";
const CANCEL: &str = "cancel_job";

/// The field that says which job.
const JOB: &str = "job";

/// Jobs start; as an allocation is made.
const OPEN: &str = "open";
/// No job starts or runs.
const PAUSED: &str = "paused";

/// The actions of an allocation.
pub(super) fn declared() -> Vec<Action> {
    vec![
        Action::new(
            PAUSE,
            "Pause",
            "No job of this allocation starts, and those that run are suspended, until it is resumed. What is paid by the month is paid as before.",
        )
        .of(ActionAudience::Managers)
        .possible_in(&[OPEN])
        .confirmed(
            "All jobs of this allocation stop, those of its other members too, and no other starts. Jobs that are suspended keep \
             their memory, and go on where they were once the allocation is resumed.",
        ),
        Action::new(
            RESUME,
            "Resume",
            "Jobs that were suspended go on, and those that wait may start again.",
        )
        .of(ActionAudience::Managers)
        .possible_in(&[PAUSED])
        .confirmed(
            "All jobs of this allocation that are suspended go on, and those that wait may start: also where those who run the \
             cluster stopped them. Ask them first where it was not you who paused it.",
        ),
        of_job(
            HOLD,
            "Hold a job",
            "A job that waits is not started until it is released. Its place in the queue is kept.",
        ),
        of_job(RELEASE, "Release a job", "A job that was held may start again."),
        of_job(
            CANCEL,
            "Cancel a job",
            "A job that waits or runs is ended. Of an array, what is chosen is ended: one element, or those that wait.",
        )
        .of(ActionAudience::Managers)
        .confirmed("The job is ended, whoever submitted it. What it has not saved is lost."),
    ]
}

fn of_job(key: &str, title: &str, description: &str) -> Action {
    let job = Field::new(JOB, "Job", FieldKind::choice(&[])).required();
    Action::new(key, title, description)
        .asking(Schema::new(vec![job]))
        .choosing(JOB, parts::JOBS)
        .beside_others()
}

/// The conditions of an allocation.
pub(super) fn conditions() -> Vec<ConditionFacts> {
    let condition = |code: &str, label: &str| ConditionFacts {
        code: code.to_owned(),
        label: label.to_owned(),
    };
    vec![condition(OPEN, "Open for jobs"), condition(PAUSED, "Paused")]
}

/// In which of them an account is that lets so many jobs run at once. An operator may have set it as pausing does.
pub(super) fn condition(most_jobs: Option<u64>) -> &'static str {
    if most_jobs == Some(0) { PAUSED } else { OPEN }
}

/// Does one of them.
pub(super) async fn act(
    accounts: &Accounts<'_>,
    request: &ActionRequest,
    progress: &dyn Progress,
) -> Result<ActionOutcome, PluginError> {
    match request.key.as_str() {
        PAUSE => pause::pause(accounts, &request.resource, progress).await,
        RESUME => pause::resume(accounts, &request.resource, progress).await,
        HOLD | RELEASE | CANCEL => job::act(accounts, request).await,
        key => Err(PluginError::unknown_action(key)),
    }
}
