//! How an offering is provisioned: the plugin and its settings. What plugins exist and what settings they have comes
//! from the caller, because this package knows no plugin.

use std::collections::BTreeMap;

use entity::assigned_backend;
use entity::offering::Model;
use model::{
    EventKind, FieldFault, FieldKind, OfferingId, OrganizationId, PluginFacts, Schema, Values,
    first_unassigned,
};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, QueryFilter};
use serde_json::{Map, Value as Json, json};

use super::change::{Change, Note};
use super::components::is_on_backend;
use super::{Catalogue, CatalogueError};
use crate::access::Actor;
use crate::check::has_nul;
use crate::core::Core;
use crate::crypto::SealedIn;

/// A plugin as the caller knows it.
#[derive(Debug, Clone)]
pub struct PluginChoice {
    /// Stable name: `slurm`.
    pub kind: String,
    /// The settings that it needs.
    pub settings: Schema,
    /// Which of them name what must be assigned to the provider.
    pub assigned: Schema,
    /// There is no backend to test.
    pub by_hand: bool,
}

impl From<&PluginFacts> for PluginChoice {
    fn from(facts: &PluginFacts) -> Self {
        Self {
            kind: facts.kind.clone(),
            settings: facts.settings.clone(),
            assigned: facts.assigned.clone(),
            by_hand: facts.by_hand,
        }
    }
}

/// What somebody filled in, as it was sent.
#[derive(Debug, Clone)]
pub enum SentValues {
    /// By a form of a page.
    Form(BTreeMap<String, Vec<String>>),
    /// By the API.
    Json(Json),
}

impl SentValues {
    /// The same for the same, whichever way it came.
    pub(crate) fn as_json(&self) -> Json {
        match self {
            Self::Form(values) => json!(values),
            Self::Json(values) => values.clone(),
        }
    }
}

impl Catalogue {
    /// Chooses the plugin and its settings. An empty secret keeps the stored one; a change of anything makes the
    /// connection untested. Answers the new revision. Refused is another plugin while a resource of the offering is there
    /// or an order open ([`CatalogueError::InUse`]): the backend that has them must be told how they end; and once the
    /// offering is archived ([`CatalogueError::Archived`]). Settings of the same plugin can be changed then, too: what was
    /// sold is still changed and ended with them. Refused are settings, too, that cannot be taken or name a backend that is not
    /// assigned to the provider (`Invalid`, at the setting), also where they were stored before it was taken away.
    pub async fn set_plugin(
        &self,
        actor: &Actor,
        id: OfferingId,
        choice: &PluginChoice,
        sent: SentValues,
        revision: i32,
    ) -> Result<i32, CatalogueError> {
        let change = Change::begin_for_holders(&self.core, actor, id, Some(revision)).await?;
        let same_plugin = change.row.plugin == choice.kind;
        if !same_plugin {
            check_other_plugin(&change).await?;
        }
        let kept = if same_plugin {
            secrets(&self.core, &change.row)?
        } else {
            Map::new()
        };
        let values = parse(&choice.settings, sent, &kept)?;
        let (open, secret) = split(&choice.settings, &values);
        check_assigned(&*change.tx, change.row.provider_id, choice, &open).await?;
        if same_plugin && open == change.row.settings && secret == kept {
            return Ok(change.row.revision);
        }
        let sealed = if secret.is_empty() {
            None
        } else {
            Some(self.core.cipher().seal(
                Json::Object(secret.clone()).to_string().as_bytes(),
                SealedIn::of_offering(id.0),
            )?)
        };
        let names: Vec<&String> = secret
            .iter()
            .filter(|(key, value)| kept.get(*key) != Some(*value))
            .map(|(key, _)| key)
            .collect();
        let note = Note::new(
            EventKind::OfferingPluginSet,
            json!({ "plugin": change.row.plugin, "settings": change.row.settings }),
            json!({ "plugin": choice.kind, "settings": open, "secrets_changed": names }),
        );
        let mut row = change.unchanged();
        row.plugin = Set(choice.kind.clone());
        row.settings = Set(open);
        row.settings_secret = Set(sealed);
        row.settings_tested_at = Set(choice.by_hand.then(|| self.core.now()));
        change.end(row, note).await
    }
}

/// Whether another plugin can take the place of the present one.
async fn check_other_plugin(change: &Change<'_>) -> Result<(), CatalogueError> {
    if !change.row.state.is_editable() {
        return Err(CatalogueError::Archived);
    }
    if is_on_backend(&*change.tx, change.row.id).await? {
        return Err(CatalogueError::InUse {
            what: "The plugin",
            done: "changed",
            because: "resources run with it or orders are open",
        });
    }
    Ok(())
}

