//! What a provider defines that can be done with resources of an offering, by its own people.

use std::collections::BTreeSet;

use model::{Action, EventKind, FieldKind, OfferingId, PluginFacts};
use sea_orm::ActiveValue::Set;
use serde_json::json;

use super::change::{Change, Note};
use super::{Catalogue, CatalogueError};
use crate::access::Actor;
use crate::check::{Check, has_nul};

/// The most actions of an offering.
const MOST_OWN_ACTIONS: usize = 20;
/// The most fields of the form of an action.
const MOST_FIELDS: usize = 50;
/// The largest that all actions of an offering can be, in bytes of JSON.
const LARGEST: usize = 200_000;
/// The longest name of an action, in characters.
const TITLE: usize = 60;
/// The longest description of an action, and the longest text that is agreed to, in characters.
const SENTENCE: usize = 500;

impl Catalogue {
    /// Replaces the actions that the provider's people do by hand with resources of the offering. What was asked for before stays
    /// as it was asked for. Answers the new revision. Refused for who may not edit the offering (`Access`), an archived one
    /// (`Archived`), a plugin under which nobody would do them, more than 20 of them, two of one key, texts and fields at fault,
    /// secret fields, and what only plugins can declare (all `Invalid`).
    pub async fn set_actions(
        &self,
        actor: &Actor,
        id: OfferingId,
        actions: Vec<Action>,
        (plugins, revision): (&[PluginFacts], i32),
    ) -> Result<i32, CatalogueError> {
        let change = Change::begin(&self.core, actor, id, Some(revision)).await?;
        let takes_own = plugins
            .iter()
            .any(|plugin| plugin.kind == change.row.plugin && plugin.takes_own_actions);
        let actions = checked(actions, takes_own)?;
        let before = change.row.own_actions()?;
        if before == actions {
            return Ok(change.row.revision);
        }
        let keys = |actions: &[Action]| {
            actions
                .iter()
                .map(|action| action.key.clone())
                .collect::<Vec<_>>()
        };
        let note = Note::new(
            EventKind::OfferingActionsSet,
            json!({ "actions": keys(&before) }),
            json!({ "actions": keys(&actions) }),
        );
        let mut row = change.unchanged();
        row.actions = Set(entity::json::write("offerings.actions", &actions)?);
        change.end(row, note).await
    }
}

fn checked(actions: Vec<Action>, takes_own: bool) -> Result<Vec<Action>, CatalogueError> {
    let mut check = Check::default();
    check.ensure(
        takes_own || actions.is_empty(),
        "actions",
        "not_by_hand",
        "Only what is delivered by hand has actions of its own: its people would have to do them. Choose that under Provisioning first.",
    );
    check.ensure(
        actions.len() <= MOST_OWN_ACTIONS,
        "actions",
        "too_many",
        "An offering has at most 20 actions of its own.",
    );
    check.done().map_err(CatalogueError::Invalid)?;
    let mut check = Check::default();
    let mut keys = BTreeSet::new();
    let mut kept = Vec::new();
    for (at, action) in actions.into_iter().enumerate() {
        let path = |name: &str| format!("actions.{at}.{name}");
        check.ensure(
            model::attributes::is_key(&action.key),
            &path("key"),
            "bad_key",
            "Use a lower-case letter, then up to 49 lower-case letters, digits or _.",
        );
        check.ensure(
            keys.insert(action.key.clone()),
            &path("key"),
            "taken",
            "There is another action with this key.",
        );
        kept.push(one(&mut check, &path, action));
    }
    let size = serde_json::to_string(&kept).map_or(usize::MAX, |text| text.len());
    check.ensure(
        size <= LARGEST,
        "actions",
        "too_long",
        "Shorten the texts of these actions.",
    );
    check.done().map_err(CatalogueError::Invalid)?;
    Ok(kept)
}

fn one(check: &mut Check, path: &impl Fn(&str) -> String, action: Action) -> Action {
    let title = check.required(&path("title"), &action.title, TITLE);
    let description = check.required(&path("description"), &action.description, SENTENCE);
    let confirmation = check.line(&path("confirmation"), &action.confirmation, SENTENCE);
    let is_plain =
        action.choices.is_empty() && action.possible_in.is_empty() && action.offered_when.is_none();
    check.ensure(
        is_plain,
        &path("key"),
        "not_by_hand",
        "Choices from a backend, conditions and settings are for actions of plugins. Leave them out.",
    );
    let fields = &action.input.fields;
    check.ensure(
        fields.len() <= MOST_FIELDS,
        &path("input"),
        "too_many",
        "The form of an action has at most 50 fields.",
    );
    check.ensure(
        fields.iter().all(|field| field.kind != FieldKind::Secret),
        &path("input"),
        "secret",
        "What is done by hand asks for no secrets: several people read it.",
    );
    match entity::json::write("offerings.actions", &action.input) {
        Ok(stored) => check.ensure(
            !has_nul(&stored),
            &path("input"),
            "bad_character",
            "Remove control characters.",
        ),
        Err(_fault) => check.fault(path("input"), "bad_input", "This form cannot be kept."),
    }
    if let Err(faults) = action.input.validate() {
        check.extend(model::attributes::under(&path("input"), faults));
    }
    Action {
        title,
        description,
        confirmation,
        ..action
    }
}
