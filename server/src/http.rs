//! The HTTP edge around the pages and the API: what every request passes on its way in and out.

pub(crate) mod address;
pub(crate) mod assets;
pub(crate) mod bodies;
pub(crate) mod client_address;
pub(crate) mod headers;
pub(crate) mod health;
pub(crate) mod origin;
pub(crate) mod page_tasks;
pub(crate) mod rates;
pub(crate) mod refusals;
pub(crate) mod run_to_end;
pub(crate) mod sign_ins;
pub(crate) mod statuses;
pub(crate) mod trace;
