//! What a person typed into a form, by field name. Fields may repeat (check boxes), so each name has a list.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The hidden field in which a form names its secret fields, so that nothing of them is kept when it is shown again.
pub const SECRET_FIELDS: &str = "secret_fields";

/// The fields of a posted form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FormFields(pub BTreeMap<String, Vec<String>>);

impl FormFields {
    /// The first value of `name`, trimmed; empty when it was not sent.
    pub fn text(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map_or("", |value| value.trim())
    }

    /// The first value of `name` as it was typed, for passwords.
    pub fn raw(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|values| values.first())
            .map_or("", String::as_str)
    }

    /// All values of `name`.
    pub fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Whether a check box was ticked.
    pub fn is_on(&self, name: &str) -> bool {
        matches!(self.text(name), "true" | "on" | "1")
    }

    /// Whether the field was sent at all.
    pub fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The fields whose names begin with `prefix.`, under the rest of their names: `limits.cpu` as `cpu`.
    pub fn under(&self, prefix: &str) -> BTreeMap<String, Vec<String>> {
        let fields = self.0.iter();
        fields
            .filter_map(|(name, values)| {
                let rest = name.strip_prefix(prefix)?.strip_prefix('.')?;
                Some((rest.to_owned(), values.clone()))
            })
            .collect()
    }
}

/// One refused field and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

impl FromIterator<(String, String)> for FormFields {
    fn from_iter<I: IntoIterator<Item = (String, String)>>(pairs: I) -> Self {
        let mut fields = BTreeMap::<String, Vec<String>>::new();
        for (name, value) in pairs {
            fields.entry(name).or_default().push(value);
        }
        Self(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_repeat_and_nest() {
        let pairs = [
            ("limits.cpu", "4"),
            ("tags", "a"),
            ("tags", "b"),
            ("agree", "on"),
            ("limitsx", "1"),
        ];
        let form: FormFields = pairs
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .collect();
        assert_eq!(
            form.under("limits"),
            BTreeMap::from([("cpu".to_owned(), vec!["4".to_owned()])])
        );
        assert_eq!(form.all("tags").len(), 2);
        assert!(form.is_on("agree") && !form.is_on("absent"));
    }
}
