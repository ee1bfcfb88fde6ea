//! When something of a project ends.

use chrono::{DateTime, NaiveDate, Utc};

use crate::zone::Zone;

/// The last day of something, and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct End {
    pub(crate) last_day: NaiveDate,
    /// The project's comes first.
    pub(crate) of_project: bool,
}

impl End {
    /// The earlier of a resource's own last day and its project's.
    pub(crate) fn of(own: Option<NaiveDate>, project: Option<NaiveDate>) -> Option<Self> {
        let of = |last_day, of_project| Self { last_day, of_project };
        match (own, project) {
            (Some(own), Some(project)) if project < own => Some(of(project, true)),
            (Some(own), _) => Some(of(own, false)),
            (None, Some(project)) => Some(of(project, true)),
            (None, None) => None,
        }
    }

    /// The project ends on the same day, whichever of the two is the reason.
    pub(crate) fn is_with(self, project: Option<NaiveDate>) -> bool {
        project == Some(self.last_day)
    }

    pub(crate) fn is_over(self, today: NaiveDate) -> bool {
        self.last_day < today
    }

    /// The first instant after it: nothing is billed from then on, however long it takes until the resource is ended.
    pub(crate) fn until(self, zone: &Zone) -> DateTime<Utc> {
        zone.end_of(self.last_day)
    }
}
