//! What a plugin says can be done with its resources.

use std::collections::BTreeSet;

use model::{Action, FieldKind, InventoryTable, attributes::is_key};

use super::Breaches;
use crate::{Plugin, Power};

pub(super) fn check(plugin: &dyn Plugin, breaches: &mut Breaches) {
    let mut codes = BTreeSet::new();
    for condition in plugin.conditions() {
        let code = condition.code;
        breaches.unless(
            is_key(&code),
            format!("the condition \"{code}\" is not spelt as a key"),
        );
        let has_label = !condition.label.trim().is_empty();
        breaches.unless(has_label, format!("the condition {code} has no label"));
        breaches.unless(
            codes.insert(code.clone()),
            format!("the condition {code} is there twice"),
        );
    }
    let mut keys = BTreeSet::new();
    for action in plugin.actions() {
        let key = &action.key;
        breaches.unless(is_key(key), format!("the action \"{key}\" is not spelt as a key"));
        breaches.unless(
            keys.insert(key.clone()),
            format!("the action {key} is there twice"),
        );
        for code in &action.possible_in {
            let known = codes.contains(code);
            breaches.unless(
                known,
                format!("the action {key} is possible in {code}, which is no condition"),
            );
        }
        check_words(&action, breaches);
        check_offer(plugin, &action, breaches);
        check_input(plugin, &action, breaches);
    }
}

fn is_sentence(text: &str) -> bool {
    text.trim() == text && text.ends_with(['.', '?']) && text.len() > 1
}

fn check_words(action: &Action, breaches: &mut Breaches) {
    let key = &action.key;
    let is_title = !action.title.trim().is_empty() && !action.title.ends_with('.');
    breaches.unless(is_title, format!("the title of the action {key} is none"));
    let described = is_sentence(&action.description);
    breaches.unless(
        described,
        format!("the action {key} is not described by a sentence"),
    );
    let confirmation = action.confirmation.is_empty() || is_sentence(&action.confirmation);
    breaches.unless(
        confirmation,
        format!("what is agreed to before {key} is not a sentence"),
    );
    let texts = action.input.fields.iter().map(|field| field.help.as_str());
    let marked = texts
        .chain([&*action.description, &*action.confirmation])
        .any(|text| text.contains('`'));
    breaches.unless(
        !marked,
        format!("the words of {key} have marks that nothing formats"),
    );
}

/// The setting that it depends on can be chosen, and is not secret.
fn check_offer(plugin: &dyn Plugin, action: &Action, breaches: &mut Breaches) {
    let Some(when) = &action.offered_when else { return };
    let schema = plugin.settings_schema();
    let setting = schema.field(&when.field);
    let can_be = |value: &String| match setting.map(|setting| &setting.kind) {
        None | Some(FieldKind::Secret) => false,
        Some(kind) => kind.choices().iter().any(|choice| choice.value == *value),
    };
    breaches.unless(
        !when.equals.is_empty() && when.equals.iter().all(can_be),
        format!("{} is offered under a setting that cannot be chosen", action.key),
    );
}

/// What is asked for can be, once what is drawn from a table has a row.
fn check_input(plugin: &dyn Plugin, action: &Action, breaches: &mut Breaches) {
    let key = &action.key;
    let mut tables = Vec::new();
    for drawn in &action.choices {
        let field = action.input.field(&drawn.field);
        let is_drawn = field.is_some_and(|field| {
            matches!(
                field.kind,
                FieldKind::Choice { .. } | FieldKind::MultipleChoice { .. }
            )
        });
        breaches.unless(
            is_drawn,
            format!("{key} draws {} from a table, which cannot be chosen", drawn.field),
        );
        let mut table = InventoryTable::new(&drawn.table, "A table", &["A column"]);
        table.push("row", vec!["A row".to_owned()]);
        tables.push(table);
    }
    let lists = action.choices.is_empty() || plugin.capabilities().can(Power::Parts);
    breaches.unless(lists, format!("{key} draws from a table, and there is none"));
    if let Err(faults) = action.input_with(&tables).validate() {
        breaches.add(format!("the input of {key} is not sound: {faults:?}"));
    }
}
