//! A text that may be left out, written in a view as whatever is at hand: `"words"`, a `String`, or an `Option` of either.

use leptos::{prelude::IntoRender, tachys::html::attribute::IntoAttributeValue};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OptionalText(pub Option<String>);

impl OptionalText {
    pub fn is_some(&self) -> bool {
        self.0.is_some()
    }

    pub fn map<T>(self, with: impl FnOnce(String) -> T) -> Option<T> {
        self.0.map(with)
    }
}

impl From<&str> for OptionalText {
    fn from(text: &str) -> Self {
        Self(Some(text.to_string()))
    }
}

impl From<String> for OptionalText {
    fn from(text: String) -> Self {
        Self(Some(text))
    }
}

impl From<&String> for OptionalText {
    fn from(text: &String) -> Self {
        Self(Some(text.clone()))
    }
}

impl From<Option<String>> for OptionalText {
    fn from(text: Option<String>) -> Self {
        Self(text)
    }
}

impl From<Option<&str>> for OptionalText {
    fn from(text: Option<&str>) -> Self {
        Self(text.map(String::from))
    }
}

impl From<OptionalText> for Option<String> {
    fn from(text: OptionalText) -> Self {
        text.0
    }
}

impl IntoAttributeValue for OptionalText {
    type Output = Option<String>;

    fn into_attribute_value(self) -> Self::Output {
        self.0
    }
}

impl IntoRender for OptionalText {
    type Output = Option<String>;

    fn into_render(self) -> Self::Output {
        self.0
    }
}
