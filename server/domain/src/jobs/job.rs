//! What every kind of job declares. A kind that follows from a change of the domain lies in [`super::kinds`]; one that only
//! the worker makes (housekeeping, reconcilers) lies with the worker, which knows how to run all of them.

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A kind of work. The value is the payload: what a worker must know to do it, and no more, because it may wait long
/// and everything else is read when it runs.
pub trait Job: Serialize + DeserializeOwned + Send + Sync + 'static {
    /// The kind, as stored. Never changes once shipped.
    const NAME: &'static str;
    /// Tries before it is given up.
    const TRIES: i32 = 10;
    /// Nobody asks for it and nobody looks for it afterwards: no row stays when it went well.
    const HOUSEKEEPING: bool = false;

    /// What it is about: `order 0190…`; empty for housekeeping.
    fn subject(&self) -> String {
        String::new()
    }

    /// Of the jobs with one unique key at most one **waits**; any number may have run, and one may be running. So a
    /// change that comes while its job runs makes one more job. By default the kind and the subject.
    fn unique_key(&self) -> Option<String> {
        Some(format!("{} {}", Self::NAME, self.subject()))
    }

    /// Jobs with one serial key run one after another, over all processes and kinds. `None`: beside anything.
    fn serial_key(&self) -> Option<String> {
        None
    }
}
