//! Whether anything can be ordered for a project.

use chrono::NaiveDate;
use entity::project;

/// The days of a project, where it has them: they decide whether something can be ordered for it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Opening {
    pub(crate) first_day: Option<NaiveDate>,
    pub(crate) last_day: Option<NaiveDate>,
}

/// Why nothing can be ordered for a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Closed {
    NotBegun(NaiveDate),
    Over,
}

impl Opening {
    pub(crate) fn of(project: &project::Model) -> Self {
        Self {
            first_day: project.start_date,
            last_day: project.end_date,
        }
    }

    /// Whether something can be ordered on the buyer's `today`.
    pub(crate) fn check(self, today: NaiveDate) -> Result<(), Closed> {
        if let Some(start) = self.first_day.filter(|start| *start > today) {
            Err(Closed::NotBegun(start))
        } else if self.last_day.is_some_and(|end| end < today) {
            Err(Closed::Over)
        } else {
            Ok(())
        }
    }
}
