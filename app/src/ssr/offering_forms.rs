//! What the forms of providers share: finding the offering that a form is about, and changing what it asks and can do.

pub mod own_actions;
pub mod questions;

use domain::{access::Actor, catalogue::PluginChoice};
use model::{FieldFault, OfferingDetail, OfferingId, Problem};

use super::{domain, id, plugins};
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
    with_part(step_page(form, page), parameter, form.text(field))
}

fn with_part(page: String, parameter: &str, part: &str) -> String {
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

fn invalid(path: &str, message: &str) -> AppError {
    AppError(Problem::invalid(vec![FieldFault::at(path, "invalid", message)]))
}

/// Exchanges what stands at this place with its neighbour above or below; at an end it stays. Answers where it stands then.
fn shift<T>(all: &mut [T], at: usize, up: bool) -> usize {
    let to = if up {
        at.checked_sub(1)
    } else {
        at.checked_add(1).filter(|to| *to < all.len())
    };
    let Some(to) = to else { return at };
    all.swap(at, to);
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn audiences_are_words() {
        assert_eq!(
            split_words("Pohjala, ravensburg\n kyiv-data "),
            ["pohjala", "ravensburg", "kyiv-data"]
        );
    }

    #[test]
    fn what_is_at_an_end_stays_there() {
        let mut all = ['a', 'b', 'c'];
        assert_eq!((shift(&mut all, 0, true), shift(&mut all, 2, false)), (0, 2));
        assert_eq!((shift(&mut all, 2, true), all), (1, ['a', 'c', 'b']));
    }
}
