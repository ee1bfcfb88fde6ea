//! Answers to the request form: checked by the offering's own schema, secrets apart and sealed.

use model::{FieldFault, FieldKind, Schema};
use sea_orm::prelude::Json;
use serde_json::Map;

use crate::check::{Check, has_nul};
use crate::core::Core;
use crate::ordering::OrderingError;

/// Answers as they are stored.
#[derive(Debug, Default)]
pub(in crate::ordering) struct Answers {
    /// Without secrets.
    pub(in crate::ordering) open: Json,
    /// The sealed JSON object of the secret ones.
    pub(in crate::ordering) sealed: Option<Vec<u8>>,
}

/// The checked answers; faults are added at `attributes.<key>`.
pub(super) fn check_answers(
    core: &Core,
    check: &mut Check,
    form: &Schema,
    given: &Json,
) -> Result<Answers, OrderingError> {
    let nothing = Json::Object(Map::new());
    // A draft without answers has null there.
    let given = if given.is_null() { &nothing } else { given };
    if has_nul(given) {
        check.fault(
            "attributes",
            "bad_character",
            "Remove characters that cannot be shown.",
        );
        return Ok(Answers::default());
    }
    match form.parse_json(given) {
        Ok(values) => apart(core, form, values.to_json()),
        Err(found) => {
            check.extend(found.into_iter().map(below_attributes));
            Ok(Answers::default())
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

fn apart(core: &Core, form: &Schema, answers: Json) -> Result<Answers, OrderingError> {
    let Json::Object(answers) = answers else {
        return Ok(Answers::default());
    };
    let is_secret = |key: &str| {
        form.field(key)
            .is_some_and(|field| field.kind == FieldKind::Secret)
    };
    let (secret, open): (Map<_, _>, Map<_, _>) = answers.into_iter().partition(|(key, _)| is_secret(key));
    let sealed = if secret.is_empty() {
        None
    } else {
        Some(core.cipher().seal(Json::Object(secret).to_string().as_bytes())?)
    };
    Ok(Answers {
        open: Json::Object(open),
        sealed,
    })
}
