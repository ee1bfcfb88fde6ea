use serde_json::json;

use crate::attributes::{Condition, Field, FieldChoice, FieldKind, Schema};

fn faults(fields: Vec<Field>) -> Vec<String> {
    let faults = Schema::new(fields).validate().err().unwrap_or_default();
    faults
        .iter()
        .map(|fault| format!("{} {}", fault.path, fault.code))
        .collect()
}

fn field(kind: FieldKind) -> Field {
    Field::new("it", "It", kind)
}

#[test]
fn a_sound_schema_passes() {
    let sound = vec![
        Field::new("kind", "Kind", FieldKind::choice(&[("a", "A"), ("b", "B")]))
            .required()
            .default_value("a"),
        Field::new("size_2", "Size", FieldKind::integer(1, 4))
            .visible_when("kind", "b")
            .default_value(2),
        Field::new("on", "On", FieldKind::Boolean),
        Field::new("key", "Key", FieldKind::SshKey).visible_when("on", "true"),
        Field::new("password", "Password", FieldKind::Secret),
    ];
    assert_eq!(faults(sound), Vec::<String>::new());
}

#[test]
fn keys_are_identifiers_and_unique() {
    for key in [
        "",
        "Name",
        "1st",
        "with space",
        "with-dash",
        "ä",
        "_x",
        &"k".repeat(51),
    ] {
        assert_eq!(
            faults(vec![Field::new(key, "It", FieldKind::Boolean)]),
            ["fields.0.key invalid_key"],
            "{key}"
        );
    }
    assert_eq!(
        faults(vec![field(FieldKind::Boolean), field(FieldKind::Url)]),
        ["fields.1.key duplicate"]
    );
    assert_eq!(
        faults(vec![Field::new("it", " ", FieldKind::Boolean)]),
        ["fields.0.label required"]
    );
}

#[test]
fn bounds_must_leave_something() {
    let bad = [
        (FieldKind::integer(5, 4), "min bounds"),
        (
            FieldKind::Integer {
                min: None,
                max: None,
                step: Some(0),
                unit: None,
            },
            "step out_of_range",
        ),
        (
            FieldKind::Decimal {
                min: None,
                max: None,
                step: Some((-1).into()),
                unit: None,
            },
            "step out_of_range",
        ),
        (
            FieldKind::String {
                min_length: Some(9),
                max_length: Some(8),
            },
            "min bounds",
        ),
        (
            FieldKind::Text {
                min_length: None,
                max_length: Some(0),
            },
            "max_length out_of_range",
        ),
        (
            FieldKind::Text {
                min_length: None,
                max_length: Some(1_000_000),
            },
            "max_length out_of_range",
        ),
        (
            FieldKind::Date {
                min: "2025-01-02".parse().ok(),
                max: "2025-01-01".parse().ok(),
            },
            "min bounds",
        ),
        (
            FieldKind::List {
                min_items: Some(3),
                max_items: Some(2),
                max_length: None,
            },
            "min bounds",
        ),
    ];
    for (kind, expected) in bad {
        assert_eq!(faults(vec![field(kind)]), [format!("fields.0.{expected}")]);
    }
}

#[test]
fn choices_are_there_and_differ() {
    let choices = |pairs: &[(&str, &str)]| faults(vec![field(FieldKind::choice(pairs))]);
    assert_eq!(choices(&[]), ["fields.0.choices required"]);
    assert_eq!(choices(&[("a", "A"), ("a", "B")]), ["fields.0.choices duplicate"]);
    assert_eq!(choices(&[("", "None")]), ["fields.0.choices required"]);
    assert_eq!(choices(&[("a", " ")]), ["fields.0.choices required"]);
    let many = (0..1_001)
        .map(|index| FieldChoice::new(index.to_string(), "x"))
        .collect();
    assert_eq!(
        faults(vec![field(FieldKind::Choice { choices: many })]),
        ["fields.0.choices too_many"]
    );
}

#[test]
fn a_default_must_be_a_value_that_could_be_sent() {
    assert_eq!(
        faults(vec![field(FieldKind::integer(1, 4)).default_value(5)]),
        ["fields.0.default out_of_range"]
    );
    assert_eq!(
        faults(vec![field(FieldKind::integer(1, 4)).default_value("2")]),
        ["fields.0.default wrong_type"]
    );
    assert_eq!(
        faults(vec![field(FieldKind::choice(&[("a", "A")])).default_value("b")]),
        ["fields.0.default not_a_choice"]
    );
    assert_eq!(
        faults(vec![field(FieldKind::Secret).default_value("x")]),
        ["fields.0.default secret"]
    );
}

#[test]
fn a_condition_looks_at_an_earlier_field_and_can_come_true() {
    let choice = || Field::new("kind", "Kind", FieldKind::choice(&[("a", "A")]));
    let on = |field: &str, value: &str| Field::new("it", "It", FieldKind::Boolean).visible_when(field, value);
    assert_eq!(
        faults(vec![on("kind", "a"), choice()]),
        ["fields.0.visible_when unknown"]
    );
    assert_eq!(faults(vec![on("it", "true")]), ["fields.0.visible_when unknown"]);
    assert_eq!(
        faults(vec![choice(), on("kind", "b")]),
        ["fields.1.visible_when impossible"]
    );
    assert_eq!(
        faults(vec![Field::new("s", "S", FieldKind::Secret), on("s", "x")]),
        ["fields.1.visible_when secret"]
    );
    let nothing = Field {
        visible_when: Some(Condition {
            field: "kind".into(),
            equals: vec![],
        }),
        ..on("kind", "a")
    };
    assert_eq!(
        faults(vec![choice(), nothing]),
        ["fields.1.visible_when impossible"]
    );
}

#[test]
fn a_schema_keeps_its_shape_in_json() {
    let json = json!({"fields": [
        {"key": "cores", "label": "Cores", "type": "integer", "min": 1, "max": 64, "required": true},
        {"key": "shell", "label": "Shell", "type": "choice", "choices": [{"value": "bash", "label": "Bash"}]},
        {"key": "disk", "label": "Disk", "type": "decimal", "min": "0.5", "unit": "TB", "visible_when": {"field": "shell", "equals": ["bash"]}},
    ]});
    let schema: Schema = serde_json::from_value(json).unwrap();
    assert_eq!(schema.validate(), Ok(()));
    assert_eq!(schema.fields[0].kind, FieldKind::integer(1, 64));
    let again: Schema = serde_json::from_value(serde_json::to_value(&schema).unwrap()).unwrap();
    assert_eq!(again, schema);
    assert!(
        serde_json::from_value::<Schema>(json!({"fields": [{"key": "a", "label": "A", "type": "magic"}]}))
            .is_err()
    );
}
