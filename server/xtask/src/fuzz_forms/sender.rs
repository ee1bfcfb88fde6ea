//! Sends requests, and judges every answer alike: whatever was asked, nothing may fail, break off or take long.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::Result;
use serde_json::Value;

use super::counts::{Counts, What};
use super::journal::{Journal, Request};
use super::roles::Role;
use crate::http::{Answer, Connection, Headers};
use crate::process::pause;
use crate::visit::{Person, kind_of};
use crate::watch_log::bad_lines;

/// Jobs that are due are waited for so long, so that what follows is the same each time.
const SETTLES_WITHIN: Duration = Duration::from_secs(2);
/// What the portal logs of each form that it could not decode.
const NOT_DECODED: [&str; 2] = [
    "a form could not be read",
    "a form came with a field that the portal does not know",
];
/// Where the marks of rounds begin, and what each letter is multiplied in with (FNV-1a).
const MARK: (u64, u64) = (0xcbf2_9ce4_8422_2325, 0x0100_0000_01b3);

/// What came of a round.
pub(super) struct Outcome {
    pub(super) counts: Counts,
    pub(super) faults: Vec<String>,
    /// Of kinds of requests and their answers, in their order: where it is the same, two rounds went alike. With one seed
    /// they mostly do, but not surely: jobs and clocks also have a say.
    pub(super) mark: u64,
}

/// What is asked for, and how.
pub(super) struct Ask<'a> {
    pub(super) what: What,
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) headers: Headers<'a>,
    pub(super) body: &'a str,
}

/// The one way to the portal.
pub(super) struct Sender {
    journal: Journal,
    /// Slower answers are faults.
    slowest: Duration,
    pub(super) step: u32,
    /// Of the journal: the request that was last sent.
    line: u32,
    pub(super) outcome: Outcome,
}

impl Sender {
    pub(super) fn begin(journal: Journal, slowest: Duration) -> Self {
        Self {
            journal,
            slowest,
            step: 0,
            line: 0,
            outcome: Outcome {
                counts: Counts::default(),
                faults: Vec::new(),
                mark: MARK.0,
            },
        }
    }

    /// Sends a request and judges the answer; none where the portal hung up.
    pub(super) fn ask(&mut self, role: Role, person: &mut Person, ask: &Ask) -> Result<Option<Answer>> {
        let asked = Instant::now();
        let body = ask.body.as_bytes();
        let outcome = if ask.what == What::Api {
            // A program brings no cookies.
            let connection = person.connect();
            connection.and_then(|mut one| one.ask(ask.method, ask.path, ask.headers, body))
        } else {
            person.ask(ask.method, ask.path, ask.headers, body)
        };
        let took = asked.elapsed();
        let request = Request {
            step: self.step,
            role: role.0,
            method: ask.method,
            path: ask.path,
            body: ask.body,
        };
        self.line = self.journal.note(&request, outcome.as_ref().ok(), took)?;
        let words = format!("{} {} as {}", ask.method, ask.path, role.0);
        match outcome {
            Ok(answer) => {
                self.judge(ask, &answer, took, &words);
                Ok(Some(answer))
            }
            Err(error) => {
                self.outcome.counts.add(ask.what, 0);
                self.fault(&format!("{words}: {error:#}"));
                Ok(None)
            }
        }
    }

    fn judge(&mut self, ask: &Ask, answer: &Answer, took: Duration, words: &str) {
        self.outcome.counts.add(ask.what, answer.status);
        let told = format!("{} {} {}", ask.method, kind_of(ask.path), answer.status);
        let mark = |mark: u64, letter: u8| (mark ^ u64::from(letter)).wrapping_mul(MARK.1);
        self.outcome.mark = told.bytes().fold(self.outcome.mark, mark);
        if answer.status >= 500 {
            self.fault(&format!("{words} answered {}", answer.status));
        }
        if took > self.slowest {
            self.fault(&format!("{words} took {:.1} s", took.as_secs_f64()));
        }
    }

    /// A fault of the request that was last sent.
    pub(super) fn fault(&mut self, what: &str) {
        let fault = format!("step {}, line {} of the journal: {what}", self.step, self.line);
        self.outcome.faults.push(fault);
    }

    /// Counts forms that were not decoded, and looks for faults that nobody was told of.
    pub(super) fn look_at_log(&mut self, text: &str) -> Result<()> {
        let lines = text
            .lines()
            .filter(|line| NOT_DECODED.iter().any(|words| line.contains(words)));
        let refused = u32::try_from(lines.count())?;
        let faults = &mut self.outcome.faults;
        if refused == 0 {
            faults.push("the log does not tell of a form that cannot be decoded".to_owned());
        }
        let counts = &mut self.outcome.counts;
        // One of them is the strange form, which is not counted.
        counts.decoded = counts.decoded.saturating_sub(refused.saturating_sub(1));
        for (number, line) in bad_lines(text) {
            let request = self.journal.request_of(line)?;
            let request = request.unwrap_or_else(|| "no request".to_owned());
            faults.push(format!("line {number} of the log says {line} about {request}"));
        }
        Ok(())
    }
}

/// Waits until no job is left to do at once; who asks must see all jobs.
pub(super) fn settle(portal: SocketAddr, token: &str) -> Result<()> {
    let bearer = format!("Bearer {token}");
    let headers = [("Authorization", bearer.as_str())];
    let deadline = Instant::now() + SETTLES_WITHIN;
    let mut staff = Connection::open(portal)?;
    while Instant::now() < deadline {
        let answer = staff.ask("GET", "/api/v1/jobs?limit=20", &headers, b"")?;
        let jobs: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
        let jobs = jobs.get("items").and_then(Value::as_array);
        if !jobs.is_some_and(|jobs| jobs.iter().any(is_due)) {
            break;
        }
        pause(Duration::from_millis(20))?;
    }
    Ok(())
}

/// Whether a job is worked on, or will be at once.
fn is_due(job: &Value) -> bool {
    let text = |name: &str| job.get(name).and_then(Value::as_str).unwrap_or_default();
    let waits_for_nothing =
        text("run_at") <= text("created_at") && job.get("attempts") == Some(&Value::from(0));
    text("state") == "leased" || (text("state") == "queued" && waits_for_nothing)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::is_due;

    #[test]
    fn what_is_worked_on_or_waits_for_nothing_is_due() {
        let job = |state: &str, run_at: &str, attempts: u8| {
            is_due(
                &json!({ "state": state, "created_at": "2026-11-27T10:00:00Z", "run_at": run_at, "attempts": attempts }),
            )
        };
        assert!(job("queued", "2026-11-27T10:00:00Z", 0) && job("leased", "2026-11-28T10:00:00Z", 1));
        assert!(!job("queued", "2026-11-28T10:00:00Z", 0) && !job("done", "2026-11-27T10:00:00Z", 0));
        assert!(
            !job("queued", "2026-11-27T10:00:00Z", 2),
            "it is tried again later"
        );
    }
}
