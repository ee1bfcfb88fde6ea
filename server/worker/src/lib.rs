//! Runs the jobs: takes leases, runs jobs, renews leases while they run, and files each outcome.
//! Owns retries and schedules; knows no page and no SQL. Only here do the services of `domain` meet the backends of
//! `plugins`. Start with `runner` (the loop), then `jobs` (one file for each kind of job).

mod backoff;
mod jobs;
mod options;
mod runner;
mod schedule;

pub use jobs::{
    ApplyDueDates, ReconcileLimits, ReconcileMembers, ReconcileOrders, ScheduleInspections, ScheduleUsage,
};
pub use options::WorkerOptions;
pub use runner::Worker;
