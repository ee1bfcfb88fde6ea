//! Reading orders: one, lists, queues, for which projects an offering can be ordered, and who would be asked.

pub(super) mod asked;
pub(super) mod detail;
pub(super) mod forecast;
pub(super) mod list;
pub(super) mod orderable_projects;
pub(super) mod queue;
pub(super) mod summary;
pub(super) mod waiting;
