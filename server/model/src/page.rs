//! Pages of lists, by cursor: stable while rows are added, and as fast on page 400 as on page 1.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::text_enum;

/// Rows of a list and where the next ones begin.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Ask with this cursor for the next rows; null on the last page.
    pub next: Option<String>,
}

impl<T> Page<T> {
    /// The same page with every row changed by `f`.
    pub fn map<U>(self, f: impl FnMut(T) -> U) -> Page<U> {
        Page {
            items: self.items.into_iter().map(f).collect(),
            next: self.next,
        }
    }
}

text_enum! {
    /// In which order a list stands.
    #[derive(Default)]
    SortOrder {
        /// What was made last comes first.
        #[default]
        Newest = "newest", "Newest first";
        /// What was made first comes first.
        Oldest = "oldest", "Oldest first";
    }
}

text_enum! {
    /// In which order a list of things with names stands.
    #[derive(Default)]
    NamedSort {
        /// By name, and those of one name in the order in which they were made.
        #[default]
        Name = "name", "By name";
        /// What was made last comes first.
        Newest = "newest", "Newest first";
        /// What was made first comes first.
        Oldest = "oldest", "Oldest first";
    }
}

/// How a list of things with names is narrowed and ordered; all of them by name where nothing is said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedList {
    /// In which order.
    pub sort: NamedSort,
    /// Only what was changed at this instant or later, as the log has it.
    pub updated_since: Option<DateTime<Utc>>,
}

/// Which rows of a list are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRequest {
    /// Where to go on: the `next` of the page before.
    pub cursor: Option<String>,
    /// How many rows at most, 1 to 100.
    pub limit: u32,
}

impl PageRequest {
    /// Rows of a list on a page of the portal: fills rows of two, three and four tiles.
    pub const PORTAL: u32 = 24;
    /// The most that one request may ask for.
    pub const MOST: u32 = 100;

    /// The first `limit` rows.
    pub fn first(limit: u32) -> Self {
        Self {
            cursor: None,
            limit: limit.clamp(1, Self::MOST),
        }
    }
}

impl Default for PageRequest {
    fn default() -> Self {
        Self::first(Self::PORTAL)
    }
}
