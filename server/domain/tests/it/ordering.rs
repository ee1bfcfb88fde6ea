//! Orders from placing to done, on both engines.

mod answers;
mod approving;
mod by_hand;
mod changing;
mod commitment;
mod further_terms;
mod interleaving;
mod lasting;
mod orderable_projects;
mod permissions;
mod placing;
mod prepaid_terms;
mod prices_to_come;
mod queue;
mod refusing;
mod renewing;
mod repeating;
pub(crate) mod scene;
mod settling;
mod starting;
mod statements;
mod told_ends;
mod within_project;
