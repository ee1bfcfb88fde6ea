use proptest::prelude::*;
use serde_json::json;

use super::{from_form, from_json, one, refused};
use crate::attributes::{FieldChoice, FieldKind, Value};
use crate::fixed::Fixed;

#[test]
fn whole_numbers_name_their_bounds() {
    let kind = FieldKind::integer(1, 64);
    assert_eq!(from_form(&kind, " 64 "), Ok(Some(Value::Integer(64))));
    assert_eq!(from_form(&kind, ""), Ok(None));
    let message = "Enter a whole number from 1 to 64.";
    for text in ["0", "65", "-1"] {
        assert_eq!(refused(&kind, text), format!("out_of_range: {message}"), "{text}");
    }
    for text in [
        "NaN",
        "inf",
        "4.5",
        "1e2",
        "+4",
        "0x10",
        "1,000",
        "four",
        "99999999999999999999",
        "٤",
    ] {
        assert_eq!(refused(&kind, text), format!("not_a_number: {message}"), "{text}");
    }
    assert_eq!(from_json(&kind, json!(64)), Ok(Some(Value::Integer(64))));
    for wrong in [
        json!("64"),
        json!(4.5),
        json!(true),
        json!([4]),
        json!({}),
        json!(1e300),
    ] {
        assert_eq!(
            from_json(&kind, wrong).unwrap_err(),
            format!("wrong_type: {message}")
        );
    }
}

#[test]
fn number_messages_fit_what_is_bounded() {
    let integer = |min, max, step, unit: Option<&str>| FieldKind::Integer {
        min,
        max,
        step,
        unit: unit.map(Into::into),
    };
    let message = |kind: FieldKind| refused(&kind, "x").replace("not_a_number: ", "");
    assert_eq!(message(integer(None, None, None, None)), "Enter a whole number.");
    assert_eq!(
        message(integer(Some(1), None, None, Some("GiB"))),
        "Enter a whole number of at least 1 GiB."
    );
    assert_eq!(
        message(integer(None, Some(9), None, None)),
        "Enter a whole number of at most 9."
    );
    assert_eq!(
        message(integer(None, None, None, Some("GiB"))),
        "Enter a whole number in GiB."
    );
    let stepped = integer(Some(2), Some(64), Some(4), None);
    assert_eq!(
        refused(&stepped, "7"),
        "off_step: Enter a whole number from 2 to 64, in steps of 4."
    );
    assert_eq!(from_form(&stepped, "6"), Ok(Some(Value::Integer(6))));
}

#[test]
fn decimals_are_exact_and_bounded() {
    let fixed = |text: &str| text.parse::<Fixed>().unwrap();
    let kind = FieldKind::Decimal {
        min: Some(fixed("0.5")),
        max: Some(fixed("10")),
        step: None,
        unit: Some("TB".into()),
    };
    assert_eq!(from_form(&kind, "0.50"), Ok(Some(Value::Decimal(fixed("0.5")))));
    assert_eq!(
        from_json(&kind, json!("7.25")),
        Ok(Some(Value::Decimal(fixed("7.25"))))
    );
    assert_eq!(
        from_json(&kind, json!(0.7)),
        Ok(Some(Value::Decimal(fixed("0.7"))))
    );
    assert_eq!(
        refused(&kind, "-1"),
        "out_of_range: Enter a number from 0.5 to 10 TB."
    );
    for text in ["NaN", "Infinity", "1e1", "1,5", "0.0000000001", "99999999999999"] {
        assert!(refused(&kind, text).starts_with("not_a_number"), "{text}");
    }
    let stepped = FieldKind::Decimal {
        min: None,
        max: None,
        step: Some(fixed("0.25")),
        unit: None,
    };
    assert_eq!(
        refused(&stepped, "0.3"),
        "off_step: Enter a number, in steps of 0.25."
    );
    assert!(from_form(&stepped, "-0.75").is_ok());
}

#[test]
fn dates_must_exist() {
    let day = |text: &str| text.parse().unwrap();
    let kind = FieldKind::Date {
        min: Some(day("2025-01-01")),
        max: None,
    };
    assert_eq!(
        from_form(&kind, "2028-02-29"),
        Ok(Some(Value::Date(day("2028-02-29"))))
    );
    assert!(refused(&kind, "2025-02-29").starts_with("not_a_date: That day does not exist."));
    for text in [
        "29.02.2025",
        "2025-1-5",
        "2025-01-05T00:00",
        "+2025-01-1",
        "20250101",
    ] {
        assert_eq!(
            refused(&kind, text),
            "not_a_date: Enter a date as year-month-day, for example 2025-03-31.",
            "{text}"
        );
    }
    assert_eq!(
        refused(&kind, "2024-12-31"),
        "out_of_range: Enter a date not before 2025-01-01."
    );
}

