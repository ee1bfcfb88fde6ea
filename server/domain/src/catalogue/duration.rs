//! How long an offering is had: which terms are sold, and how long what is over is kept.

use model::{DurationRules, EventKind, OfferingId};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::change::{Change, Note};
use super::{Catalogue, CatalogueError};
use crate::access::Actor;
use crate::check::Check;

impl Catalogue {
    /// Sets the bounds of terms and the days of grace. Terms that were ordered stay; grace counts for every resource of
    /// the offering from now on, but one that is over already is kept at least as long as was said then. Answers the new
    /// revision.
    pub async fn set_duration(
        &self,
        actor: &Actor,
        id: OfferingId,
        rules: DurationRules,
        revision: i32,
    ) -> Result<i32, CatalogueError> {
        let change = Change::begin(&self.core, actor, id, Some(revision)).await?;
        let mut check = Check::default();
        check.extend(rules.faults());
        check.done()?;
        let mut row = change.unchanged();
        let note = Note::new(
            EventKind::OfferingDurationSet,
            json!({ "duration": change.row.duration }),
            json!({ "duration": rules }),
        );
        row.duration = Set(entity::json::write("offerings.duration", &rules)?);
        change.end(row, note).await
    }
}
