//! Answers that are given in place of starting SLURM's programs, so that a fuzzer reaches every reader of them.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

/// What a program is said to have answered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RecordedAnswer {
    /// Whether it ended with 0.
    pub success: bool,
    /// What it wrote: to its standard output where it succeeded, to its standard error where it did not.
    pub text: Vec<u8>,
}

/// The answers that are still to be given, in their order.
#[derive(Debug)]
pub(super) struct Recorded(Mutex<VecDeque<RecordedAnswer>>);

impl Recorded {
    pub(super) fn new(answers: Vec<RecordedAnswer>) -> Self {
        Self(Mutex::new(answers.into()))
    }

    /// The next one. After the last, programs fail and say nothing.
    pub(super) fn next(&self) -> RecordedAnswer {
        let mut answers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        answers.pop_front().unwrap_or_default()
    }
}
