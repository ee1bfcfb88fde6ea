//! Organizations and their projects.
//!
//! Invariants: slugs are given once and stay, because backends and documents name things by them; what identifies an
//! organization on documents is kept as versions by month (`versions`), and none of a month that is over ever changes;
//! nothing here is deleted.

mod end;
mod error;
mod me;
mod opening;
mod organizations;
mod people;
mod projects;
mod scheduled;
mod state;
mod versions;

pub(crate) use end::End;
pub use error::StructureError;
pub use model::NewOrganization;
pub use model::{NewProject, ProjectChange};
pub(crate) use opening::{Closed, Opening};
pub(crate) use people::{usernames_in, usernames_in_all};
pub(crate) use projects::shown as logged_project;
pub(crate) use versions::{Versions, beginning, party};

use crate::core::Core;

/// The service of organizations and projects.
#[derive(Clone)]
pub struct Structure {
    core: Core,
    expected: Option<String>,
}

impl Structure {
    pub(crate) fn new(core: Core) -> Self {
        Self { core, expected: None }
    }
}
