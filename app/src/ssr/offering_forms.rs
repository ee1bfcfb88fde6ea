//! What the forms of providers share: finding the offering that a form is about, and changing its request form.

use std::mem::discriminant;

use domain::{access::Actor, catalogue::PluginChoice};
use model::{Field, FieldFault, OfferingDetail, OfferingId, Problem, Schema};

use super::{actor, domain, id, plugins};
use crate::{error::AppError, form::FormFields, routes};

/// The offering, for somebody who works for its provider. To others it is not there, even where they see it as buyers.
pub async fn load_offering(actor: &Actor, wanted: OfferingId) -> Result<OfferingDetail, AppError> {
    let offering = domain()?
        .catalogue()
        .offering(Some(actor), &wanted.to_string())
        .await?;
    // Only its provider is told what is missing.
    if offering.readiness.is_empty() {
        Err(AppError::not_found())
    } else {
        Ok(offering)
    }
}

/// The page of a step of the offering that a form is about. Only an id leads there.
pub fn step_page(form: &FormFields, step: &str) -> String {
    let id = form.text("offering").parse::<OfferingId>();
    id.map_or_else(|_no_id| "/".to_owned(), |id| routes::offering_step(id, step))
}

/// As [`step_page`], with the part of the offering that the form changes: the parameter of the address, and the field that names
/// it. So forms about two parts stand on two pages.
pub fn step_part_page(form: &FormFields, page: &str, (parameter, field): (&str, &str)) -> String {
    let (page, part) = (step_page(form, page), form.text(field));
    if part.is_empty() || page == "/" {
        page
    } else {
        format!("{page}?{parameter}={}", crate::address::encode(part))
    }
}

/// The revision that a form was drawn from; zero, which is never current, when it is missing.
pub fn revision(form: &FormFields) -> i32 {
    form.text("revision").parse().unwrap_or_default()
}

/// An id that a form may leave out.
pub fn optional_id<T: std::str::FromStr>(form: &FormFields, name: &str) -> Result<Option<T>, AppError> {
    let text = form.text(name);
    if text.is_empty() {
        Ok(None)
    } else {
        id(text).map(Some)
    }
}

/// Words separated by blanks, commas or line ends.
pub fn split_words(text: &str) -> Vec<String> {
    let parts = text.split(|letter: char| letter.is_whitespace() || letter == ',');
    parts
        .filter(|part| !part.is_empty())
        .map(str::to_lowercase)
        .collect()
}

/// The plugin of this kind.
pub fn plugin_choice(kind: &str) -> Result<PluginChoice, AppError> {
    let known = plugins()?;
    let facts = known.iter().find(|facts| facts.kind == kind);
    let facts = facts.ok_or_else(|| invalid("plugin", "Choose how it is provisioned."))?;
    Ok(facts.into())
}

/// Faults of prices at the fields of the form: the price, or the tiers where these were at fault.
pub fn price_faults(error: AppError) -> AppError {
    let AppError(mut problem) = error;
    for fault in &mut problem.fields {
        if let Some(code) = fault.path.strip_prefix("prices.") {
            fault.path = format!("price.{code}");
        }
    }
    AppError(problem)
}

/// The fault of a price at the field of the form in which it is written.
pub fn scheme_faults(error: AppError, component: &str) -> AppError {
    let AppError(mut problem) = error;
    for fault in problem.fields.iter_mut().filter(|fault| fault.path == "scheme") {
        fault.path = format!("price.{component}");
    }
    AppError(problem)
}

/// Changes the fields of the request form of the offering that `form` is about. The faults of the field that was changed
/// stand at the builder's fields.
pub async fn change_request_form(
    wanted: OfferingId,
    form: &FormFields,
    change: impl FnOnce(&mut Vec<Field>) -> Option<usize>,
) -> Result<(), AppError> {
    let who = actor()?;
    let offering = load_offering(&who, wanted).await?;
    let mut fields = offering.request_form.fields;
    let Some(changed) = change(&mut fields) else {
        return Err(invalid(
            "key",
            "The form has changed meanwhile. Look at it again.",
        ));
    };
    let (schema, id) = (Schema::new(fields), offering.summary.id);
    let stored = domain()?
        .catalogue()
        .set_request_form(&who, id, &schema, revision(form))
        .await;
    stored
        .map(drop)
        .map_err(|error| at_builder(error.into(), changed))
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
    let to = if up {
        at.checked_sub(1)
    } else {
        at.checked_add(1).filter(|to| *to < fields.len())
    };
    let Some(to) = to else { return Some(at) };
    fields.swap(at, to);
    Some(to)
}

/// Takes the field out.
pub fn remove_field(fields: &mut Vec<Field>, key: &str) -> Option<usize> {
    let at = fields.iter().position(|one| one.key == key)?;
    fields.remove(at);
    Some(at)
}

/// `request_form.fields.2.default` is the builder's `default`, when field 2 was changed; a fault of another field, such as
/// one whose condition now names a field behind it, names that field.
fn at_builder(error: AppError, changed: usize) -> AppError {
    let AppError(mut problem) = error;
    for fault in &mut problem.fields {
        let Some(rest) = fault.path.strip_prefix("request_form.fields.") else {
            continue;
        };
        let Some((index, place)) = rest.split_once('.') else {
            continue;
        };
        if index.parse() == Ok(changed) {
            fault.path = match place {
                "visible_when" => "when_field",
                "max_length" => "max",
                place => place,
            }
            .to_owned();
        } else if let Ok(index) = index.parse::<usize>() {
            fault.message = format!("Field {}: {}", index.saturating_add(1), fault.message);
        }
    }
    AppError(problem)
}

fn invalid(path: &str, message: &str) -> AppError {
    AppError(Problem::invalid(vec![FieldFault::at(path, "invalid", message)]))
}

#[cfg(test)]
mod tests {
    use model::FieldKind;

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
        let fault = |path: &str| FieldFault::at(path, "x", "Wrong.");
        let faults = vec![
            fault("request_form.fields.1.visible_when"),
            fault("request_form.fields.0.key"),
        ];
        let AppError(problem) = at_builder(AppError(Problem::invalid(faults)), 1);
        assert_eq!(problem.message_for("when_field"), Some("Wrong."));
        assert_eq!(problem.fields.last().unwrap().message, "Field 1: Wrong.");
    }

    #[test]
    fn audiences_are_words() {
        assert_eq!(
            split_words("Pohjala, ravensburg\n kyiv-data "),
            ["pohjala", "ravensburg", "kyiv-data"]
        );
    }
}
