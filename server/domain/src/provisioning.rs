//! Provisioning: the resources that orders create, their states, and the history of their plans and limits.
//!
//! Invariants:
//! - Nothing here calls a backend. A state changes together with its audit event, and where work follows, with its job.
//! - A resource that was activated and has not ended has exactly one interval without an end. Intervals of a resource
//!   never overlap: a change closes one and opens the next at the same instant. Billing reads only intervals.
//! - [`apply_outcome`] and [`begin`] are the only writers of `resources.state`, and every move goes through
//!   `model::ResourceState::after`.
//! - A failed creation leaves the resource erred. A failed change or termination leaves it as it was before that
//!   began, with the reason shown: its users keep working with what they have.
//!
//! Read [`begin`] (what an approved order sets off), then [`apply_outcome`] (what the backend's answer leads to).

pub(crate) mod answers;
pub(crate) mod apply_outcome;
pub(crate) mod begin;
mod collect;
mod coming_changes;
mod detail;
mod error;
pub(crate) mod facts;
mod intervals;
pub(crate) mod lifetime;
mod limits_over_life;
mod list;
mod members;
pub(crate) mod powers;
mod price_notices;
mod recover;
pub(crate) mod renewals;
mod slug;
mod summary;
mod told;
mod use_of_limits;
pub(crate) mod wording;
mod work;

use std::sync::Arc;

use crate::catalogue::OfferingCache;
use crate::core::Core;

pub use apply_outcome::Completion;
pub use collect::{OfferingBackend, USAGE_WORK, UsageWork};
pub use error::ProvisioningError;
pub use limits_over_life::LimitsOverLife;
pub use list::ResourceFilter;
pub use members::SyncedMembers;
pub use work::{BackendSettings, ResourceWork};

pub(crate) use detail::{find_open_order, mark, open_order_of_row, open_renewal_of_row};
pub(crate) use limits_over_life::ordered_limits_over_life;
pub(crate) use powers::{can_be_changed, is_end_movable};
pub(crate) use work::{load_work_in, open_secrets};

/// Resources.
#[derive(Clone)]
pub struct Provisioning {
    core: Core,
    cache: Arc<OfferingCache>,
}

impl Provisioning {
    pub(crate) fn new(core: Core, cache: Arc<OfferingCache>) -> Self {
        Self { core, cache }
    }
}

/// What is to be done about resources on their backends, for workers and the command line, which act for nobody.
#[derive(Clone)]
pub struct ResourceOperations {
    core: Core,
}

impl ResourceOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