#[test]
fn only_offered_choices_are_taken() {
    let kind = FieldKind::choice(&[("bash", "Bash"), ("zsh", "Z shell"), ("fish", "Fish")]);
    assert_eq!(from_form(&kind, "zsh"), Ok(Some(Value::Choice("zsh".into()))));
    assert_eq!(
        refused(&kind, "tcsh"),
        "not_a_choice: Choose Bash, Z shell or Fish."
    );
    let many = FieldKind::Choice {
        choices: (0..500)
            .map(|index| FieldChoice::new(index.to_string(), format!("Choice {index}")))
            .collect(),
    };
    assert!(
        refused(&many, "x").starts_with("not_a_choice: Choose one of the 500 offered, such as Choice 0, ")
    );
    let twice = one(kind)
        .parse_form(&super::form(&[("it", "zsh"), ("it", "bash")]))
        .unwrap_err();
    assert_eq!(twice[0].code, "one_value");
}

#[test]
fn several_choices_come_in_the_order_of_the_schema() {
    let choices = ["a", "b", "c"]
        .map(|value| FieldChoice::new(value, value.to_uppercase()))
        .to_vec();
    let kind = FieldKind::MultipleChoice {
        choices,
        min_choices: Some(2),
        max_choices: Some(2),
    };
    let parse = |values: &[(&str, &str)]| one(kind.clone()).parse_form(&super::form(values));
    let both = parse(&[("it", "c"), ("it", "a"), ("it", "c")]).unwrap();
    assert_eq!(
        both.get("it"),
        Some(&Value::Choices(vec!["a".into(), "c".into()]))
    );
    assert_eq!(parse(&[("it", "a")]).unwrap_err()[0].message, "Give at least 2.");
    assert_eq!(
        parse(&[("it", "a"), ("it", "b"), ("it", "c")]).unwrap_err()[0].message,
        "Give at most 2."
    );
    assert_eq!(
        parse(&[("it", "a"), ("it", "x")]).unwrap_err()[0].code,
        "not_a_choice"
    );
    assert!(
        from_json(&kind, json!(["a", 1]))
            .unwrap_err()
            .starts_with("wrong_type")
    );
}

#[test]
fn a_list_is_one_entry_a_line() {
    let kind = FieldKind::List {
        min_items: None,
        max_items: Some(2),
        max_length: Some(5),
    };
    assert_eq!(
        from_form(&kind, "one\r\n\r\n two \n"),
        Ok(Some(Value::List(vec!["one".into(), "two".into()])))
    );
    assert_eq!(
        from_json(&kind, json!(["one", ""])),
        Ok(Some(Value::List(vec!["one".into()])))
    );
    assert_eq!(refused(&kind, "1\n2\n3"), "too_many: Give at most 2.");
    assert_eq!(refused(&kind, "longer"), "too_long: Use at most 5 characters.");
    assert_eq!(
        from_json(&kind, json!(["a\nb"])).unwrap_err(),
        "several_lines: Use one line only."
    );
}

#[test]
fn a_checkbox_that_is_not_sent_is_a_no() {
    let schema = one(FieldKind::Boolean);
    let parse = |values: &[(&str, &str)]| schema.parse_form(&super::form(values)).unwrap();
    assert_ne!(parse(&[]).get("it"), Some(&Value::Boolean(true)));
    assert_eq!(parse(&[]).get("it"), Some(&Value::Boolean(false)));
    assert_eq!(
        parse(&[("it", "false"), ("it", "on")]).get("it"),
        Some(&Value::Boolean(true))
    );
    assert_eq!(
        from_form(&FieldKind::Boolean, "perhaps").unwrap_err(),
        "wrong_type: Give true or false."
    );
    assert!(from_json(&FieldKind::Boolean, json!("true")).is_err());
    assert_eq!(from_json(&FieldKind::Boolean, json!(null)), Ok(None));
}

proptest! {
    #[test]
    fn no_text_panics_in_any_kind(text in "\\PC{0,60}|[0-9eE+.\\-]{0,12}|https?://\\PC{0,20}|ssh-ed25519 [A-Za-z0-9+/=]{0,80}") {
        let choice = FieldKind::choice(&[("a", "A")]);
        let stepped = FieldKind::Integer { min: Some(i64::MIN), max: None, step: Some(7), unit: None };
        for kind in [FieldKind::Boolean, FieldKind::string(), FieldKind::text(), stepped, choice, FieldKind::list(),
            FieldKind::Decimal { min: None, max: None, step: Some(Fixed::from_nanos(1)), unit: None },
            FieldKind::Date { min: None, max: None }, FieldKind::Url, FieldKind::SshKey, FieldKind::Secret] {
            let _ = from_form(&kind, &text);
        }
    }
}
