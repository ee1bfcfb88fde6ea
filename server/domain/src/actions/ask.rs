//! Asking for an action.

use entity::{json, resource, resource_action};
use model::{Action, ActionId, ActionState, EventKind, FieldKind, PluginFacts, Progress, ResourceId, Schema};
use sea_orm::prelude::Json;
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QuerySelect};
use serde_json::{Map, json};

use super::offered::{Declared, check_may_ask, choices_of, under_way};
use super::{ActionError, Actions, told};
use crate::access::Actor;
use crate::catalogue::SentValues;
use crate::check::has_nul;
use crate::crypto::{SealedIn, sha256_hex};
use crate::idempotency::keys::{Claim, claim_in, finish_in, kept_as};
use crate::jobs::kinds::RunAction;
use crate::jobs::{self, NewJob};
use crate::provisioning::ProvisioningError;
use crate::provisioning::facts::{may_know_of, target_of};

/// Apart from the keys of orders and of the REST door, which are kept in the same table.
const KEPT_FOR: &str = "action";

/// What somebody asks for.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Which action.
    pub key: String,
    /// What was filled in.
    pub input: SentValues,
}

impl Actions {
    /// Asks for an action of a resource: a worker does it, or the provider's people where they defined it. The same wish again
    /// under `idempotency_key` is answered with the first. Refused for who may not see the resource or ask for this (`Resource`,
    /// `Access`), an action that it does not have (`NoSuchAction`), input at fault (`Invalid`), a key that was used for something
    /// else (`Idempotency`), and as things are now: in this state or condition, beside another action, with nothing on the
    /// backend to choose from (`NotPossible`).
    pub async fn ask(
        &self,
        actor: &Actor,
        id: ResourceId,
        wish: Wish,
        (plugins, idempotency_key): (&[PluginFacts], Option<&str>),
    ) -> Result<ActionId, ActionError> {
        let tx = self.core.write_tx().await?;
        let key = idempotency_key.map(|key| kept_as(KEPT_FOR, key)).transpose()?;
        if let Some(key) = &key {
            let asked = json!([id, wish.key, wish.input.as_json()]).to_string();
            let claim = claim_in(&self.core, &tx, actor, key, &sha256_hex(asked.as_bytes())).await?;
            if let Claim::Done { body, .. } = claim
                && let Some(first) = body.get("action_id").and_then(Json::as_str)
            {
                return first.parse().map_err(|_none| ActionError::NotFound);
            }
        }
        let action = self.ask_in(&tx, actor, id, wish, plugins).await?;
        if let Some(key) = &key {
            finish_in(&*tx, actor, key, 202, json!({ "action_id": action })).await?;
        }
        tx.commit().await?;
        Ok(action)
    }

    async fn ask_in(
        &self,
        tx: &DatabaseTransaction,
        actor: &Actor,
        id: ResourceId,
        wish: Wish,
        plugins: &[PluginFacts],
    ) -> Result<ActionId, ActionError> {
        let found = resource::Entity::find_by_id(id).lock_exclusive().one(tx).await?;
        let resource = found.ok_or(ProvisioningError::NotFound)?;
        let target = target_of(&resource);
        may_know_of(actor, &target)?;
        let declared = Declared::of(tx, &resource, plugins).await?;
        let (action, by_hand) = declared.find(&wish.key).ok_or(ActionError::NoSuchAction)?;
        check_may_ask(actor, action.audience, &target)?;
        let tables = choices_of(tx, action, id).await?;
        let others = under_way(tx, id).await?;
        if let Some(why) = declared.why_not(action, &resource, &others, &tables) {
            return Err(ActionError::NotPossible(why));
        }
        let form = action.input_with(&tables);
        let input = checked(&form, wish.input)?;
        let row = self.row_of(actor, &resource, (action, *by_hand), (&form, input))?;
        let id = row.id;
        let insert = resource_action::Entity::insert(row.clone().into_active_model().reset_all());
        insert.exec_without_returning(tx).await?;
        told::record(
            &self.core,
            tx,
            (actor, EventKind::ResourceActionRequested),
            &row,
            "",
        )
        .await?;
        if !by_hand {
            let job = RunAction {
                action_id: id,
                resource_id: resource.id,
            };
            let job = NewJob::now(&job)?.on_backend(jobs::backend_key(resource.offering_id));
            jobs::enqueue_in(&self.core, tx, job).await?;
        }
        Ok(id)
    }

    fn row_of(
        &self,
        actor: &Actor,
        resource: &resource::Model,
        (action, by_hand): (&Action, bool),
        (form, input): (&Schema, Map<String, Json>),
    ) -> Result<resource_action::Model, ActionError> {
        let id = self.core.new_id(ActionId);
        let is_secret = |key: &String| {
            form.field(key)
                .is_some_and(|field| field.kind == FieldKind::Secret)
        };
        let (secret, open): (Map<_, _>, Map<_, _>) = input.into_iter().partition(|(key, _)| is_secret(key));
        let secrets = if secret.is_empty() {
            None
        } else {
            let plain = Json::Object(secret).to_string();
            Some(
                self.core
                    .cipher()
                    .seal(plain.as_bytes(), SealedIn::of_action(id.0))?,
            )
        };
        // Of what could be chosen, what was chosen is enough to read it by.
        let mut form = form.clone();
        for field in &mut form.fields {
            let given = open.get(&field.key).cloned();
            if let FieldKind::Choice { choices } | FieldKind::MultipleChoice { choices, .. } = &mut field.kind
            {
                choices.retain(|choice| given.as_ref().is_some_and(|given| names(given, &choice.value)));
            }
        }
        Ok(resource_action::Model {
            id,
            resource_id: resource.id,
            organization_id: resource.organization_id,
            project_id: resource.project_id,
            provider_id: resource.provider_id,
            offering_id: resource.offering_id,
            key: action.key.clone(),
            title: action.title.clone(),
            audience: action.audience,
            by_hand,
            beside_others: action.beside_others,
            state: ActionState::Waiting,
            form: json::write("resource_actions.form", &form)?,
            input: Json::Object(open),
            secrets,
            asked_by: actor.stored_id(),
            asked_at: self.core.now(),
            ended_at: None,
            progress: json::write("resource_actions.progress", &Progress::default())?,
            message: String::new(),
            output: Json::Array(Vec::new()),
        })
    }
}

/// Whether an answer names this choice.
fn names(given: &Json, choice: &str) -> bool {
    match given {
        Json::Array(all) => all.iter().any(|one| one.as_str() == Some(choice)),
        one => one.as_str() == Some(choice),
    }
}

fn checked(form: &Schema, sent: SentValues) -> Result<Map<String, Json>, ActionError> {
    let parsed = match sent {
        SentValues::Form(values) => form.parse_form(&values),
        SentValues::Json(values) => form.parse_json(&values),
    };
    let faults = |faults| ActionError::Invalid(model::attributes::under("input", faults));
    let values = parsed.map_err(faults)?.to_json();
    if has_nul(&values) {
        let fault = model::FieldFault::at(
            "input",
            "bad_character",
            "Remove characters that cannot be shown.",
        );
        return Err(ActionError::Invalid(vec![fault]));
    }
    match values {
        Json::Object(values) => Ok(values),
        _ => Ok(Map::new()),
    }
}
