//! Tells people of what happened.

use std::time::{Duration, Instant};

use async_trait::async_trait;
use domain::jobs::{LeasedJob, kinds::TellPeople};

use super::run::{Context, JobOutcome, Run};

/// After so long the job makes room for others; its successor goes on where it stopped.
const TURN: Duration = Duration::from_secs(10);

#[async_trait]
impl Run for TellPeople {
    async fn run(&self, context: &Context, _leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let notices = context.operations.notices();
        let began = Instant::now();
        while began.elapsed() < TURN {
            if !notices.tell_next().await? {
                return Ok(JobOutcome::Done);
            }
        }
        Ok(JobOutcome::Again(Duration::ZERO))
    }
}
