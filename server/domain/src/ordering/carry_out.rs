//! Carrying orders out: from the moment in which the resource moves to the end that the backend or a person reports.

pub(super) mod begin;
pub(super) mod fulfil;
pub(super) mod progress;
pub(super) mod reconcile;
pub(super) mod retry;
mod secret_answers;
pub(super) mod settle;
pub(super) mod work;
