//! What the portal is like once everything was tried: alive, it ends when told, its log is quiet and its data whole.

use std::time::{Duration, Instant};

use anyhow::Result;

use crate::portal::Portal;
use crate::served::answers;
use crate::watch_log;

/// `/healthz` answers within.
const AT_ONCE: Duration = Duration::from_millis(200);
/// What is under way has ten seconds to end.
const ENDS_WITHIN: Duration = Duration::from_secs(12);

/// What was seen.
pub(super) struct Ended {
    health: Duration,
    took: Duration,
    /// What should be otherwise.
    pub(super) broken: Vec<String>,
}

impl Ended {
    pub(super) fn words(&self) -> String {
        let judged = if self.broken.is_empty() {
            "no ERROR and no panic in the log, `stoa verify` finds nothing".to_owned()
        } else {
            self.broken.join("; ")
        };
        format!(
            "/healthz answered in {:.1} ms, told to end it took {:.1} s; {judged}",
            self.health.as_secs_f64() * 1000.0,
            self.took.as_secs_f64()
        )
    }
}

/// Looks, and ends the portal.
pub(super) fn look(portal: Portal) -> Result<Ended> {
    let mut broken = Vec::new();
    let asked = Instant::now();
    let alive = answers(portal.socket(), "/healthz");
    let health = asked.elapsed();
    if !alive || health > AT_ONCE {
        broken.push(format!("/healthz answered after {health:?}: {alive}"));
    }
    let log = portal.installation().log();
    let asked = Instant::now();
    // A portal that does not end is one more thing that is broken; what was measured before stands.
    let (installation, took) = match portal.stop(ENDS_WITHIN) {
        Ok((installation, took)) => (Some(installation), took),
        Err(error) => {
            broken.push(format!("{error:#}"));
            (None, asked.elapsed())
        }
    };
    let text = watch_log::read(&log)?;
    let bad: Vec<(usize, &str)> = watch_log::bad_lines(&text).collect();
    if let Some((number, first)) = bad.first() {
        let (often, log) = (bad.len(), log.display());
        broken.push(format!(
            "{often} bad lines in {log}, the first is line {number}: {first}"
        ));
    }
    if !text.contains("\"level\":\"INFO\"") {
        broken.push(format!(
            "{} tells of nothing, so no quiet in it counts",
            log.display()
        ));
    }
    if let Some(Err(error)) = installation.map(|left| left.verify()) {
        broken.push(format!("{error:#}"));
    }
    Ok(Ended { health, took, broken })
}
