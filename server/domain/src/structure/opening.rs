//! Whether anything can be ordered for a project.

use chrono::NaiveDate;
use entity::{organization, project};

/// What of a project and its organization decides whether something can be ordered for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    pub(crate) organization_archived: bool,
    pub(crate) project_archived: bool,
    pub(crate) first_day: Option<NaiveDate>,
    pub(crate) last_day: Option<NaiveDate>,
}

/// Why nothing can be ordered for a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    Organization,
    Project,
    NotBegun(NaiveDate),
    Over,
}

impl Opening {
    pub(crate) fn of(project: &project::Model, organization: &organization::Model) -> Self {
        Self {
            organization_archived: organization.archived_at.is_some(),
            project_archived: project.archived_at.is_some(),
            first_day: project.start_date,
            last_day: project.end_date,
        }
    }

    /// Whether something can be ordered on the buyer's `today`.
    pub(crate) fn check(&self, today: NaiveDate) -> Result<(), Closed> {
        if self.organization_archived {
            Err(Closed::Organization)
        } else if self.project_archived {
            Err(Closed::Project)
        } else if let Some(start) = self.first_day.filter(|start| *start > today) {
            Err(Closed::NotBegun(start))
        } else if self.last_day.is_some_and(|end| end < today) {
            Err(Closed::Over)
        } else {
            Ok(())
        }
    }
}
