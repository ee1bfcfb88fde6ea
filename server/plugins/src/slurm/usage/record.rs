//! One line of `sacct`, read with suspicion.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};

use crate::slurm::{association, settings::ClusterSettings};

/// The columns of a line. `JobIDRaw` tells array members apart; `ElapsedRaw` leaves out suspended time.
pub(super) const FORMAT: &str = "--format=JobIDRaw,User,Account,State,Start,End,ElapsedRaw,AllocTRES";

/// No cluster has more processors, and a larger count would be billed.
const MOST_ALLOCATED: u64 = 100_000_000;
/// How far the cluster's clock may be ahead of ours.
const SKEW: TimeDelta = TimeDelta::minutes(10);
/// The first second of 2000. SLURM is younger; a date before it is a clock or a field that was never set.
const EARLIEST: i64 = 946_684_800;

/// What a line is read against.
pub(super) struct Reader<'a> {
    pub(super) settings: &'a ClusterSettings,
    pub(super) account: &'a str,
    pub(super) now: DateTime<Utc>,
}

/// One run of a job that used something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    pub(super) job: String,
    pub(super) user: Option<String>,
    pub(super) start: DateTime<Utc>,
    /// As if it had run on from its start: accounting says how long it ran, not when. After `start`.
    pub(super) until: DateTime<Utc>,
    /// It ran for less than the time between its start and its end, or now.
    pub(super) was_suspended: bool,
    pub(super) cpus: u64,
    pub(super) gpus: u64,
}

/// What is wrong with a line, for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum Fault {
    #[error("The line does not have the eight columns that were asked for.")]
    Columns,
    #[error("The job's number is not a number.")]
    Job,
    #[error("The user's name has characters that no user name has.")]
    User,
    #[error("The job belongs to another account.")]
    Account,
    #[error("The state is empty or has characters that no state has.")]
    State,
    #[error("The start is not a date and time.")]
    Start,
    #[error("The end is not a date and time.")]
    End,
    #[error("The start lies in the future, or long before there was such a cluster.")]
    AbsurdStart,
    #[error("The end lies in the future or before the start.")]
    AbsurdEnd,
    #[error("The run time is not a whole number of seconds.")]
    Elapsed,
    #[error("The run time is longer than the time between start and end.")]
    AbsurdElapsed,
    #[error("The allocated resources cannot be read.")]
    Allocated,
    #[error("The job ran, yet no processors are said to be allocated, or impossibly many.")]
    AbsurdAllocated,
    #[error("The same run is listed twice with different figures; the first was kept.")]
    Contradiction,
}

/// The account that a line of accounting is about, in whatever shape the rest is.
pub(super) fn account_of(line: &str) -> Option<&str> {
    let [job, _, account, ..] = association::columns::<8>(line)?;
    is_job(job).then_some(account)
}

/// Whether the line is not even a line of accounting.
pub(super) fn is_shapeless(line: &str) -> bool {
    account_of(line).is_none()
}

