//! Notices: what people are told of what happened, as far as it concerns them. A reader of the log with one position for
//! everybody.
//!
//! Invariants:
//! - An event is told at most once to one person; the position moves with what it tells, in one transaction. So everything that
//!   concerns somebody is told, once.
//! - Nobody is told of what they did themselves, but of changes of their ways in.
//! - A notice is seen by its person only, and only while they hold, where they held the role through which it concerned them, one
//!   that lets them see such a thing.
//! - Words are made when a notice is shown; nothing but which event concerns whom is kept.

mod audience;
mod choose;
mod error;
mod read;
mod tell;
mod words;

pub use error::NoticeError;

use crate::core::Core;

/// The notices of a person.
#[derive(Clone)]
pub struct Notices {
    core: Core,
}

impl Notices {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// Notices as workers make them.
#[derive(Clone)]
pub struct NoticeOperations {
    core: Core,
}

impl NoticeOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
