mod texts;

use model::{Condition, Field, FieldChoice, FieldFault, FieldKind, Problem};
use serde_json::Value as Json;

pub use self::texts::field_texts;
use super::FormReader;
use crate::{error::AppError, form::FormFields};

/// The types of field that a provider can put into a request form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldType {
    /// One line.
    String,
    /// Several lines.
    Text,
    /// A whole number.
    Integer,
    /// A number with decimals.
    Decimal,
    /// Yes or no.
    Boolean,
    /// One of several.
    Choice,
    /// Any of several.
    MultipleChoice,
    /// Free texts.
    List,
    /// A day.
    Date,
    /// A web address.
    Url,
    /// A public key.
    SshKey,
    /// A password or token.
    Secret,
}

impl FieldType {
    /// Every type with its name in forms and its name for people.
    pub const ALL: [(Self, &'static str, &'static str); 12] = [
        (Self::String, "string", "Line of text"),
        (Self::Text, "text", "Several lines of text"),
        (Self::Integer, "integer", "Whole number"),
        (Self::Decimal, "decimal", "Number with decimals"),
        (Self::Boolean, "boolean", "Yes or no"),
        (Self::Choice, "choice", "One of a list"),
        (Self::MultipleChoice, "multiple_choice", "Any of a list"),
        (Self::List, "list", "Several entries"),
        (Self::Date, "date", "Day"),
        (Self::Url, "url", "Web address"),
        (Self::SshKey, "ssh_key", "Public SSH key"),
        (Self::Secret, "secret", "Secret"),
    ];

    /// The name in forms.
    pub fn as_str(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(one, ..)| *one == self)
            .map_or("", |(_, name, _)| name)
    }

    /// The name for people.
    pub fn label(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(one, ..)| *one == self)
            .map_or("", |(.., label)| label)
    }

    /// The type with this name in forms.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(_, name, _)| *name == text)
            .map(|(one, ..)| *one)
    }

    /// The type of a field.
    pub fn of(kind: &FieldKind) -> Self {
        match kind {
            FieldKind::Boolean => Self::Boolean,
            FieldKind::String { .. } => Self::String,
            FieldKind::Text { .. } => Self::Text,
            FieldKind::Integer { .. } => Self::Integer,
            FieldKind::Decimal { .. } => Self::Decimal,
            FieldKind::Choice { .. } => Self::Choice,
            FieldKind::MultipleChoice { .. } => Self::MultipleChoice,
            FieldKind::List { .. } => Self::List,
            FieldKind::Date { .. } => Self::Date,
            FieldKind::Url => Self::Url,
            FieldKind::SshKey => Self::SshKey,
            FieldKind::Secret => Self::Secret,
        }
    }
}

/// The field that the form describes. `min` and `max` mean length, value, number of entries or day, as the type has it.
pub fn field_of(form: &FormFields) -> Result<Field, AppError> {
    let mut read = FormReader::new(form);
    let kind = read.one_of("type", FieldType::parse, FieldType::String);
    let kind = read_kind(kind, &mut read);
    let section = read.text("section");
    let field = Field {
        key: read.text("key"),
        label: read.text("label"),
        help: read.text("help"),
        section: Some(section).filter(|section| !section.is_empty()),
        required: form.is_on("required"),
        default: None,
        visible_when: condition(form),
        spelling: None,
        kind,
    };
    let field = read.done(field)?;
    let default = read_default(&field, form.text("default"))?;
    Ok(Field { default, ..field })
}

fn read_kind(kind: FieldType, read: &mut FormReader<'_>) -> FieldKind {
    let unit = Some(read.text("unit")).filter(|unit| !unit.is_empty());
    match kind {
        FieldType::Boolean => FieldKind::Boolean,
        FieldType::String => FieldKind::String {
            min_length: read.whole("min"),
            max_length: read.whole("max"),
        },
        FieldType::Text => FieldKind::Text {
            min_length: read.whole("min"),
            max_length: read.whole("max"),
        },
        FieldType::Integer => FieldKind::Integer {
            min: read.whole("min"),
            max: read.whole("max"),
            step: read.whole("step"),
            unit,
        },
        FieldType::Decimal => FieldKind::Decimal {
            min: read.number("min"),
            max: read.number("max"),
            step: read.number("step"),
            unit,
        },
        FieldType::Choice => FieldKind::Choice {
            choices: choices(&read.text("choices")),
        },
        FieldType::MultipleChoice => FieldKind::MultipleChoice {
            choices: choices(&read.text("choices")),
            min_choices: read.whole("min"),
            max_choices: read.whole("max"),
        },
        FieldType::List => FieldKind::List {
            min_items: read.whole("min"),
            max_items: read.whole("max"),
            max_length: None,
        },
        FieldType::Date => FieldKind::Date {
            min: read.day("min"),
            max: read.day("max"),
        },
        FieldType::Url => FieldKind::Url,
        FieldType::SshKey => FieldKind::SshKey,
        FieldType::Secret => FieldKind::Secret,
    }
}

/// `value: Label` on each line; a line without a colon is both.
fn choices(text: &str) -> Vec<FieldChoice> {
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let choice = |line: &str| match line.split_once(':') {
        Some((value, label)) => FieldChoice::new(value.trim(), label.trim()),
        None => FieldChoice::new(line, line),
    };
    lines.map(choice).collect()
}

fn condition(form: &FormFields) -> Option<Condition> {
    let field = form.text("when_field").to_owned();
    let values = form
        .text("when_values")
        .split(',')
        .map(str::trim)
        .filter(|value| !value.is_empty());
    let equals = values.map(str::to_owned).collect();
    (!field.is_empty()).then_some(Condition { field, equals })
}

/// The default as the JSON of a filled-in form would have it.
fn read_default(field: &Field, text: &str) -> Result<Option<Json>, AppError> {
    let unreadable = |message: &str| {
        Err(AppError(Problem::invalid(vec![FieldFault::at(
            "default",
            "unreadable",
            message,
        )])))
    };
    if text.is_empty() {
        return Ok(None);
    }
    let words = || {
        text.split(',')
            .map(str::trim)
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
    };
    Ok(Some(match &field.kind {
        FieldKind::Boolean => match text.to_lowercase().as_str() {
            "true" | "yes" | "on" | "1" => Json::from(true),
            "false" | "no" | "off" | "0" => Json::from(false),
            _ => return unreadable("Write yes or no."),
        },
        FieldKind::Integer { .. } => match text.parse::<i64>() {
            Ok(number) => Json::from(number),
            Err(_) => return unreadable("Enter a whole number."),
        },
        FieldKind::MultipleChoice { .. } | FieldKind::List { .. } => Json::from(words()),
        _ => Json::from(text),
    }))
}

#[cfg(test)]
mod tests;
