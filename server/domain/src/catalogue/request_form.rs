//! What a buyer is asked.

use model::{EventKind, OfferingId, Schema};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::change::{Change, Note};
use super::{Catalogue, CatalogueError};
use crate::access::Actor;
use crate::check::{Check, has_nul};

/// Most fields of a form.
const MOST_FIELDS: usize = 100;
/// The largest form, in bytes of JSON.
const LARGEST: usize = 200_000;

impl Catalogue {
    /// Replaces the request form. Orders that were placed keep their answers and the questions to them. Answers the new
    /// revision. Refused for who may not edit the offering (`Access`), questions at fault (`Invalid`) and an archived
    /// offering (`Archived`).
    pub async fn set_request_form(
        &self,
        actor: &Actor,
        id: OfferingId,
        form: &Schema,
        revision: i32,
    ) -> Result<i32, CatalogueError> {
        let change = Change::begin(&self.core, actor, id, Some(revision)).await?;
        let stored = entity::json::write("offerings.request_form", form)?;
        let mut check = Check::default();
        check.ensure(
            form.fields.len() <= MOST_FIELDS,
            "request_form",
            "too_many",
            "A form has at most 100 fields.",
        );
        check.ensure(
            stored.to_string().len() <= LARGEST,
            "request_form",
            "too_long",
            "Shorten the texts of this form.",
        );
        check.ensure(
            !has_nul(&stored),
            "request_form",
            "bad_character",
            "Remove control characters.",
        );
        if let Err(faults) = form.validate() {
            check.extend(model::attributes::under("request_form", faults));
        }
        check.done()?;
        let mut row = change.unchanged();
        let keys: Vec<&str> = form.fields.iter().map(|field| field.key.as_str()).collect();
        let before = change
            .row
            .form()
            .map(|form| form.fields.len())
            .unwrap_or_default();
        let note = Note::new(
            EventKind::OfferingRequestFormSet,
            json!({ "fields": before }),
            json!({ "fields": keys }),
        );
        row.request_form = Set(stored);
        change.end(row, note).await
    }
}
