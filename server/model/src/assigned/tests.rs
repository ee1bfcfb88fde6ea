use serde_json::{Value as Json, json};

use super::{first_unassigned, narrowed};
use crate::{Field, FieldKind, Schema};

fn settings() -> Schema {
    Schema::new(vec![
        Field::new("cluster", "Cluster", FieldKind::string()).required(),
        Field::new("parent", "Parent account", FieldKind::string()).default_value("root"),
        Field::new("qos", "QOS", FieldKind::string()).help("Of jobs that name none."),
        Field::new("prefix", "Prefix", FieldKind::string()).default_value("stoa"),
    ])
}

fn assigned() -> Schema {
    Schema::new(vec![
        Field::new("cluster", "Cluster", FieldKind::string()).required(),
        Field::new("parent", "Parent account", FieldKind::string()).required(),
        Field::new("qos", "QOS", FieldKind::list()),
    ])
}

fn refused(values: &Json, backends: &[Json]) -> Option<(String, Vec<String>)> {
    let backends: Vec<&Json> = backends.iter().collect();
    let found = first_unassigned(&settings(), &assigned(), values, &backends)?;
    Some((format!("{} {}", found.key, found.value), found.choices))
}

fn no(place: &str, choices: &[&str]) -> (String, Vec<String>) {
    let choices = choices.iter().map(|choice| (*choice).to_owned()).collect();
    (place.to_owned(), choices)
}

#[test]
fn settings_may_name_what_one_assigned_backend_allows() {
    let lab = json!({ "cluster": "lab", "parent": "root", "qos": ["long", "normal"] });
    let kalevi = json!({ "cluster": "kalevi", "parent": "physics" });
    let both = [lab, kalevi];
    assert_eq!(
        refused(&json!({ "cluster": "lab" }), &both),
        None,
        "the default of the parent is root"
    );
    assert_eq!(
        refused(&json!({ "cluster": " lab ", "parent": "", "qos": "long" }), &both),
        None
    );
    assert_eq!(
        refused(
            &json!({ "cluster": "kalevi", "parent": "physics", "prefix": "any" }),
            &both
        ),
        None
    );
    assert_eq!(
        refused(&json!({ "cluster": "rooste" }), &both),
        Some(no("cluster rooste", &["kalevi", "lab"]))
    );
    assert_eq!(
        refused(&json!({ "cluster": "LAB" }), &both),
        Some(no("cluster LAB", &["kalevi", "lab"]))
    );
    assert_eq!(
        refused(&json!({ "cluster": "lab", "qos": "urgent" }), &both),
        Some(no("qos urgent", &["long", "normal"]))
    );
}

#[test]
fn what_is_allowed_by_two_is_not_put_together() {
    let both = [
        json!({ "cluster": "lab", "parent": "root" }),
        json!({ "cluster": "kalevi", "parent": "physics", "qos": ["long"] }),
    ];
    assert_eq!(
        refused(&json!({ "cluster": "kalevi" }), &both),
        Some(no("parent root", &["physics"]))
    );
    assert_eq!(
        refused(&json!({ "cluster": "kalevi", "parent": "root" }), &both),
        Some(no("parent root", &["physics"]))
    );
    assert_eq!(
        refused(&json!({ "cluster": "lab", "qos": "long" }), &both),
        Some(no("qos long", &[]))
    );
}

#[test]
fn without_an_assignment_nothing_may_be_named_and_nothing_is_told() {
    let values = json!({ "cluster": "lab" });
    assert_eq!(refused(&values, &[]), Some(no("cluster lab", &[])));
    let found = first_unassigned(&settings(), &assigned(), &values, &[]).unwrap();
    let fault = found.fault();
    assert_eq!(
        (fault.path.as_str(), fault.code.as_str()),
        ("cluster", "not_assigned")
    );
    assert_eq!(
        fault.message,
        "“lab” is not assigned to this provider. Ask those who run this portal to assign it."
    );
    assert!(
        found.reason().contains("“lab” (Cluster) is not assigned"),
        "{}",
        found.reason()
    );
    let other = [
        json!({ "cluster": "a", "parent": "root" }),
        json!({ "cluster": "b", "parent": "root" }),
    ];
    let other: Vec<&Json> = other.iter().collect();
    let found = first_unassigned(&settings(), &assigned(), &values, &other).unwrap();
    assert!(
        found.fault().message.contains("Choose a or b, or ask those"),
        "{}",
        found.fault().message
    );
}

#[test]
fn a_plugin_that_needs_no_assignment_takes_all() {
    let nothing = Schema::default();
    assert_eq!(
        first_unassigned(&settings(), &nothing, &json!({ "cluster": "lab" }), &[]),
        None
    );
    assert_eq!(narrowed(&settings(), &nothing, &[]), settings());
}

#[test]
fn a_provider_chooses_from_what_is_assigned() {
    let choices = |schema: &Schema, key: &str| -> Vec<String> {
        let field = schema.field(key).unwrap();
        field
            .kind
            .choices()
            .iter()
            .map(|choice| choice.value.clone())
            .collect()
    };
    let one = json!({ "cluster": "kalevi", "parent": "physics" });
    let form = narrowed(&settings(), &assigned(), &[&one]);
    assert_eq!(choices(&form, "cluster"), ["kalevi"]);
    assert_eq!(
        form.field("cluster").unwrap().default,
        Some(json!("kalevi")),
        "there is only this one"
    );
    let parent = form.field("parent").unwrap();
    assert!(
        parent.required && parent.default == Some(json!("physics")),
        "left empty it would mean root"
    );
    let qos = form.field("qos").unwrap();
    assert!(!qos.required && qos.default.is_none() && qos.help.starts_with("Nothing is assigned"));
    assert_eq!(
        form.field("prefix"),
        settings().field("prefix"),
        "the rest is as it was"
    );

    let more = json!({ "cluster": "lab", "parent": "root", "qos": ["normal", "long"] });
    let form = narrowed(&settings(), &assigned(), &[&one, &more]);
    assert_eq!(choices(&form, "cluster"), ["kalevi", "lab"]);
    assert_eq!(form.field("cluster").unwrap().default, None);
    assert_eq!(form.field("parent").unwrap().default, Some(json!("root")));
    assert_eq!(choices(&form, "qos"), ["long", "normal"]);
    assert_eq!(form.field("qos").unwrap().help, "Of jobs that name none.");
}
