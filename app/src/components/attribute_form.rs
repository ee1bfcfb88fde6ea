//! A form drawn from a schema: request forms, category attributes, plugin settings. Names and ids of the controls are
//! `<prefix>.<key>`, so that a refusal at that path marks its control.

mod control;
mod initial_values;

use leptos::prelude::*;
use model::{Field, FieldKind, Schema};
use serde_json::Value as Json;

use self::control::Control;
use super::form::{Fieldset, HiddenField};
use crate::{
    form::{FormFields, SECRET_FIELDS},
    reply::FormReply,
};

/// The fields of `schema`, grouped under their sections. They show what was typed when the form was refused, else
/// `values`, else each field's default. Secrets are never shown again.
#[component]
pub fn AttributeForm(
    schema: Schema,
    #[prop(default = "attributes".to_string(), into)] prefix: String,
    #[prop(optional)] reply: FormReply,
    /// What is stored at present: an object by key.
    #[prop(optional)]
    values: Json,
) -> impl IntoView {
    let secrets = schema
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Secret);
    let secrets = secrets
        .map(|field| view! { <HiddenField name=SECRET_FIELDS value=format!("{prefix}.{}", field.key)/> })
        .collect_view();
    let drawn = |field: &Field| {
        let name = format!("{prefix}.{}", field.key);
        let texts = initial_values::initial_texts(field, &name, &reply, &values);
        let typed_again = reply.is_filled() && field.kind == FieldKind::Secret;
        let help = help(&schema, field, typed_again.then_some(TYPE_AGAIN));
        let error = reply.error(&name);
        view! { <Control field=field.clone() name=name texts=texts help=help error=error/> }
    };
    let sections = sections(&schema.fields)
        .into_iter()
        .map(|(title, fields)| {
            let fields = fields.into_iter().map(drawn).collect_view();
            match title {
                Some(title) => view! { <Fieldset legend=title>{fields}</Fieldset> }.into_any(),
                None => fields.into_any(),
            }
        })
        .collect_view();
    view! { {secrets} {sections} }.into_any()
}

/// What is stored in the fields of such a form, by the names of its controls, to be held against what was typed. Secrets are
/// never told.
pub fn attribute_texts(schema: &Schema, prefix: &str, values: &Json) -> FormFields {
    let open = schema
        .fields
        .iter()
        .filter(|field| field.kind != FieldKind::Secret);
    let texts = open.map(|field| {
        let name = format!("{prefix}.{}", field.key);
        let texts = initial_values::initial_texts(field, &name, &FormReply::default(), values);
        (name, texts)
    });
    FormFields(texts.collect())
}

/// Neighbours of the same section together, in the order of the schema.
fn sections(fields: &[Field]) -> Vec<(Option<String>, Vec<&Field>)> {
    let mut sections: Vec<(Option<String>, Vec<&Field>)> = Vec::new();
    for field in fields {
        match sections.last_mut() {
            Some((title, members)) if *title == field.section => members.push(field),
            _ => sections.push((field.section.clone(), vec![field])),
        }
    }
    sections
}

/// Said under a secret of a form that comes back: the field is empty, whatever was typed.
const TYPE_AGAIN: &str = "A secret is not kept when a form comes back: type it again.";

/// The field's help, and when it counts: without scripts all fields are seen, also those that do not apply. Then what
/// `more` there is to say.
fn help(schema: &Schema, field: &Field, more: Option<&str>) -> Option<String> {
    let condition = field.visible_when.as_ref().map(|condition| {
        let other = schema.field(&condition.field);
        let label = other.map_or(condition.field.as_str(), |other| other.label.as_str());
        let wanted: Vec<&str> = condition
            .equals
            .iter()
            .map(|value| choice_label(other, value))
            .collect();
        match wanted.as_slice() {
            ["true"] => format!("Only when “{label}” is ticked."),
            ["false"] => format!("Only when “{label}” is not ticked."),
            _ => format!("Only when “{label}” is {}.", wanted.join(" or ")),
        }
    });
    let parts: Vec<String> = [Some(field.help.clone()), condition, more.map(str::to_owned)]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn choice_label<'a>(field: Option<&'a Field>, value: &'a str) -> &'a str {
    let choices = field.map_or(&[][..], |field| field.kind.choices());
    choices
        .iter()
        .find(|choice| choice.value == value)
        .map_or(value, |choice| choice.label.as_str())
}

#[cfg(test)]
mod tests {
    use model::FieldKind;

    use super::*;

    fn schema() -> Schema {
        Schema::new(vec![
            Field::new(
                "image",
                "Image",
                FieldKind::choice(&[("debian", "Debian 12"), ("rocky", "Rocky 9")]),
            )
            .required(),
            Field::new("key", "SSH key", FieldKind::SshKey)
                .section("Access")
                .visible_when("image", "debian")
                .help("Your public key."),
            Field::new("token", "Token", FieldKind::Secret).section("Access"),
        ])
    }

    fn html(reply: FormReply) -> String {
        let owner = Owner::new();
        owner.set();
        view! { <AttributeForm schema=schema() reply=reply/> }.to_html()
    }

    #[test]
    fn a_condition_is_said_in_words() {
        let schema = schema();
        let words = help(&schema, schema.field("key").unwrap(), None).unwrap();
        assert_eq!(words, "Your public key. Only when “Image” is Debian 12.");
    }

    #[test]
    fn every_field_is_drawn_under_its_section() {
        let html = html(FormReply::default());
        for part in [
            "attributes.image",
            "attributes.key",
            "<legend>Access</legend>",
            "Debian 12",
            "secret_fields",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
        assert!(!html.contains(TYPE_AGAIN), "nothing was typed yet");
    }

    #[test]
    fn what_is_stored_is_told_of_every_field_but_secrets() {
        let stored = serde_json::json!({ "image": "rocky", "token": "hunter2" });
        let FormFields(told) = attribute_texts(&schema(), "settings", &stored);
        let told: Vec<_> = told.into_iter().collect();
        assert_eq!(
            told,
            [
                ("settings.image".to_owned(), vec!["rocky".to_owned()]),
                ("settings.key".to_owned(), Vec::new())
            ]
        );
    }

    #[test]
    fn a_refused_form_keeps_what_was_typed_but_no_secret() {
        let typed = [
            ("attributes.key", "ssh-ed25519 broken"),
            ("attributes.token", "hunter2"),
        ];
        let fields = typed
            .into_iter()
            .map(|(n, v)| (n.to_owned(), v.to_owned()))
            .collect();
        let fault = model::FieldFault::at("attributes.key", "bad", "This is not a public SSH key.");
        let html = html(FormReply {
            fields,
            problem: Some(model::Problem::invalid(vec![fault])),
        });
        assert!(html.contains("ssh-ed25519 broken") && html.contains("This is not a public SSH key."));
        assert!(!html.contains("hunter2"));
        assert_eq!(html.matches(TYPE_AGAIN).count(), 1, "under the secret alone");
    }
}
