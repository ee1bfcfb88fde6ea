use super::*;

fn form(pairs: &[(&str, &str)]) -> FormFields {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

#[test]
fn every_type_survives_the_builder() {
    let fields = [
        Field::new(
            "name",
            "Name",
            FieldKind::String {
                min_length: Some(2),
                max_length: Some(20),
            },
        )
        .required(),
        Field::new("nodes", "Nodes", FieldKind::integer(1, 8))
            .default_value(2)
            .section("Size"),
        Field::new(
            "share",
            "Share",
            FieldKind::Decimal {
                min: Some("0.25".parse().unwrap()),
                max: None,
                step: Some("0.25".parse().unwrap()),
                unit: Some("GiB".into()),
            },
        ),
        Field::new("gpu", "GPU", FieldKind::Boolean).default_value(true),
        Field::new(
            "shell",
            "Shell",
            FieldKind::choice(&[("bash", "Bash"), ("zsh", "Z shell")]),
        )
        .default_value("zsh"),
        Field::new("hosts", "Hosts", FieldKind::list())
            .visible_when("gpu", "true")
            .help("One each."),
        Field::new("key", "Key", FieldKind::SshKey),
    ];
    for field in fields {
        assert_eq!(field_of(&field_texts(&field)).unwrap(), field);
    }
}

#[test]
fn choices_need_no_labels() {
    let read = field_of(&form(&[
        ("type", "choice"),
        ("key", "os"),
        ("choices", "debian: Debian 12\n\nrocky\n"),
    ]))
    .unwrap();
    let choices = [
        FieldChoice::new("debian", "Debian 12"),
        FieldChoice::new("rocky", "rocky"),
    ];
    assert_eq!(read.kind.choices(), choices);
}

#[test]
fn what_is_no_number_is_told_at_its_field() {
    let error = field_of(&form(&[("type", "integer"), ("min", "few"), ("max", "9")])).unwrap_err();
    assert_eq!(
        error.0.fields.first().map(|fault| fault.path.as_str()),
        Some("min")
    );
    let error = field_of(&form(&[("type", "boolean"), ("default", "perhaps")])).unwrap_err();
    assert_eq!(
        error.0.fields.first().map(|fault| fault.path.as_str()),
        Some("default")
    );
}