/// Refuses settings that name what is not assigned to the provider, at the setting.
async fn check_assigned(
    db: &impl ConnectionTrait,
    provider: OrganizationId,
    choice: &PluginChoice,
    settings: &Json,
) -> Result<(), CatalogueError> {
    if choice.assigned.is_empty() {
        return Ok(());
    }
    let backends = assigned_in(db, provider, &choice.kind).await?;
    let backends: Vec<&Json> = backends.iter().collect();
    match first_unassigned(&choice.settings, &choice.assigned, settings, &backends) {
        None => Ok(()),
        Some(unassigned) => {
            let faults = model::attributes::under("settings", vec![unassigned.fault()]);
            Err(CatalogueError::Invalid(faults))
        }
    }
}

/// What is assigned to a provider for a plugin.
pub(super) async fn assigned_in(
    db: &impl ConnectionTrait,
    provider: OrganizationId,
    plugin: &str,
) -> Result<Vec<Json>, DbErr> {
    let rows = assigned_backend::Entity::find_of_provider(provider)
        .filter(assigned_backend::Column::Plugin.eq(plugin))
        .all(db)
        .await?;
    Ok(rows.into_iter().map(|row| row.settings).collect())
}

/// Checks the settings with the stored secrets put where none was sent.
pub(super) fn parse(
    schema: &Schema,
    sent: SentValues,
    kept: &Map<String, Json>,
) -> Result<Values, CatalogueError> {
    let secret_keys = schema
        .fields
        .iter()
        .filter(|field| field.kind == FieldKind::Secret)
        .map(|field| &field.key);
    let stored = |key: &String| kept.get(key).and_then(Json::as_str).map(str::to_owned);
    let parsed = match sent {
        SentValues::Form(mut form) => {
            for key in secret_keys {
                let empty = form
                    .get(key)
                    .is_none_or(|texts| texts.iter().all(String::is_empty));
                if let Some(secret) = stored(key).filter(|_| empty) {
                    form.insert(key.clone(), vec![secret]);
                }
            }
            schema.parse_form(&form)
        }
        SentValues::Json(mut json) => {
            if json.is_null() {
                json = json!({});
            }
            if let Some(object) = json.as_object_mut() {
                for key in secret_keys {
                    let empty = object.get(key).is_none_or(|value| value.is_null() || value == "");
                    if let Some(secret) = stored(key).filter(|_| empty) {
                        object.insert(key.clone(), Json::from(secret));
                    }
                }
            }
            schema.parse_json(&json)
        }
    };
    let values =
        parsed.map_err(|faults| CatalogueError::Invalid(model::attributes::under("settings", faults)))?;
    if has_nul(&values.to_json()) {
        let fault = FieldFault::at("settings", "bad_character", "Remove control characters.");
        return Err(CatalogueError::Invalid(vec![fault]));
    }
    Ok(values)
}

/// Settings that may be shown, and secret ones.
fn split(schema: &Schema, values: &Values) -> (Json, Map<String, Json>) {
    let is_secret = |key: &str| {
        schema
            .field(key)
            .is_some_and(|field| field.kind == FieldKind::Secret)
    };
    let mut open = Map::new();
    let mut secret = Map::new();
    for (key, value) in values.iter() {
        let part = if is_secret(key) { &mut secret } else { &mut open };
        part.insert(key.to_owned(), value.to_json());
    }
    (Json::Object(open), secret)
}

fn secrets(core: &Core, row: &Model) -> Result<Map<String, Json>, CatalogueError> {
    let Some(sealed) = &row.settings_secret else {
        return Ok(Map::new());
    };
    let plain = core.cipher().open(sealed, SealedIn::of_offering(row.id.0))?;
    match serde_json::from_slice(&plain) {
        Ok(secrets) => Ok(secrets),
        Err(_) => Err(crate::crypto::SealBroken.into()),
    }
}

/// The settings of an offering with their secrets, for the worker only.
pub(crate) fn settings_with_secrets(core: &Core, row: &Model) -> Result<Json, CatalogueError> {
    let mut settings = match &row.settings {
        Json::Object(open) => open.clone(),
        _ => Map::new(),
    };
    settings.extend(secrets(core, row)?);
    Ok(Json::Object(settings))
}
