//! Reading orders: one, lists, queues, and for which projects an offering can be ordered.

pub(super) mod detail;
pub(super) mod list;
pub(super) mod orderable_projects;
pub(super) mod queue;
pub(super) mod summary;
pub(super) mod waiting;
