//! Answers to the request form: checked by the offering's own schema, secrets apart and sealed.

use entity::json;
use model::{FieldFault, FieldKind, Schema};
use sea_orm::DbErr;
use sea_orm::prelude::Json;
use serde_json::Map;

use crate::check::{Check, has_nul};
use crate::core::Core;
use crate::crypto::{SealBroken, SealedIn};

/// Answers as they are stored.
#[derive(Default)]
pub(in crate::ordering) struct Answers {
    /// Without secrets.
    pub(in crate::ordering) open: Json,
    /// The secret ones, which are sealed for the row that they come to stand in.
    secret: Map<String, Json>,
}

impl Answers {
    /// Of an order that asks for nothing secret.
    pub(in crate::ordering) fn without_secrets(open: Json) -> Self {
        Self {
            open,
            secret: Map::new(),
        }
    }

    /// Of `form` the questions that were answered, in secret or not, as they are kept with the order; none where none was.
    pub(in crate::ordering) fn questions(&self, form: &Schema) -> Result<Option<Json>, DbErr> {
        let answered = |key: &str| self.open.get(key).is_some() || self.secret.contains_key(key);
        let mut asked = form.clone();
        asked.fields.retain(|field| answered(&field.key));
        if asked.is_empty() {
            return Ok(None);
        }
        json::write("orders.request_form", &asked).map(Some)
    }

    /// The secret answers, sealed for their place; none where there are none.
    pub(in crate::ordering) fn sealed_in(
        &self,
        core: &Core,
        place: SealedIn,
    ) -> Result<Option<Vec<u8>>, SealBroken> {
        if self.secret.is_empty() {
            return Ok(None);
        }
        let plain = Json::Object(self.secret.clone()).to_string();
        core.cipher().seal(plain.as_bytes(), place).map(Some)
    }
}

/// The checked answers; faults are added at `attributes.<key>`.
pub(super) fn check_answers(check: &mut Check, form: &Schema, given: &Json) -> Answers {
    let nothing = Json::Object(Map::new());
    // A draft without answers has null there.
    let given = if given.is_null() { &nothing } else { given };
    if has_nul(given) {
        check.fault(
            "attributes",
            "bad_character",
            "Remove characters that cannot be shown.",
        );
        return Answers::default();
    }
    match form.parse_json(given) {
        Ok(values) => apart(form, values.to_json()),
        Err(found) => {
            check.extend(found.into_iter().map(below_attributes));
            Answers::default()
        }
    }
}

fn below_attributes(fault: FieldFault) -> FieldFault {
    // A fault of the object as a whole has no path of its own.
    let path = if fault.path.is_empty() {
        "attributes".to_owned()
    } else {
        format!("attributes.{}", fault.path)
    };
    FieldFault { path, ..fault }
}

fn apart(form: &Schema, answers: Json) -> Answers {
    let Json::Object(answers) = answers else {
        return Answers::default();
    };
    let is_secret = |key: &str| {
        form.field(key)
            .is_some_and(|field| field.kind == FieldKind::Secret)
    };
    let (secret, open): (Map<_, _>, Map<_, _>) = answers.into_iter().partition(|(key, _)| is_secret(key));
    Answers {
        open: Json::Object(open),
        secret,
    }
}
