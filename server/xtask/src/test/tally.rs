//! How many tests of each kind passed, how long each step took, and the last line.

use std::collections::BTreeMap;
use std::thread::ScopedJoinHandle;

use anyhow::{Result, anyhow};

use super::Kind;
use super::outcome::Verdict;
use crate::step::{finished, say, seconds};

#[derive(Default, Clone, Copy)]
struct Counts {
    passed: usize,
    failed: usize,
    ignored: usize,
}

/// Counts by kind.
#[derive(Default)]
pub(crate) struct Tally {
    counts: BTreeMap<Kind, Counts>,
    troubles: Vec<String>,
}

impl Tally {
    pub(crate) fn add(&mut self, kind: Kind, passed: usize, failed: usize, ignored: usize) {
        let counts = self.counts.entry(kind).or_default();
        counts.passed += passed;
        counts.failed += failed;
        counts.ignored += ignored;
    }

    pub(super) fn add_all(&mut self, counts: &[(Kind, Verdict, usize)]) {
        for (kind, verdict, count) in counts {
            match verdict {
                Verdict::Passed => self.add(*kind, *count, 0, 0),
                Verdict::Failed => self.add(*kind, 0, *count, 0),
                Verdict::Ignored => self.add(*kind, 0, 0, *count),
            }
        }
    }

    /// Takes over what another has counted.
    fn absorb(&mut self, other: Self) {
        for (kind, counts) in other.counts {
            self.add(kind, counts.passed, counts.failed, counts.ignored);
        }
        self.troubles.extend(other.troubles);
    }

    /// The same from a thread, once it has ended; one that died is a failed test of the kind.
    pub(super) fn absorb_from(&mut self, suites: ScopedJoinHandle<'_, Self>, kind: Kind) {
        match suites.join() {
            Ok(other) => self.absorb(other),
            Err(_panic) => self.note(kind, "the runner of the tests", Err(anyhow!("it panicked"))),
        }
    }

    /// A suite that could not run is a failed test of its kind.
    pub(crate) fn note(&mut self, kind: Kind, what: &str, outcome: Result<()>) {
        if let Err(error) = outcome {
            self.add(kind, 0, 1, 0);
            self.trouble(format!("{what}: {error:#}"));
        }
    }

    /// Something to repeat at the end, where people look.
    pub(crate) fn trouble(&mut self, what: String) {
        say(format!("  {what}"));
        self.troubles.push(what);
    }

    pub(crate) fn passed(&self) -> usize {
        self.counts.values().map(|counts| counts.passed).sum()
    }

    pub(crate) fn failed(&self) -> usize {
        self.counts.values().map(|counts| counts.failed).sum()
    }

    /// The tables, the troubles, and the closing line.
    pub(crate) fn print(&self) {
        say(format!("\n{:<52} {:>12}", "step", "took"));
        for step in finished() {
            let mark = if step.ok { "" } else { "  FAILED" };
            say(format!(
                "{:<52} {:>12}{mark}",
                shortened(&step.name, 52),
                seconds(step.took)
            ));
        }
        say(format!(
            "\n{:<24} {:>8} {:>8} {:>8}",
            "tests", "passed", "failed", "ignored"
        ));
        for (kind, counts) in &self.counts {
            let Counts {
                passed,
                failed,
                ignored,
            } = counts;
            say(format!(
                "{:<24} {passed:>8} {failed:>8} {ignored:>8}",
                kind.name()
            ));
        }
        for trouble in &self.troubles {
            say(format!("\nFAILED {trouble}"));
        }
        say(format!("\n{} passed, {} failed", self.passed(), self.failed()));
    }
}

fn shortened(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let kept: String = text.chars().take(width - 1).collect();
    format!("{kept}…")
}
