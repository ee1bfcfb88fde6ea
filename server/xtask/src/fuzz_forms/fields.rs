//! Filling in a form: mostly as it is meant, often with one thing that is not.

use fastrand::Rng;

use super::hostile;
use super::known::{Ids, is_id};
use crate::visit::{Field, Form, Kind, encoded, plausible};

/// A form on its way.
pub(super) struct Filled {
    pub(super) action: String,
    pub(super) is_post: bool,
    pub(super) body: String,
}

/// Fields as they are sent.
type Pairs = Vec<(String, String)>;

/// Fills in a form and chooses a button.
pub(super) fn fill(form: &Form, ids: &Ids, rng: &mut Rng) -> Filled {
    let hostile_field = rng.bool().then(|| rng.usize(..form.fields.len().max(1)));
    let mut pairs = Pairs::new();
    for (number, field) in form.fields.iter().enumerate() {
        let value = if hostile_field == Some(number) {
            Some(twist(field, ids, rng))
        } else {
            plausible(field, rng)
        };
        pairs.extend(value.map(|value| (field.name.clone(), value)));
    }
    let button = rng.choice(&form.buttons).cloned().unwrap_or_default();
    pairs.extend(button.pair);
    let broken = rng.u8(..100) < 8;
    if broken {
        break_up(&mut pairs, rng);
    }
    let mut body = encoded(&pairs);
    if broken && rng.u8(..8) == 0 {
        // No UTF-8.
        body.push_str("%ff");
    }
    Filled {
        action: button.action.unwrap_or_else(|| form.action.clone()),
        is_post: form.is_post,
        body,
    }
}

/// Another value than the field is meant for, which mostly still can be decoded.
fn twist(field: &Field, ids: &Ids, rng: &mut Rng) -> String {
    let other_id = |rng: &mut Rng| ids.any(rng).unwrap_or_default();
    match field.kind {
        _ if is_id(&field.value) && rng.u8(..12) > 0 => other_id(rng),
        _ if is_id(&field.value) => hostile::id(rng),
        Kind::Hidden if is_revision(&field.name) => revision(&field.value, rng),
        Kind::Number => hostile::number(rng),
        Kind::Date => hostile::date(rng),
        Kind::Choice if rng.bool() => other_id(rng),
        Kind::Hidden | Kind::Tick | Kind::Choice | Kind::Text | Kind::Email | Kind::Password => {
            hostile::text(rng)
        }
    }
}

fn is_revision(name: &str) -> bool {
    name.contains("revision") || name.contains("version")
}

fn revision(value: &str, rng: &mut Rng) -> String {
    let known: i64 = value.parse().unwrap_or_default();
    match rng.u8(..4) {
        0 => (known - 1).to_string(),
        1 => (known + 1).to_string(),
        _ => hostile::number(rng),
    }
}

/// Sends what no page of the portal sends: a field less, one more, one twice, a list, control characters.
fn break_up(pairs: &mut Pairs, rng: &mut Rng) {
    if pairs.is_empty() {
        return;
    }
    let place = rng.usize(..pairs.len());
    let Some(pair) = pairs.get(place).cloned() else {
        return;
    };
    match rng.u8(..6) {
        0 => drop(pairs.remove(place)),
        1 => pairs.push(("surprise".to_owned(), hostile::text(rng))),
        2 => pairs.push(pair),
        3 => {
            pairs.extend((0..rng.usize(..300)).map(|number| (format!("{}.{number}", pair.0), String::new())));
        }
        4 => pairs.push((format!("{}[]", pair.0), pair.1)),
        _ => pairs.push((pair.0, hostile::control(rng))),
    }
}

/// An address with something else in it: another's id, a parameter that is not what it is meant for.
pub(super) fn twist_address(address: &str, ids: &Ids, rng: &mut Rng) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    if rng.bool() && path.split('/').any(is_id) {
        let other = |part: &str, rng: &mut Rng| {
            let value = if rng.u8(..4) == 0 {
                hostile::text(rng)
            } else {
                ids.any(rng).unwrap_or_default()
            };
            if is_id(part) {
                path_part(&value)
            } else {
                part.to_owned()
            }
        };
        let parts: Vec<String> = path.split('/').map(|part| other(part, rng)).collect();
        return parts.join("/");
    }
    let mut pairs: Pairs = query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    let known = [
        "q",
        "cursor",
        "sort",
        "state",
        "page",
        "month",
        "plan",
        "from",
        "project",
        "organization",
        "next",
    ];
    let name = match rng.choice(&pairs) {
        Some((name, _)) if rng.bool() => name.clone(),
        _ => rng.choice(known).unwrap_or_default().to_owned(),
    };
    pairs.retain(|(one, _)| *one != name);
    let value = match rng.u8(..8) {
        0 => hostile::control(rng),
        1 => ids.any(rng).unwrap_or_default(),
        _ => hostile::text(rng).chars().take(1_500).collect(),
    };
    pairs.push((name, value));
    format!("{path}?{}", encoded(&pairs))
}

/// A value as a part of a path, which is not too long for an address.
pub(super) fn path_part(value: &str) -> String {
    let short: String = value.chars().take(500).collect();
    let pair = encoded(&[(String::new(), short)]);
    pair.trim_start_matches('=').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::visit::Page;

    #[test]
    fn a_form_is_filled_in_alike_by_the_same_seed_and_mostly_as_it_is_meant() {
        let html = r"<form method=post action=/fn/x><input type=hidden name=order value=0190aaaa-0000-7000-8000-000000000001>
            <input name=note required><button>Go</button><button name=v value=n formaction=/fn/y>No</button></form>";
        let form = Page::read(html).forms.remove(0);
        let filled = |seed| {
            let filled = fill(&form, &Ids::default(), &mut Rng::with_seed(seed));
            (filled.action, filled.body)
        };
        assert!((0..100).all(|seed| filled(seed) == filled(seed)));
        let meant = (0..100).filter(|seed| filled(*seed).1.contains("order=0190aaaa%2D0000"));
        assert!(meant.count() > 60);
        assert!((0..100).any(|seed| filled(seed).0 == "/fn/y"));
    }
}
