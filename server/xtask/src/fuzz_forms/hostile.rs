//! What nobody means to type, and programs send.

use fastrand::Rng;
use serde_json::{Value, json};

use crate::visit::PLANTED;

const NUMBERS: [&str; 24] = [
    "-1",
    "0",
    "-0",
    "1e400",
    "1e-400",
    "NaN",
    "Infinity",
    "-Infinity",
    "0x10",
    "1_000",
    "1,5",
    "1 000",
    "+5",
    "٣٤",
    "９",
    "999999999999999999999999999999",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "0.0000000001",
    "0.000000001",
    "79228162514264337593543950335",
    "9999999999",
    "1.",
];
const DATES: [&str; 12] = [
    "0000-00-00",
    "9999-12-31",
    "10000-01-01",
    "-0001-01-01",
    "2027-02-30",
    "1900-01-01",
    "2027-1-1",
    "27-01-01",
    "2027-13-01",
    "2027-01-01T00:00:00Z",
    "0001-01",
    "262143-12-31",
];
const TEXTS: [&str; 22] = [
    " ",
    "\u{202e}txet",
    "\u{200b}",
    "\u{feff}",
    "a\u{0301}\u{0301}\u{0301}",
    "👩‍👩‍👧‍👦",
    "\u{10ffff}",
    "ß",
    "İ",
    "ﷺ",
    "%s%n{0}{{x}}",
    "'; DROP TABLE users; --",
    "../../../../etc/passwd",
    "http://169.254.169.254/latest/meta-data",
    "a\r\nSet-Cookie: x=y",
    "\t",
    "\n\n\n",
    "-lab",
    "null",
    "undefined",
    "true",
    "\\",
];
/// What controls devices or ends texts of C.
const CONTROLS: [&str; 5] = ["a\0b", "\u{1}", "\u{7f}", "\u{85}", "\u{1b}[2J"];
const IDS: [&str; 6] = [
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "0190aaaa-0000-7000-8000-000000000001",
    "1",
    "",
    "0190AAAA000070008000000000000001",
];

fn one(all: &[&str], rng: &mut Rng) -> String {
    rng.choice(all).copied().unwrap_or_default().to_owned()
}

/// A text of any hostile kind, without control characters: those are refused before anything is decoded.
pub(super) fn text(rng: &mut Rng) -> String {
    match rng.u8(..16) {
        0..=3 => one(&PLANTED, rng),
        4..=6 => one(&TEXTS, rng),
        7..=9 => one(&NUMBERS, rng),
        10 => one(&DATES, rng),
        11 => String::new(),
        12 => one(&IDS, rng),
        13 => "x".repeat(rng.usize(90..400)),
        14 => one(&TEXTS, rng).repeat(rng.usize(1..300)),
        _ => one(&[">", "[", "`", "|", "#"], rng).repeat(rng.usize(1..30_000)),
    }
}

pub(super) fn number(rng: &mut Rng) -> String {
    one(&NUMBERS, rng)
}

pub(super) fn date(rng: &mut Rng) -> String {
    one(&DATES, rng)
}

pub(super) fn control(rng: &mut Rng) -> String {
    one(&CONTROLS, rng)
}

pub(super) fn id(rng: &mut Rng) -> String {
    one(&IDS, rng)
}

/// A value of JSON in the place of another.
pub(super) fn json(rng: &mut Rng) -> Value {
    match rng.u8(..12) {
        0 => Value::Null,
        1 => json!(rng.i64(..)),
        2 => json!(-0.0),
        3 => json!(1e308),
        4 => json!([]),
        5 => json!({}),
        6 => json!(true),
        7 => json!([[text(rng)]]),
        8 => json!({ "id": id(rng), text(rng): text(rng) }),
        9 => json!(control(rng)),
        _ => json!(text(rng)),
    }
}
