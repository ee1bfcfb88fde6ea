//! Actions: what is done with a resource beside ordering changes of it, as its plugin or its provider declares it; and the
//! parts that its backend lists.
//!
//! Invariants:
//! - Nothing here changes limits, plan, price or last day of a resource: what does is an order.
//! - Of one resource at most one action is under way that does not go beside others.
//! - An action that is asked for ends once: done, failed or withdrawn. What ends with its resource fails.
//! - `resources.condition` is written here only: by what an action led to, and by what the backend shows.
//! - Nothing here calls a backend. What somebody filled in and is secret goes with the end of the action.
//!
//! Read `ask` (what asking sets off), then `carry_out` (what the backend's answer leads to).

mod ask;
mod by_hand;
mod carry_out;
mod error;
mod listed;
mod offered;
mod parts;
mod read;
mod reconcile;
mod told;

pub use ask::Wish;
pub use carry_out::{ActionEnd, ActionWork};
pub use error::ActionError;
pub use read::ActionFilter;

use crate::core::Core;

/// The actions of resources.
#[derive(Clone)]
pub struct Actions {
    core: Core,
}

impl Actions {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// Actions as workers carry them out, which act for nobody.
#[derive(Clone)]
pub struct ActionOperations {
    core: Core,
}

impl ActionOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
