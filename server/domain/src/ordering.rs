//! Ordering: what somebody asks for, who must agree, and how it ends.
//!
//! Invariants:
//! - The client is not trusted: placing reads everything again on the server, in the transaction that stores the order, and
//!   freezes the quote with the price versions in force.
//! - An order, its audit event and what follows from it (the next decision or the job) are one transaction. Every move
//!   goes through `model::OrderState::after` under a lock on the order's row: of two who decide at once, one wins and
//!   the other is told the state.
//! - One order may be open per resource, a failed one included: it can be tried again, or given up. A failed creation
//!   cannot be given up, since the backend may hold part of it; its resource is terminated instead.
//! - [`carry_out::settle`] alone ends executing orders. Settling twice is settling once.
//! - Locks are taken in one order, which [`locks`] writes down.
//! - An order that is carried out has a job, or waits for a person; where a job was lost, [`carry_out::reconcile`] makes another.
//!
//! Who must agree is read from the rules ([`crate::approvals`]) when an order is placed, and becomes its steps; the states only
//! say which side's turn it is. By the rules that are built in, the buyer's side is asked unless the placer may approve orders of
//! the organization, or may approve up to the project's limit and what the order commits to is within it (the most of a full
//! month with the expected use, the first invoice, and all that is owed once); the provider's side where the offering wants to
//! be asked. Nobody is asked twice: who decides for the buyer and may also decide for the provider decides for both. Changes and
//! terminations follow the same rules, by what is committed to after the change.
//!
//! The system orders, too ([`dates::ending`]): in the night after its last day a resource is ended by an order that says why, after
//! the days of grace that its offering gives. Nobody is asked for it. What still waits by then has come too late. More
//! time is a renewal ([`place::renew`]) where something is paid up front, and another last day ([`dates::change_end`]) otherwise. An order for
//! a later day waits for it and is looked at again ([`dates::start`]).
//!
//! Read [`place::create`], [`decide::approve`], then [`carry_out::settle`].

mod allow;
mod carry_out;
mod check;
mod dates;
mod decide;
mod error;
mod locks;
mod moves;
mod parties;
mod place;
mod price;
mod read;
mod reassign;
mod seal;
mod startable;

use crate::core::Core;

pub use crate::provisioning::Completion;
pub use carry_out::fulfil::Fulfilment;
pub use carry_out::work::OrderWork;
pub use error::OrderingError;
pub use read::list::OrderFilter;
pub(crate) use read::queue::waiting_among;
pub(crate) use read::waiting::people_asked;
pub(crate) use seal::fingerprint;

/// Orders and decisions on them.
#[derive(Clone)]
pub struct Ordering {
    core: Core,
    expected: Option<String>,
}

impl Ordering {
    pub(crate) fn new(core: Core) -> Self {
        Self { core, expected: None }
    }

    /// The same service for a change of the last day of a resource that was seen in this state
    /// ([`crate::provisioning::Provisioning::resource_at_state`]): it is refused as changed meanwhile once the resource is in
    /// another one.
    #[must_use]
    pub fn at_state(mut self, state: &str) -> Self {
        self.expected = Some(state.to_owned());
        self
    }
}

/// What becomes of orders without anybody asking: of workers and the command line, which act for nobody.
#[derive(Clone)]
pub struct OrderOperations {
    core: Core,
}

impl OrderOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
