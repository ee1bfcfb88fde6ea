//! Addresses of lists: a path and its parameters, with one parameter more or less. Every filter lives in the address, so that
//! a list can be kept, shared and gone back to.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::form::FormFields;

/// What stays readable in a parameter.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A text as it stands in an address.
pub fn encode(text: &str) -> String {
    utf8_percent_encode(text, PLAIN).to_string()
}

/// The address with the project that something is looked for, so that the order form begins with it.
pub fn for_project(href: String, project: &str) -> String {
    if project.is_empty() {
        href
    } else {
        format!("{href}?project={}", encode(project))
    }
}

/// The path with these parameters; empty ones are left out.
pub fn address(path: &str, fields: &FormFields) -> String {
    let pairs = fields
        .0
        .iter()
        .flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
    let query: Vec<String> = pairs
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    if query.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", query.join("&"))
    }
}

/// The parameters with `name` set to `value` alone, on the first page of the list.
#[must_use]
pub fn with(fields: &FormFields, name: &str, value: &str) -> FormFields {
    let mut fields = first_page(fields);
    fields.0.insert(name.to_owned(), vec![value.to_owned()]);
    fields
}

/// The parameters without one value of `name`, on the first page of the list.
#[must_use]
pub fn without(fields: &FormFields, name: &str, value: &str) -> FormFields {
    let mut fields = first_page(fields);
    if let Some(values) = fields.0.get_mut(name) {
        values.retain(|one| one != value);
    }
    fields
}

/// A narrower or wider list starts again: a cursor of the list before leads nowhere in it.
fn first_page(fields: &FormFields) -> FormFields {
    let kept = fields.0.iter().filter(|(name, _)| *name != "cursor");
    FormFields(
        kept.map(|(name, values)| (name.clone(), values.clone()))
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(pairs: &[(&str, &str)]) -> FormFields {
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect()
    }

    #[test]
    fn an_address_carries_every_filter_and_escapes_it() {
        let fields = fields(&[
            ("q", "gpu & ü"),
            ("f.os", "debian"),
            ("f.os", "rocky"),
            ("category", ""),
        ]);
        assert_eq!(
            address("/marketplace", &fields),
            "/marketplace?f.os=debian&f.os=rocky&q=gpu%20%26%20%C3%BC"
        );
    }

    #[test]
    fn changing_a_filter_goes_back_to_the_first_page() {
        let fields = fields(&[
            ("q", "gpu"),
            ("f.os", "debian"),
            ("f.os", "rocky"),
            ("cursor", "abc"),
        ]);
        assert_eq!(
            address("/m", &without(&fields, "f.os", "rocky")),
            "/m?f.os=debian&q=gpu"
        );
        assert_eq!(
            address("/m", &with(&fields, "q", "cpu")),
            "/m?f.os=debian&f.os=rocky&q=cpu"
        );
    }
}
