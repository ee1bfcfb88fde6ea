//! Organizations and their projects.
//!
//! Invariants: slugs are given once and stay, because backends and documents name things by them; an organization's
//! billing details are printed on documents issued from then on, never on older ones; nothing here is deleted.

mod error;
mod me;
mod organizations;
mod people;
mod projects;

pub use error::StructureError;
pub use model::NewOrganization;
pub use model::{NewProject, ProjectChange};
pub(crate) use people::usernames_in;

use crate::core::Core;

/// The service of organizations and projects.
#[derive(Clone)]
pub struct Structure {
    core: Core,
}

impl Structure {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
