//! The bounds of a typed value, and the sentences that name them.

use std::fmt::Display;

use super::fault::Fault;
use super::{FieldChoice, FieldKind, MOST_ITEMS, STRING_LENGTH, TEXT_LENGTH, Value, ssh_key, web_address};
use crate::fixed::Fixed;

/// No single text may be longer, whatever its field says.
pub(super) const MOST_CHARACTERS: usize = 100_000;
/// Longest secret, in characters.
const SECRET_LENGTH: u32 = 10_000;

/// Checks a value against its field's bounds; puts what was chosen into the order of the schema.
pub(super) fn check(kind: &FieldKind, value: Value) -> Result<Value, Fault> {
    match (kind, &value) {
        (
            FieldKind::String {
                min_length,
                max_length,
            },
            Value::Text(text),
        ) => {
            one_line(text)?;
            length(text, *min_length, max_length.unwrap_or(STRING_LENGTH))?;
        }
        (
            FieldKind::Text {
                min_length,
                max_length,
            },
            Value::Text(text),
        ) => {
            no_control(text, &['\n', '\t'])?;
            length(text, *min_length, max_length.unwrap_or(TEXT_LENGTH))?;
        }
        (FieldKind::Integer { min, max, step, .. }, Value::Integer(number)) => {
            range(kind, number, min.as_ref(), max.as_ref())?;
            step_fits(kind, (*number).into(), min.map(i128::from), step.map(i128::from))?;
        }
        (FieldKind::Decimal { min, max, step, .. }, Value::Decimal(number)) => {
            let nanos = |number: Fixed| i128::from(number.nanos());
            range(kind, number, min.as_ref(), max.as_ref())?;
            step_fits(kind, nanos(*number), min.map(nanos), step.map(nanos))?;
        }
        (FieldKind::Date { min, max }, Value::Date(date)) => range(kind, date, min.as_ref(), max.as_ref())?,
        (FieldKind::Choice { choices }, Value::Choice(chosen)) => known(choices, chosen)?,
        (
            FieldKind::MultipleChoice {
                choices,
                min_choices,
                max_choices,
            },
            Value::Choices(chosen),
        ) => {
            return several(choices, chosen, *min_choices, *max_choices);
        }
        (
            FieldKind::List {
                min_items,
                max_items,
                max_length,
            },
            Value::List(items),
        ) => {
            count(items.len(), *min_items, max_items.unwrap_or(MOST_ITEMS))?;
            items.iter().try_for_each(|item| {
                one_line(item)?;
                length(item, None, max_length.unwrap_or(STRING_LENGTH))
            })?;
        }
        (FieldKind::Url, Value::Text(text)) => web_address::check(text)?,
        (FieldKind::SshKey, Value::Text(text)) => ssh_key::check(text)?,
        (FieldKind::Secret, Value::Secret(text)) => {
            no_control(text, &['\n', '\r', '\t'])?;
            length(text, None, SECRET_LENGTH)?;
        }
        (FieldKind::Boolean, Value::Boolean(_)) => {}
        _ => return Err(Fault::new("wrong_type", "That is not a value for this field.")),
    }
    Ok(value)
}

/// "Enter a whole number from 1 to 64 cores in steps of 4." with as much of it as the field bounds.
pub(super) fn number_message(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Integer { min, max, step, unit } => sentence(
            "a whole number",
            min.as_ref(),
            max.as_ref(),
            step.as_ref(),
            unit.as_ref(),
        ),
        FieldKind::Decimal { min, max, step, unit } => sentence(
            "a number",
            min.as_ref(),
            max.as_ref(),
            step.as_ref(),
            unit.as_ref(),
        ),
        FieldKind::Date { min, max } => sentence("a date", min.as_ref(), max.as_ref(), None, None),
        _ => "Enter a value.".into(),
    }
}