impl Reader<'_> {
    /// `None` for a job that never ran.
    pub(super) fn read(&self, line: &str) -> Result<Option<Run>, Fault> {
        let columns = association::columns::<8>(line).ok_or(Fault::Columns)?;
        let [job, user, account, state, start, end, elapsed, allocated] = columns;
        if !is_job(job) {
            return Err(Fault::Job);
        }
        if account != self.account {
            return Err(Fault::Account);
        }
        if state.is_empty()
            || !state
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || " _+".contains(c))
        {
            return Err(Fault::State);
        }
        let user = read_user(user)?;
        let elapsed: u64 = elapsed.parse().ok().ok_or(Fault::Elapsed)?;
        let Some(start) = read_time(start, Fault::Start)? else {
            // Waiting, or cancelled before it started.
            return if elapsed == 0 { Ok(None) } else { Err(Fault::Start) };
        };
        let end = read_time(end, Fault::End)?;
        let ended = self.check_times(start, end)?;
        let elapsed = check_elapsed(elapsed, start, ended, end.is_some())?;
        if elapsed.is_zero() {
            return Ok(None);
        }
        let until = start + elapsed;
        let (cpus, gpus) = read_allocated(allocated, &self.settings.gpu)?;
        Ok(Some(Run {
            job: job.to_owned(),
            user,
            start,
            until,
            was_suspended: until < ended,
            cpus,
            gpus,
        }))
    }

    fn check_times(&self, start: DateTime<Utc>, end: Option<DateTime<Utc>>) -> Result<DateTime<Utc>, Fault> {
        let latest = self.now + SKEW;
        if start > latest || start.timestamp() < EARLIEST {
            return Err(Fault::AbsurdStart);
        }
        match end {
            Some(end) if end < start || end > latest => Err(Fault::AbsurdEnd),
            Some(end) => Ok(end),
            None => Ok(self.now.max(start)),
        }
    }
}

/// How long a job ran, until its end or now. A running job's figure is older or newer than our `now` by the time the command
/// took; it is cut to fit.
fn check_elapsed(
    elapsed: u64,
    start: DateTime<Utc>,
    until: DateTime<Utc>,
    has_ended: bool,
) -> Result<TimeDelta, Fault> {
    let between = TimeDelta::seconds((until - start).num_seconds());
    let elapsed = i64::try_from(elapsed).ok().and_then(TimeDelta::try_seconds);
    let elapsed = elapsed.ok_or(Fault::AbsurdElapsed)?;
    // SLURM rounds both ends on its own, so a second too many is no contradiction.
    let slack = if has_ended { TimeDelta::seconds(1) } else { SKEW };
    if elapsed <= between + slack {
        Ok(elapsed.min(between))
    } else {
        Err(Fault::AbsurdElapsed)
    }
}

/// `12`, and the parts of heterogeneous jobs, `12+1`.
fn is_job(text: &str) -> bool {
    let digits =
        |part: &str| !part.is_empty() && part.len() <= 20 && part.bytes().all(|b| b.is_ascii_digit());
    match text.split_once('+') {
        Some((job, part)) => digits(job) && digits(part),
        None => digits(text),
    }
}

/// A user that was deleted meanwhile is shown by number, and one that was never known not at all.
fn read_user(text: &str) -> Result<Option<String>, Fault> {
    let is_fine = |c: char| c.is_ascii_alphanumeric() || "_-.@$".contains(c);
    if text.len() > 64 || !text.chars().all(is_fine) {
        return Err(Fault::User);
    }
    Ok(if text.is_empty() {
        None
    } else {
        Some(text.to_owned())
    })
}

/// `None` where SLURM says that there is no such time yet.
fn read_time(text: &str, fault: Fault) -> Result<Option<DateTime<Utc>>, Fault> {
    if matches!(text, "Unknown" | "None" | "") {
        return Ok(None);
    }
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S")
        .ok()
        .ok_or(fault)?;
    Ok(Some(time.and_utc()))
}

/// The processors and GPUs in, for example, `billing=2,cpu=2,gres/gpu=1,mem=200M,node=1`.
fn read_allocated(text: &str, gpu: &str) -> Result<(u64, u64), Fault> {
    let (mut cpus, mut gpus) = (0, 0);
    for pair in text.split(',').filter(|pair| !pair.is_empty()) {
        let (name, count) = pair.split_once('=').ok_or(Fault::Allocated)?;
        if name == "cpu" {
            cpus = count.parse().ok().ok_or(Fault::Allocated)?;
        } else if name == gpu {
            gpus = count.parse().ok().ok_or(Fault::Allocated)?;
        }
    }
    if cpus == 0 || cpus > MOST_ALLOCATED || gpus > MOST_ALLOCATED {
        return Err(Fault::AbsurdAllocated);
    }
    Ok((cpus, gpus))
}
