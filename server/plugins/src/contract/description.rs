//! What a plugin says of itself.

use std::collections::BTreeSet;

use model::{FieldKind, Schema};

use super::{Breaches, Fixture, actions};
use crate::{Plugin, PluginInfo};

pub(super) async fn check(plugin: &dyn Plugin, fixture: &Fixture, breaches: &mut Breaches) {
    let PluginInfo {
        kind,
        title,
        description,
        icon,
    } = plugin.describe();
    let is_word = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    breaches.unless(is_word, format!("the kind \"{kind}\" is not a small-letter word"));
    breaches.unless(plugin.kind() == kind, "kind() and describe().kind differ");
    for (name, text) in [("title", title), ("description", description), ("icon", icon)] {
        breaches.unless(!text.trim().is_empty(), format!("the {name} is empty"));
    }
    check_presets(plugin, breaches);
    check_settings(plugin, fixture, breaches);
    check_assigned(plugin, breaches);
    check_help(plugin, breaches);
    actions::check(plugin, breaches);
    match plugin.test_connection(&fixture.request.settings).await {
        Ok(report) => breaches.unless(
            report.is_ok(),
            format!("the connection is not in order: {report:?}"),
        ),
        Err(error) => breaches.add(format!("the connection's test failed: {error}")),
    }
}

fn check_presets(plugin: &dyn Plugin, breaches: &mut Breaches) {
    let mut codes = BTreeSet::new();
    for preset in plugin.component_presets() {
        let code = preset.code;
        breaches.unless(
            codes.insert(code),
            format!("the component {code} is offered twice"),
        );
        let complete = ![code, preset.name, preset.unit, preset.description].contains(&"");
        breaches.unless(
            complete,
            format!("the component {code} lacks a name, unit or description"),
        );
        breaches.unless(
            !preset.charges.is_empty(),
            format!("the component {code} cannot be charged"),
        );
        breaches.unless(
            !preset.counts_over_life || (preset.metered && preset.enforced),
            format!("the component {code} is counted over the life, though it is not measured or not held"),
        );
    }
}

fn check_settings(plugin: &dyn Plugin, fixture: &Fixture, breaches: &mut Breaches) {
    let schema = plugin.settings_schema();
    if let Err(faults) = schema.validate() {
        breaches.add(format!("the settings' schema is not sound: {faults:?}"));
    }
    let values = serde_json::Value::Object(fixture.request.settings.values().clone());
    if let Err(faults) = schema.parse_json(&values) {
        breaches.add(format!(
            "the settings' schema refuses the fixture's settings: {faults:?}"
        ));
    }
}

/// Help is shown as it is written: marks of a formatted text would stand in it.
fn check_help(plugin: &dyn Plugin, breaches: &mut Breaches) {
    let schemas = [plugin.settings_schema(), plugin.assigned()];
    for field in schemas.iter().flat_map(|schema| &schema.fields) {
        breaches.unless(
            !field.help.contains('`'),
            format!("the help of {} has marks that nothing formats", field.key),
        );
    }
}

/// What is assigned is compared with settings: each field has one, and shows in no page what may not be shown.
fn check_assigned(plugin: &dyn Plugin, breaches: &mut Breaches) {
    let (settings, assigned): (Schema, Schema) = (plugin.settings_schema(), plugin.assigned());
    if let Err(faults) = assigned.validate() {
        breaches.add(format!("the schema of what is assigned is not sound: {faults:?}"));
    }
    for field in &assigned.fields {
        let is_value = matches!(
            field.kind,
            FieldKind::String { .. } | FieldKind::Url | FieldKind::List { .. }
        );
        breaches.unless(
            is_value,
            format!("{} is assigned neither as a text nor as a list", field.key),
        );
        let setting = settings.field(&field.key);
        breaches.unless(
            setting.is_some_and(|setting| setting.kind != FieldKind::Secret),
            format!("{} is assigned and is no setting that may be shown", field.key),
        );
    }
}
