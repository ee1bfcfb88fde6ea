//! Changing what is asked: by the request form, or by an action that the provider defined.

use std::mem::discriminant;

use model::{Field, OfferingId, Schema};

use super::{invalid, load_offering, own_actions, revision, shift, with_part};
use crate::{
    error::AppError,
    form::FormFields,
    offering_form::Questions,
    ssr::{actor, domain},
};

/// The page of the builder whose questions the form changes.
pub fn page(form: &FormFields) -> String {
    let id = form.text("offering").parse::<OfferingId>();
    id.map_or_else(
        |_no_id| "/".to_owned(),
        |id| Questions::named(form.text("action")).page(id),
    )
}

/// The same, with the question that the form changes.
pub fn part_page(form: &FormFields) -> String {
    with_part(page(form), "field", form.text("field"))
}

/// Changes the questions that `form` is about. The faults of the one that was changed stand at the builder's fields.
pub async fn change(
    wanted: OfferingId,
    form: &FormFields,
    change: impl FnOnce(&mut Vec<Field>) -> Option<usize>,
) -> Result<(), AppError> {
    let who = actor()?;
    let mut offering = load_offering(&who, wanted).await?;
    let (id, revision) = (offering.summary.id, revision(form));
    let gone = || invalid("key", "The form has changed meanwhile. Look at it again.");
    match Questions::named(form.text("action")) {
        Questions::RequestForm => {
            let mut fields = offering.request_form.fields;
            let changed = change(&mut fields).ok_or_else(gone)?;
            let stored = domain()?
                .catalogue()
                .set_request_form(&who, id, &Schema::new(fields), revision)
                .await;
            stored
                .map(drop)
                .map_err(|error| at_builder(error.into(), "request_form", changed))
        }
        Questions::OfAction(key) => {
            let place = offering.actions.iter().position(|action| action.key == key);
            let at = place.ok_or_else(own_actions::gone)?;
            let action = offering.actions.get_mut(at).ok_or_else(own_actions::gone)?;
            let changed = change(&mut action.input.fields).ok_or_else(gone)?;
            let stored = own_actions::store((&who, id, revision), offering.actions).await;
            stored.map_err(|error| at_builder(error, &format!("actions.{at}.input"), changed))
        }
    }
}

/// Puts the field in the place of the one with this key, or at the end. Answers where it stands.
pub fn put_field(fields: &mut Vec<Field>, replaced: &str, field: Field) -> Option<usize> {
    match fields.iter().position(|one| one.key == replaced) {
        Some(at) => fields.get_mut(at).map(|place| {
            // Which the builder does not show, so it keeps it, where it still says something.
            let same = discriminant(&place.kind) == discriminant(&field.kind);
            let spelling = place.spelling.filter(|_| same);
            *place = Field { spelling, ..field };
            at
        }),
        None => {
            fields.push(field);
            fields.len().checked_sub(1)
        }
    }
}

/// Exchanges the field with the one above or below it; at an end it stays.
pub fn move_field(fields: &mut [Field], key: &str, up: bool) -> Option<usize> {
    let at = fields.iter().position(|one| one.key == key)?;
    Some(shift(fields, at, up))
}

/// Takes the field out.
pub fn remove_field(fields: &mut Vec<Field>, key: &str) -> Option<usize> {
    let at = fields.iter().position(|one| one.key == key)?;
    fields.remove(at);
    Some(at)
}

/// `request_form.fields.2.default` is the builder's `default`, when field 2 of what stands `within` was changed; a fault of
/// another field, such as one whose condition now names a field behind it, names that field. What is wrong with all of it
/// has no field of its own.
fn at_builder(error: AppError, within: &str, changed: usize) -> AppError {
    let AppError(mut problem) = error;
    for fault in &mut problem.fields {
        let place = fault
            .path
            .strip_prefix(within)
            .and_then(|rest| rest.strip_prefix(".fields."))
            .and_then(|rest| rest.split_once('.'))
            .and_then(|(index, place)| Some((index.parse::<usize>().ok()?, place)));
        let path = match place {
            Some((index, "visible_when")) if index == changed => "when_field",
            Some((index, "max_length")) if index == changed => "max",
            Some((index, place)) if index == changed => place,
            Some((index, _)) => {
                fault.message = format!("Field {}: {}", index.saturating_add(1), fault.message);
                ""
            }
            None if fault.code == "secret" => "type",
            None => "",
        };
        fault.path = path.to_owned();
    }
    AppError(problem)
}

#[cfg(test)]
mod tests {
    use model::{FieldFault, FieldKind, Problem};

    use super::*;

    fn fields() -> Vec<Field> {
        ["a", "b", "c"]
            .map(|key| Field::new(key, key, FieldKind::Boolean))
            .to_vec()
    }

    fn keys(fields: &[Field]) -> String {
        fields.iter().map(|field| field.key.as_str()).collect()
    }

    #[test]
    fn fields_are_moved_put_and_taken_out() {
        let mut all = fields();
        assert_eq!(move_field(&mut all, "c", true), Some(1));
        assert_eq!(
            (move_field(&mut all, "a", true), keys(&all).as_str()),
            (Some(0), "acb")
        );
        assert_eq!(
            put_field(&mut all, "c", Field::new("d", "d", FieldKind::Url)),
            Some(1)
        );
        assert_eq!(
            put_field(&mut all, "", Field::new("e", "e", FieldKind::Url)),
            Some(3)
        );
        assert_eq!(remove_field(&mut all, "a"), Some(0));
        assert_eq!((keys(&all).as_str(), remove_field(&mut all, "x")), ("dbe", None));
    }

    #[test]
    fn faults_stand_where_they_can_be_mended() {
        for within in ["request_form", "actions.3.input"] {
            let fault = |path: &str, code: &str| FieldFault::at(format!("{within}{path}"), code, "Wrong.");
            let faults = vec![
                fault(".fields.1.visible_when", "x"),
                fault("", "secret"),
                fault(".fields.0.key", "x"),
                fault("", "too_long"),
            ];
            let AppError(problem) = at_builder(AppError(Problem::invalid(faults)), within, 1);
            let told = problem
                .fields
                .iter()
                .map(|fault| (fault.path.as_str(), fault.message.as_str()));
            let wanted = [
                ("when_field", "Wrong."),
                ("type", "Wrong."),
                ("", "Field 1: Wrong."),
                ("", "Wrong."),
            ];
            assert_eq!(told.collect::<Vec<_>>(), wanted);
        }
    }
}
