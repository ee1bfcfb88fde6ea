//! `server/tests/asvs.md` says of each requirement of OWASP ASVS 5.0.0, levels 1 and 2, whether the portal meets it. No
//! requirement is left out, each state has its reason, and the tests and files that are named are there.

use std::{fs, path::Path};

use crate::architecture::root;

/// The requirements of both levels: how many each section of each chapter has. They are numbered from 1; what level 3 adds
/// comes after them.
const REQUIREMENTS: [&[u8]; 17] = [
    &[2, 9, 11, 3, 2],
    &[3, 3, 4, 1],
    &[0, 2, 4, 6, 5, 0, 2],
    &[3, 1, 2, 4],
    &[1, 3, 2, 3],
    &[3, 12, 4, 4, 5, 3, 0, 4],
    &[3, 4, 2, 5, 2, 2],
    &[2, 3, 1, 1],
    &[3, 4],
    &[2, 2, 4, 11, 5, 2, 3],
    &[2, 3, 3, 4, 1, 1],
    &[3, 2, 4],
    &[1, 5, 2, 5],
    &[2, 4, 3],
    &[3, 3, 7],
    &[1, 5, 4, 3, 3],
    &[1, 4, 2],
];

/// A line of the table.
struct Row {
    number: String,
    topic: String,
    state: String,
    reason: String,
}

fn rows() -> Vec<Row> {
    let text = fs::read_to_string(root().join("server/tests/asvs.md")).unwrap();
    let lines = text.lines().skip_while(|line| !line.starts_with("| Number |"));
    lines
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split('|').map(str::trim).collect();
            let [number, topic, state, reason] = cells[..] else {
                panic!("four cells: {line}")
            };
            Row {
                number: number.to_owned(),
                topic: topic.to_owned(),
                state: state.to_owned(),
                reason: reason.to_owned(),
            }
        })
        .collect()
}

/// The tests (`file::name`) and files that a reason names.
fn places(reason: &str) -> Vec<&str> {
    let quoted = reason.split('`').skip(1).step_by(2);
    quoted.filter(|text| text.contains(['/', '.'])).collect()
}

/// What stands behind `later:`; empty where nothing does.
fn later(reason: &str) -> &str {
    reason.rsplit_once("; later: ").map_or("", |(_, later)| later)
}

#[test]
fn every_requirement_stands_in_the_table_once_and_in_order() {
    let mut expected = Vec::new();
    for (chapter, sections) in (1..).zip(REQUIREMENTS) {
        for (section, count) in (1..).zip(sections) {
            expected.extend((1..=*count).map(|number| format!("{chapter}.{section}.{number}")));
        }
    }
    assert_eq!(expected.len(), 253);
    let found: Vec<String> = rows().into_iter().map(|row| row.number).collect();
    assert_eq!(found, expected);
}

#[test]
fn every_state_is_one_of_three_and_has_its_reason() {
    for row in rows() {
        let (number, later) = (&row.number, later(&row.reason));
        let words = row.topic.split_whitespace().count();
        assert!((1..=10).contains(&words), "{number}: {}", row.topic);
        let is_step = |step: &str| step.parse::<u8>().is_ok();
        let is_right = match row.state.as_str() {
            "met" => !places(&row.reason).is_empty() && later.is_empty(),
            "not met" => later == "none" || later.split(", ").all(is_step),
            "not applicable" => !row.reason.is_empty() && later.is_empty(),
            other => panic!("{number}: {other} is no state"),
        };
        assert!(is_right, "{number}, {}: {}", row.state, row.reason);
    }
}

#[test]
fn every_test_and_file_that_the_table_names_is_there() {
    let mut missing = Vec::new();
    for row in rows() {
        for place in places(&row.reason) {
            let is_there = match place.split_once("::") {
                Some((file, name)) => is_test(&root().join(file), name),
                None => root().join(place).is_file(),
            };
            if !is_there {
                missing.push(format!("{}: {place}", row.number));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Whether a file has a test of this name: a function that is marked as one or stands in `both_engines!`, or a test of the
/// browser.
fn is_test(file: &Path, name: &str) -> bool {
    let Ok(text) = fs::read_to_string(file) else {
        return false;
    };
    if file.extension().is_some_and(|ending| ending == "ts") {
        return text.contains(&format!("test('{name}'"));
    }
    let lines: Vec<&str> = text.lines().collect();
    let head = format!("fn {name}(");
    let is_head = |line: &&str| line.trim_start().trim_start_matches("async ").starts_with(&head);
    let Some(at) = lines.iter().position(is_head) else {
        return false;
    };
    let above = || lines[..at].iter().rev();
    let is_marked = above()
        .take_while(|line| line.trim_start().starts_with("#["))
        .any(|line| line.contains("test]") || line.contains("test("));
    let around = above().find(|line| line.starts_with(|first: char| !first.is_whitespace()));
    is_marked || around.is_some_and(|line| line.starts_with("both_engines!"))
}

#[test]
fn a_test_is_told_from_a_function_and_from_nothing() {
    let here = root().join("server/tests/it/asvs.rs");
    assert!(is_test(&here, "every_state_is_one_of_three_and_has_its_reason"));
    assert!(!is_test(&here, "places"), "a function");
    assert!(!is_test(&here, "every_state"), "the beginning of a name");
    let on_both_engines = root().join("server/tests/it/security/tokens.rs");
    assert!(is_test(&on_both_engines, "a_session_is_no_token"));
    assert!(!is_test(&root().join("server/tests/it/nowhere.rs"), "places"));
}