fn sentence<T: Display>(
    what: &str,
    min: Option<&T>,
    max: Option<&T>,
    step: Option<&T>,
    unit: Option<&String>,
) -> String {
    let bounds = match (min, max) {
        (Some(min), Some(max)) => format!(" from {min} to {max}"),
        (Some(min), None) => format!(" of at least {min}"),
        (None, Some(max)) => format!(" of at most {max}"),
        (None, None) => String::new(),
    };
    let bounds = if what == "a date" {
        bounds
            .replace(" of at least ", " not before ")
            .replace(" of at most ", " not after ")
    } else {
        bounds
    };
    let unit = unit.filter(|unit| !unit.is_empty());
    let unit = match (unit, bounds.is_empty()) {
        (Some(unit), true) => format!(" in {unit}"),
        (Some(unit), false) => format!(" {unit}"),
        (None, _) => String::new(),
    };
    let steps = step
        .map(|step| format!(", in steps of {step}"))
        .unwrap_or_default();
    format!("Enter {what}{bounds}{unit}{steps}.")
}

fn range<T: PartialOrd>(kind: &FieldKind, value: &T, min: Option<&T>, max: Option<&T>) -> Result<(), Fault> {
    if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
        return Err(Fault::new("out_of_range", number_message(kind)));
    }
    Ok(())
}

fn step_fits(kind: &FieldKind, value: i128, min: Option<i128>, step: Option<i128>) -> Result<(), Fault> {
    let Some(step) = step.filter(|step| *step > 0) else {
        return Ok(());
    };
    if (value - min.unwrap_or(0)) % step == 0 {
        return Ok(());
    }
    Err(Fault::new("off_step", number_message(kind)))
}

/// Counts no further than it must, so that a huge text costs nothing.
fn length(text: &str, min: Option<u32>, max: u32) -> Result<(), Fault> {
    let reaches = |count: u32| {
        count == 0 || usize::try_from(count - 1).is_ok_and(|last| text.chars().nth(last).is_some())
    };
    if reaches(max.saturating_add(1)) {
        return Err(Fault::new(
            "too_long",
            format!("Use at most {}.", characters(max)),
        ));
    }
    match min.filter(|min| !reaches(*min)) {
        Some(min) => Err(Fault::new(
            "too_short",
            format!("Use at least {}.", characters(min)),
        )),
        None => Ok(()),
    }
}

fn characters(count: u32) -> String {
    crate::pricing::counted(count.into(), "character")
}

fn one_line(text: &str) -> Result<(), Fault> {
    if text.contains(['\n', '\r']) {
        return Err(Fault::new("several_lines", "Use one line only."));
    }
    no_control(text, &['\t'])
}

fn no_control(text: &str, except: &[char]) -> Result<(), Fault> {
    if text.chars().any(|c| c.is_control() && !except.contains(&c)) {
        return Err(Fault::new(
            "control_character",
            "Remove the invisible control characters; typing it anew helps.",
        ));
    }
    Ok(())
}

fn known(choices: &[FieldChoice], chosen: &str) -> Result<(), Fault> {
    if choices.iter().any(|choice| choice.value == chosen) {
        return Ok(());
    }
    Err(Fault::new(
        "not_a_choice",
        format!("Choose {}.", offered(choices)),
    ))
}

fn several(
    choices: &[FieldChoice],
    chosen: &[String],
    min: Option<u32>,
    max: Option<u32>,
) -> Result<Value, Fault> {
    chosen.iter().try_for_each(|value| known(choices, value))?;
    let ordered: Vec<String> = choices
        .iter()
        .filter(|choice| chosen.contains(&choice.value))
        .map(|choice| choice.value.clone())
        .collect();
    count(ordered.len(), min, max.unwrap_or(u32::MAX))?;
    Ok(Value::Choices(ordered))
}

/// The choices in words, the first few of many.
fn offered(choices: &[FieldChoice]) -> String {
    let labels: Vec<&str> = choices
        .iter()
        .take(6)
        .map(|choice| choice.label.as_str())
        .collect();
    match (labels.as_slice(), choices.len() > labels.len()) {
        ([], _) => "nothing: no choices are set up; tell the provider".into(),
        ([only], false) => (*only).into(),
        ([first @ .., last], false) => format!("{} or {last}", first.join(", ")),
        (some, true) => format!(
            "one of the {} offered, such as {}",
            choices.len(),
            some.join(", ")
        ),
    }
}

fn count(items: usize, min: Option<u32>, max: u32) -> Result<(), Fault> {
    let items = u32::try_from(items).unwrap_or(u32::MAX);
    if items > max {
        return Err(Fault::new("too_many", format!("Give at most {max}.")));
    }
    match min.filter(|min| items < *min) {
        Some(min) => Err(Fault::new("too_few", format!("Give at least {min}."))),
        None => Ok(()),
    }
}
