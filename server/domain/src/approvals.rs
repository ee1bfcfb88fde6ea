//! Who must agree to an order: rules, the steps that they make of it, who may decide on a step, and deputies.
//!
//! Invariants:
//! - Rules are read from the top, each side for itself: what is built in for the system's own orders, the rules of the
//!   installation, those of the organization and the project (for the buyer) or of the provider, then what is built in for
//!   everybody. `Ask` makes a step and goes on reading unless it is the last; `Skip` ends the reading; `Refuse` takes no order.
//! - A project's rules only ever ask for more: they cannot skip, since its organization decides what may pass.
//! - Steps are made when the order is placed and stay, whatever becomes of the rules. One is open at a time, the buyer's first.
//! - Whoever decides sees the order. Nobody counts twice on a step: not as themselves, as a deputy, or as who placed it.
//! - Where too few of those whom a step asks in particular can decide, whoever may approve orders there without limit decides
//!   instead; where there are not as many as it asks for, those who are there are enough.
//! - Whoever placed an order above the project's limit is not one of those asked by a role on the project alone.
//! - Providers' rules ask about no end of a resource: a buyer can always end what it has.
//! - A deputy decides for who is away, not for whom that person stands in: deputies in a circle are no circle.
//!
//! Read `plan`, then `steps`, then `turns`; `ordering::decide` moves the orders.

mod built_in;
mod checked;
mod choices;
mod deputies;
mod edit;
mod error;
mod facts;
mod names;
mod people;
mod place;
mod plan;
mod power;
mod queue;
mod read;
mod rule;
mod sentence;
mod steps;
mod turns;

pub use error::ApprovalError;
pub(crate) use facts::{Asks, Facts, Wanted};
pub(crate) use names::{name_list, names_of};
pub(crate) use people::{deciders, whom};
pub(crate) use plan::{Plan, Planned, Then, own_rules, plan, plan_for};
pub(crate) use power::sees;
pub(crate) use queue::decidable_by;
pub(crate) use read::rules_for;
pub(crate) use rule::Rule;
pub(crate) use steps::{
    OpenStep, Steps, ask_fewer, close, drop_rest, due_for_look, insert_planned, put_off_reminder, reassign,
    reassigned, with_fewer,
};
pub(crate) use turns::{Turn, WhyNot, insert_decision};

use crate::core::Core;

/// The rules of approval, and who stands in for whom.
#[derive(Clone)]
pub struct Approvals {
    core: Core,
}

impl Approvals {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
