use std::collections::BTreeMap;

use serde_json::json;

use crate::attributes::{Field, FieldKind, Schema, Spelling};

fn schema(kind: FieldKind, spelling: Spelling) -> Schema {
    Schema::new(vec![Field::new("it", "It", kind).spelled(spelling)])
}

#[test]
fn names_prefixes_and_resources_are_spelt_so_that_no_command_misreads_them() {
    let cases: [(Spelling, &[&str], &[&str]); 3] = [
        (
            Spelling::Name,
            &["lab", "Lab-2", "9lives", "a.b_c-d", "x"],
            &[
                "",
                "-lab",
                "--all",
                ".lab",
                "_x",
                "lab,other",
                "lab account=root",
                "a=b",
                "лаб",
                "lab\n2",
                "l\u{200B}ab",
            ],
        ),
        (
            Spelling::Prefix,
            &["stoa", "s", "stoa-2"],
            &["", "Stoa", "sto_a", "2stoa", "-stoa", "sto.a", "õ"],
        ),
        (
            Spelling::Gres,
            &["gres/gpu", "gres/gpu:a100", "gres/gpu:nvidia_a100.80"],
            &[
                "gpu",
                "gres/",
                "gres/-gpu",
                "gres/gpu:",
                "gres/gpu:a:b",
                "gres/gpu=1,cpu",
                "gres/gpu:-x",
            ],
        ),
    ];
    for (spelling, good, bad) in cases {
        for text in good {
            assert!(spelling.allows(text), "{spelling:?} {text:?}");
        }
        for text in bad {
            assert!(!spelling.allows(text), "{spelling:?} {text:?}");
        }
    }
}

#[test]
fn a_form_and_the_api_refuse_a_wrong_spelling_alike_and_say_what_is_right() {
    let line = schema(FieldKind::string(), Spelling::Name);
    let typed = BTreeMap::from([("it".to_owned(), vec!["-lab".to_owned()])]);
    let refused = line.parse_form(&typed).unwrap_err();
    assert_eq!(refused, line.parse_json(&json!({ "it": "-lab" })).unwrap_err());
    assert_eq!(
        (refused[0].path.as_str(), refused[0].code.as_str()),
        ("it", "spelling")
    );
    assert!(
        refused[0].message.starts_with("Begin with a letter or digit"),
        "{}",
        refused[0].message
    );
    assert!(
        line.parse_json(&json!({ "it": " lab " })).is_ok(),
        "surrounding blanks are no part of it"
    );
    assert!(
        line.parse_json(&json!({ "it": " " })).is_ok(),
        "nothing is not spelt wrongly"
    );
    let list = schema(FieldKind::list(), Spelling::Name);
    assert!(list.parse_json(&json!({ "it": ["normal", "long"] })).is_ok());
    assert_eq!(
        list.parse_json(&json!({ "it": ["normal", "-long"] }))
            .unwrap_err()[0]
            .code,
        "spelling"
    );
}

#[test]
fn one_text_is_checked_as_the_whole_form_would() {
    let field = Field::new(
        "it",
        "It",
        FieldKind::String {
            min_length: None,
            max_length: Some(3),
        },
    )
    .spelled(Spelling::Name);
    assert_eq!(field.check_text("lab"), Ok(()));
    assert_eq!(field.check_text("-lb").unwrap_err().code, "spelling");
    assert_eq!(field.check_text("labs").unwrap_err().code, "too_long");
}

#[test]
fn a_spelling_belongs_to_lines_and_lists_and_keeps_its_shape_in_json() {
    let wrong = schema(FieldKind::Boolean, Spelling::Name).validate().unwrap_err();
    assert_eq!(
        (wrong[0].path.as_str(), wrong[0].code.as_str()),
        ("fields.0.spelling", "impossible")
    );
    let right = schema(FieldKind::list(), Spelling::Gres);
    assert_eq!(right.validate(), Ok(()));
    let sent = serde_json::to_value(&right).unwrap();
    assert_eq!(sent["fields"][0]["spelling"], "gres");
    assert_eq!(serde_json::from_value::<Schema>(sent).unwrap(), right);
    let plain = serde_json::to_value(Field::new("it", "It", FieldKind::Boolean)).unwrap();
    assert_eq!(
        plain.get("spelling"),
        None,
        "fields without one look as they always did"
    );
}
