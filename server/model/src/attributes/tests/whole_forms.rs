use proptest::prelude::*;
use serde_json::json;

use super::form;
use crate::attributes::{Field, FieldChoice, FieldKind, Schema, under};

fn schema() -> Schema {
    let cores = FieldKind::Integer {
        min: Some(1),
        max: Some(64),
        step: None,
        unit: Some("cores".into()),
    };
    let tools = FieldKind::MultipleChoice {
        choices: vec![
            FieldChoice::new("git", "Git"),
            FieldChoice::new("gcc", "GNU C compiler"),
        ],
        min_choices: None,
        max_choices: None,
    };
    Schema::new(vec![
        Field::new("name", "Name", FieldKind::string())
            .required()
            .section("General"),
        Field::new("cores", "Cores", cores).required().default_value(4),
        Field::new(
            "shell",
            "Shell",
            FieldKind::choice(&[("bash", "Bash"), ("other", "Another")]),
        )
        .default_value("bash"),
        Field::new("shell_path", "Path of the shell", FieldKind::string())
            .required()
            .visible_when("shell", "other"),
        Field::new("tools", "Tools", tools),
        Field::new("backup", "Backup", FieldKind::Boolean),
        Field::new("days", "Days to keep", FieldKind::integer(1, 365))
            .required()
            .visible_when("backup", "true"),
        Field::new("token", "Token", FieldKind::Secret),
        Field::new(
            "size",
            "Size",
            FieldKind::Decimal {
                min: None,
                max: None,
                step: None,
                unit: Some("TB".into()),
            },
        ),
        Field::new("until", "Until", FieldKind::Date { min: None, max: None }),
    ])
}

#[test]
fn all_faults_are_reported_at_once() {
    let sent = form(&[
        ("name", " "),
        ("cores", "100"),
        ("shell", "zsh"),
        ("hidden", "x"),
        ("until", "2025-02-30"),
    ]);
    let faults = schema().parse_form(&sent).unwrap_err();
    let shown: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (fault.path.as_str(), fault.code.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("name", "required"),
            ("cores", "out_of_range"),
            ("shell", "not_a_choice"),
            ("until", "not_a_date"),
            ("hidden", "unknown")
        ]
    );
    assert_eq!(faults[1].message, "Enter a whole number from 1 to 64 cores.");
    assert_eq!(under("attributes", faults)[0].path, "attributes.name");
}

#[test]
fn hidden_fields_are_neither_required_nor_kept() {
    let hidden = json!({"name": "n", "shell": "bash", "shell_path": "/bin/sh"});
    let values = schema().parse_json(&hidden).unwrap();
    assert_eq!(values.get("shell_path"), None);
    let shown = schema()
        .parse_json(&json!({"name": "n", "shell": "other"}))
        .unwrap_err();
    assert_eq!(
        (shown.len(), shown[0].path.as_str(), shown[0].code.as_str()),
        (1, "shell_path", "required")
    );
}

#[test]
fn json_takes_defaults_for_what_is_not_there_and_null_for_nothing() {
    let values = schema().parse_json(&json!({"name": "n"})).unwrap();
    assert_eq!(
        (values.integer("cores"), values.text("shell")),
        (Some(4), Some("bash"))
    );
    let refused = schema()
        .parse_json(&json!({"name": "n", "cores": null}))
        .unwrap_err();
    assert_eq!(
        (refused[0].path.as_str(), refused[0].code.as_str()),
        ("cores", "required")
    );
    assert_eq!(schema().defaults(), json!({"cores": 4, "shell": "bash"}));
    assert_eq!(schema().parse_json(&json!([])).unwrap_err()[0].code, "wrong_type");
}

#[test]
fn an_answer_does_not_carry_back_what_was_sent() {
    let huge: serde_json::Map<String, serde_json::Value> = (0..5_000)
        .map(|index| (format!("{index}{}", "k".repeat(1_000)), json!("v".repeat(1_000))))
        .collect();
    let faults = schema().parse_json(&huge.into()).unwrap_err();
    assert!(serde_json::to_string(&faults).unwrap().len() < 10_000);
}

#[test]
fn a_schema_that_was_stored_with_answers_open_to_change_is_still_read() {
    let stored = json!({"fields": [{"key": "n", "label": "N", "type": "boolean", "editable_later": true}]});
    let read: Schema = serde_json::from_value(stored).unwrap();
    assert_eq!(read, Schema::new(vec![Field::new("n", "N", FieldKind::Boolean)]));
    let sent = serde_json::to_value(&read).unwrap();
    assert_eq!(
        sent["fields"][0].get("editable_later"),
        None,
        "nothing can be changed later"
    );
}

#[test]
fn stored_values_are_shown_with_labels_and_units_and_without_secrets() {
    let stored = json!({"name": "n", "cores": 4, "shell": "other", "shell_path": "/bin/x", "tools": ["git", "gcc"],
        "backup": true, "token": "hunter2", "size": "1.5", "until": "2025-12-31"});
    let rows = schema().display(&stored);
    let texts: Vec<&str> = rows.iter().map(|row| row.text.as_str()).collect();
    assert_eq!(
        texts,
        [
            "n",
            "4 cores",
            "Another",
            "/bin/x",
            "Git, GNU C compiler",
            "Yes",
            "••••••••",
            "1.5 TB",
            "2025-12-31"
        ]
    );
    assert_eq!(rows[0].section.as_deref(), Some("General"));
    assert_eq!(schema().without_secrets(&stored).get("token"), None);
    assert_eq!(schema().display(&json!("not an object")), vec![]);
}

#[test]
fn answers_to_questions_that_are_gone_come_last_under_their_keys() {
    let stored = json!({"zone": "north", "name": "n", "racks": 3, "gone": null, "spare": true, "empty": "",
        "kinds": ["a", "b"], "token": "hunter2"});
    let rows = schema().display_all(&stored);
    let shown: Vec<_> = rows
        .iter()
        .map(|row| (row.label.as_str(), row.text.as_str()))
        .collect();
    let known = schema().display(&stored);
    assert_eq!(rows[..known.len()], known);
    assert_eq!(known.len(), 2, "its name, and dots");
    assert_eq!(
        shown[known.len()..],
        [
            ("kinds", "a, b"),
            ("racks", "3"),
            ("spare", "Yes"),
            ("zone", "north")
        ]
    );
    assert_eq!(Schema::default().display_all(&json!("not an object")), vec![]);
}

proptest! {
    #[test]
    fn values_survive_json_and_forms(
        name in "[a-zA-Zäöü][a-z ]{0,20}[a-z]", cores in 1_i64..=64, other: bool, backup: bool, days in 1_i64..=365,
        size in any::<i64>(), tools in proptest::sample::subsequence(vec!["git", "gcc"], 0..=2), secret in "[ -~]{1,20}"
    ) {
        let size = crate::fixed::Fixed::from_nanos(size).to_string();
        let sent = json!({"name": name, "cores": cores, "shell": if other { "other" } else { "bash" }, "shell_path": "/bin/x",
            "backup": backup, "days": days, "size": size, "tools": tools, "token": secret});
        let values = schema().parse_json(&sent).unwrap();
        prop_assert_eq!(&schema().parse_json(&values.to_json()).unwrap(), &values);
        prop_assert_eq!(&schema().parse_form(&values.to_form()).unwrap(), &values);
        prop_assert_eq!(values.integer("days").is_some(), backup);
    }
}
