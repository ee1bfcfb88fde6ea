//! From what was sent (form texts or JSON) to a typed value. Says only "is it of this type"; bounds come after.

use chrono::NaiveDate;
use serde_json::Value as Json;

use super::bounds::{MOST_CHARACTERS, number_message};
use super::fault::Fault;
use super::{FieldKind, Value};
use crate::fixed::Fixed;

/// A value of a field from an HTML form. `None` where nothing was filled in.
pub(super) fn from_form(kind: &FieldKind, texts: &[String]) -> Result<Option<Value>, Fault> {
    match kind {
        // A checkbox that is not ticked is not sent; some forms send a hidden "false" before it.
        FieldKind::Boolean => boolean(texts.last().map_or("", String::as_str)).map(Some),
        FieldKind::MultipleChoice { .. } => Ok(non_empty(Value::Choices(filled(
            texts.iter().map(String::as_str),
        )))),
        FieldKind::List { .. } => Ok(non_empty(Value::List(filled(
            texts.iter().flat_map(|text| text.lines()),
        )))),
        _ => match texts {
            [] => Ok(None),
            [text] => single(kind, text),
            _ => Err(Fault::new("one_value", "Give one value.")),
        },
    }
}

/// A value of a field from JSON. `None` for `null` and for empty texts and lists.
pub(super) fn from_json(kind: &FieldKind, json: &Json) -> Result<Option<Value>, Fault> {
    if json.is_null() {
        return Ok(None);
    }
    let wrong_type = || Fault::new("wrong_type", type_message(kind));
    match kind {
        FieldKind::Boolean => json
            .as_bool()
            .map(|value| Some(Value::Boolean(value)))
            .ok_or_else(wrong_type),
        FieldKind::Integer { .. } => json
            .as_i64()
            .map(|value| Some(Value::Integer(value)))
            .ok_or_else(wrong_type),
        FieldKind::Decimal { .. } => match json {
            Json::Number(number) => single(kind, &number.to_string()),
            Json::String(text) => single(kind, text),
            _ => Err(wrong_type()),
        },
        FieldKind::MultipleChoice { .. } => Ok(non_empty(Value::Choices(filled(
            strings(json).ok_or_else(wrong_type)?.into_iter(),
        )))),
        FieldKind::List { .. } => Ok(non_empty(Value::List(filled(
            strings(json).ok_or_else(wrong_type)?.into_iter(),
        )))),
        _ => single(kind, json.as_str().ok_or_else(wrong_type)?),
    }
}

/// A value that is one text. Surrounding blanks are dropped, except from secrets.
fn single(kind: &FieldKind, text: &str) -> Result<Option<Value>, Fault> {
    if text.chars().nth(MOST_CHARACTERS).is_some() {
        return Err(Fault::new("too_long", "That is far too long."));
    }
    if *kind == FieldKind::Secret {
        return Ok(non_empty(Value::Secret(text.to_owned())));
    }
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let value = match kind {
        FieldKind::Integer { .. } => Value::Integer(integer(text).ok_or_else(|| not_a_number(kind))?),
        FieldKind::Decimal { .. } => {
            Value::Decimal(text.parse::<Fixed>().map_err(|_not_one| not_a_number(kind))?)
        }
        FieldKind::Date { .. } => Value::Date(date(text)?),
        FieldKind::Choice { .. } => Value::Choice(text.to_owned()),
        FieldKind::Text { .. } => Value::Text(text.replace("\r\n", "\n")),
        _ => Value::Text(text.to_owned()),
    };
    Ok(Some(value))
}

fn boolean(text: &str) -> Result<Value, Fault> {
    match text.trim() {
        "true" | "on" | "1" | "yes" => Ok(Value::Boolean(true)),
        "false" | "off" | "0" | "no" | "" => Ok(Value::Boolean(false)),
        _ => Err(Fault::new("wrong_type", type_message(&FieldKind::Boolean))),
    }
}

/// Digits with an optional minus; `+4`, `4.0` and `4e2` are not taken.
fn integer(text: &str) -> Option<i64> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    if plain { text.parse().ok() } else { None }
}

fn date(text: &str) -> Result<NaiveDate, Fault> {
    let example = "Enter a date as year-month-day, for example 2025-03-31.";
    let shaped = text.len() == 10
        && text.char_indices().all(|(index, c)| {
            if index == 4 || index == 7 {
                c == '-'
            } else {
                c.is_ascii_digit()
            }
        });
    if !shaped {
        return Err(Fault::new("not_a_date", example));
    }
    NaiveDate::parse_from_str(text, "%Y-%m-%d")
        .map_err(|_no_such_day| Fault::new("not_a_date", format!("That day does not exist. {example}")))
}

fn not_a_number(kind: &FieldKind) -> Fault {
    Fault::new("not_a_number", number_message(kind))
}

fn type_message(kind: &FieldKind) -> String {
    match kind {
        FieldKind::Boolean => "Give true or false.".into(),
        FieldKind::Integer { .. } | FieldKind::Decimal { .. } => number_message(kind),
        FieldKind::MultipleChoice { .. } | FieldKind::List { .. } => "Give a list of texts.".into(),
        _ => "Give a text.".into(),
    }
}

fn strings(json: &Json) -> Option<Vec<&str>> {
    json.as_array()?.iter().map(Json::as_str).collect()
}

fn filled<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<String> {
    texts
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .collect()
}

fn non_empty(value: Value) -> Option<Value> {
    if value.is_empty() { None } else { Some(value) }
}
