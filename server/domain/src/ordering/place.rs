//! Placing orders: for a new resource, for another state of one that is there, for more time.

pub(super) mod answers;
pub(super) mod change;
pub(super) mod create;
pub(super) mod idempotent;
pub(super) mod ordered_resource;
pub(super) mod quote_change;
pub(super) mod renew;
pub(super) mod repeat;
pub(super) mod submit;
mod switch_plan;
