//! The catalogue: categories, offerings with components, plans and prices; searching, preparing, publishing.
//!
//! Invariants:
//! - A buyer sees an offering that is active or paused, and shared or private to one of the buyer's organizations.
//!   Its provider's people and staff also see drafts.
//! - Publishing needs every requirement of [`Catalogue::readiness`]; what can be ordered stays complete, because a change
//!   that would break a requirement of an active offering is refused. While it is paused anything may be changed.
//! - Terms and prices of a plan are versions, each from its first instant: midnight of the seller's zone, and never before
//!   it was saved. One that has begun in a plan that was ordered is never edited or deleted; before its first price a
//!   component costs nothing. Which version a resource has is `model::price_timeline`.
//! - What a component means (code, charge, unit, factor, period, prepaid, overage) stays once it is sold: another meaning
//!   is another component. Its bounds bind only what is chosen anew.
//! - A text of the terms of service is a version and stays; a changed one is another version.
//! - Every change names the revision it was made against; a change against an older one is refused.
//! - Settings name only backends that were assigned to the provider: checked when they are saved, and by the worker before a
//!   connection is tested or a resource is made or changed. What runs goes on when an assignment is withdrawn: its members,
//!   its use and its end are of what was made while it was assigned.
//! - Secrets of plugin settings are sealed, never shown, and leave only towards the worker.

mod assigned;
mod audience;
mod cache;
mod categories;
mod change;
mod components;
mod connection;
mod create;
mod duration;
mod error;
mod facets;
mod never_ordered;
mod offering;
mod own_actions;
mod plans;
mod plugin;
mod price_from;
mod price_reach;
mod prices;
mod publish;
mod readiness;
mod request_form;
mod revise;
mod search;
mod summary;
mod terms;
mod visibility;

pub(crate) use cache::OfferingCache;
pub use connection::SettingsForTest;
pub use error::CatalogueError;
pub use model::NewCategory;
pub(crate) use plans::{Correction, LoggedPrice, LoggedTerms, LoggedVersions, correct_price_in};
pub use plugin::{PluginChoice, SentValues};
pub(crate) use prices::{PlanVersions, lasting_terms, versions_of_offerings, versions_of_plan};
pub(crate) use terms::LoggedText;
pub(crate) use visibility::may_see;

use std::sync::Arc;

use crate::core::Core;

/// The service of the catalogue.
#[derive(Clone)]
pub struct Catalogue {
    core: Core,
    cache: Arc<OfferingCache>,
    expected: Option<i32>,
}

impl Catalogue {
    pub(crate) fn new(core: Core, cache: Arc<OfferingCache>) -> Self {
        Self {
            core,
            cache,
            expected: None,
        }
    }

    /// The same service for changes of components and plans that were drawn at this revision of their offering: they are
    /// refused as changed meanwhile once it is no longer the present one.
    #[must_use]
    pub fn at_revision(mut self, revision: i32) -> Self {
        self.expected = Some(revision);
        self
    }
}
