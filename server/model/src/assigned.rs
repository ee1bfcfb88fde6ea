//! Which backends a provider may use. Those who run the portal assign them; a plugin declares which of its settings name what is
//! theirs to give ([`crate::PluginFacts::assigned`]), and here is the one rule that compares settings with what was assigned.
//!
//! An assigned backend is a filled-in form of the plugin's `assigned` schema, whose keys are keys of its settings: a text allows
//! exactly that value, a list any of its entries. A setting that is left empty counts as its default; one without a default names
//! nothing and needs no assignment. Settings are allowed where **one** assigned backend allows every value that they name:
//! the cluster of one and the parent account of another do not go together. Values are compared as they are written.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::{
    AssignedBackendId, Field, FieldChoice, FieldFault, FieldKind, OfferingId, OrganizationId, Schema,
};

/// A backend, or a part of one, that a provider may use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssignedBackend {
    /// Id.
    pub id: AssignedBackendId,
    /// Who may use it.
    pub provider_id: OrganizationId,
    /// Kind of its plugin.
    pub plugin: String,
    /// What may be named in settings, by key, as the `assigned` form of the plugin in `/plugins` has it.
    pub settings: Json,
    /// Since when.
    pub assigned_at: DateTime<Utc>,
    /// The provider's offerings whose settings it allows, by name: without it they would take no orders that make or change
    /// anything, unless another assigned backend allows the same.
    pub offerings: Vec<NamedOffering>,
}

/// An offering by its name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NamedOffering {
    /// Id.
    pub id: OfferingId,
    /// Name.
    pub name: String,
}

/// A value that a provider's settings name and no assigned backend allows beside the values before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unassigned {
    /// Key of the setting.
    pub key: String,
    /// Name of the setting for people.
    pub label: String,
    /// What it names.
    pub value: String,
    /// What is assigned beside the values before it. Nothing is told of what is not.
    pub choices: Vec<String>,
}

impl Unassigned {
    /// The fault of the setting, with what to do.
    pub fn fault(&self) -> FieldFault {
        let instead = match self.choices.as_slice() {
            [] => "Ask".to_owned(),
            [only] => format!("Choose {only}, or ask"),
            [first @ .., last] => format!("Choose {} or {last}, or ask", first.join(", ")),
        };
        let message = format!(
            "“{}” is not assigned to this provider. {instead} those who run this portal to assign it.",
            self.value
        );
        FieldFault::at(&*self.key, "not_assigned", message)
    }

    /// Why work on the backend was not begun, for whoever waits for it.
    pub fn reason(&self) -> String {
        format!(
            "Nothing was done on the backend: “{}” ({}) is not assigned to the provider. Those who run this portal can assign it; \
             then this can be tried again.",
            self.value, self.label
        )
    }
}

/// The first setting, in the order of `assigned`, that names what none of `backends` allows beside the settings before it; `None`
/// where the settings are allowed. `settings` and `assigned` are the schemas of the plugin, `values` its filled-in settings,
/// `backends` what is assigned to the provider for this plugin.
pub fn first_unassigned(
    settings: &Schema,
    assigned: &Schema,
    values: &Json,
    backends: &[&Json],
) -> Option<Unassigned> {
    let mut left = backends.to_vec();
    for Field { key, .. } in &assigned.fields {
        let setting = settings.field(key);
        let Some(value) = named(setting, values, key) else {
            continue;
        };
        let beside = std::mem::take(&mut left);
        left.extend(
            beside
                .iter()
                .filter(|backend| allowed(backend, key).contains(&value)),
        );
        if left.is_empty() {
            return Some(Unassigned {
                label: setting.map_or_else(|| key.clone(), |setting| setting.label.clone()),
                key: key.clone(),
                value,
                choices: distinct(&beside, key),
            });
        }
    }
    None
}

/// The settings as a provider fills them in: what has to be assigned is chosen from what is. A setting whose default is not among
/// it must be chosen, because leaving it empty would name the default.
#[must_use]
pub fn narrowed(settings: &Schema, assigned: &Schema, backends: &[&Json]) -> Schema {
    let fields = settings.fields.iter().map(|field| {
        if assigned.field(&field.key).is_some() {
            chosen_from(field, distinct(backends, &field.key))
        } else {
            field.clone()
        }
    });
    Schema::new(fields.collect())
}

fn chosen_from(field: &Field, choices: Vec<String>) -> Field {
    let required = field.required || field.default.is_some();
    let usual = field.default.clone().filter(|default| {
        let text = text_of(default);
        text.is_some_and(|text| choices.contains(&text))
    });
    let default = match (usual, choices.as_slice()) {
        (None, [only]) if required => Some(Json::from(only.as_str())),
        (usual, _) => usual,
    };
    let help = if choices.is_empty() {
        "Nothing is assigned to this provider. Ask those who run this portal if you need it.".to_owned()
    } else {
        field.help.clone()
    };
    let choices = choices
        .into_iter()
        .map(|value| FieldChoice::new(value.clone(), value))
        .collect();
    Field {
        kind: FieldKind::Choice { choices },
        required,
        default,
        help,
        spelling: None,
        ..field.clone()
    }
}

/// What the settings name under this key.
fn named(setting: Option<&Field>, values: &Json, key: &str) -> Option<String> {
    let filled = values.get(key).and_then(text_of);
    filled.or_else(|| setting?.default.as_ref().and_then(text_of))
}

/// What an assigned backend allows under this key.
fn allowed(backend: &Json, key: &str) -> Vec<String> {
    match backend.get(key) {
        Some(Json::Array(entries)) => entries.iter().filter_map(text_of).collect(),
        Some(one) => text_of(one).into_iter().collect(),
        None => Vec::new(),
    }
}

fn distinct(backends: &[&Json], key: &str) -> Vec<String> {
    let mut all: Vec<String> = backends
        .iter()
        .flat_map(|backend| allowed(backend, key))
        .collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// A value in words; blank counts as nothing, as it does for whoever reads the settings.
fn text_of(json: &Json) -> Option<String> {
    match json {
        Json::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Json::Number(_) | Json::Bool(_) => Some(json.to_string()),
        Json::Null | Json::Array(_) | Json::Object(_) => None,
    }
}

#[cfg(test)]
mod tests;
