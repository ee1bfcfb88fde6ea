//! What a person who means it would type into a field.

use fastrand::Rng;

use super::day::day_in;
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

fn text(name: &str, rng: &mut Rng) -> String {
    let some = rng.u32(..10_000);
    let last = name.rsplit('.').next().unwrap_or(name);
    match last.split('_').next_back().unwrap_or(last) {
        "code" | "key" | "slug" | "username" => format!("c{some}"),
        "email" => format!("person{some}@example.org"),
        "month" => day_in(0).chars().take(7).collect(),
        "date" | "from" | "until" => day_in(rng.u64(..400)),
        "price" | "fee" | "min" | "max" | "step" | "default" | "factor" | "size" | "quantity" | "limit"
        | "months" | "days" => format!("{}", rng.u32(..50)),
        "tiers" => "10 2\nmore 1".to_owned(),
        "choices" => "one One\ntwo Two".to_owned(),
        "url" => format!("https://example.org/{some}"),
        _ => format!("Text {some}"),
    }
}
