//! What a person who means it would type into a field.

use std::time::SystemTime;

use chrono::{DateTime, Days, Utc};
use fastrand::Rng;

use super::{Field, Kind};
use crate::portal::PASSWORD;

/// A value that the field is meant for; none where nothing of it is sent.
pub(crate) fn plausible(field: &Field, rng: &mut Rng) -> Option<String> {
    let keeps = !field.value.is_empty() && rng.u8(..10) < 7;
    match field.kind {
        Kind::Hidden => Some(field.value.clone()),
        Kind::Tick => {
            (field.required || if keeps { field.sent } else { rng.bool() }).then(|| field.value.clone())
        }
        Kind::Choice if keeps && field.sent => Some(field.value.clone()),
        Kind::Choice => option(field, rng),
        Kind::Password => Some(PASSWORD.to_owned()),
        _ if keeps => Some(field.value.clone()),
        // What may be left out often is.
        _ if !field.required && rng.u8(..10) < 4 => Some(field.value.clone()),
        Kind::Number => Some(number(field, rng)),
        Kind::Date => Some(date(field, rng)),
        Kind::Email => Some(format!("person{}@example.org", rng.u32(..10_000))),
        Kind::Text => Some(text(&field.name, rng)),
    }
}

/// One of the options; an empty one only where there is no other.
fn option(field: &Field, rng: &mut Rng) -> Option<String> {
    let full: Vec<&String> = field.options.iter().filter(|option| !option.is_empty()).collect();
    rng.choice(full)
        .cloned()
        .or_else(|| field.sent.then(|| field.value.clone()))
}

fn number(field: &Field, rng: &mut Rng) -> String {
    let bound = |text: &Option<String>| text.as_ref().and_then(|text| text.parse::<f64>().ok());
    let least = bound(&field.min).unwrap_or(0.0);
    let most = bound(&field.max).unwrap_or(least + 20.0).max(least);
    let value = least + (most - least) * rng.f64() * rng.f64();
    format!("{value:.0}")
}

fn date(field: &Field, rng: &mut Rng) -> String {
    match &field.min {
        Some(min) if rng.bool() => min.clone(),
        _ => day_in(rng.u64(..400)),
    }
}

/// What a field of one line or more is for, by the end of its name.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Meant {
    Code,
    Email,
    Month,
    Date,
    Number,
    Tiers,
    Choices,
    Address,
    Words,
}

fn meant(name: &str) -> Meant {
    match name.rsplit(['.', '_']).next().unwrap_or(name) {
        "code" | "key" | "slug" | "username" | "id" | "revision" => Meant::Code,
        "email" => Meant::Email,
        "month" => Meant::Month,
        "date" | "from" | "until" => Meant::Date,
        "price" | "fee" | "min" | "max" | "step" | "default" | "factor" | "size" | "quantity" | "limit"
        | "months" | "days" => Meant::Number,
        "tiers" => Meant::Tiers,
        "choices" => Meant::Choices,
        "url" => Meant::Address,
        _ => Meant::Words,
    }
}

/// Whether whatever somebody types into the field is a good value.
pub(crate) fn takes_words(field: &Field) -> bool {
    field.kind == Kind::Text && meant(&field.name) == Meant::Words
}

fn text(name: &str, rng: &mut Rng) -> String {
    let some = rng.u32(..10_000);
    match meant(name) {
        Meant::Code => format!("c{some}"),
        Meant::Email => format!("person{some}@example.org"),
        Meant::Month => day_in(0).chars().take(7).collect(),
        Meant::Date => day_in(rng.u64(..400)),
        Meant::Number => rng.u32(..50).to_string(),
        Meant::Tiers => "10 2\nmore 1".to_owned(),
        Meant::Choices => "one One\ntwo Two".to_owned(),
        Meant::Address => format!("https://example.org/{some}"),
        Meant::Words => format!("Text {some}"),
    }
}

/// The day so many days from today, as `2026-11-27`.
fn day_in(days: u64) -> String {
    let today = DateTime::<Utc>::from(SystemTime::now()).date_naive();
    let day = today.checked_add_days(Days::new(days));
    day.unwrap_or_default().to_string()
}
