//! Actions as workers carry them out.

use chrono::{DateTime, TimeDelta, Utc};
use entity::{json, resource, resource_action};
use model::{AccessDetail, ActionId, ActionState, EventKind, Progress, ResourceState};
use sea_orm::ActiveValue::Set;
use sea_orm::prelude::Json;
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QuerySelect,
};

use super::parts::{tidy, tidy_to};
use super::{ActionError, ActionOperations, told};
use crate::access::Actor;
use crate::core::Core;
use crate::crypto::SealedIn;
use crate::provisioning::{ResourceWork, load_work_in};

/// What was not begun so long after it was asked for is not done any more: whoever asked does not think of it.
const LONGEST_WAIT: TimeDelta = TimeDelta::hours(1);
/// The longest value that is given back, in characters: it is there to be copied.
const LONGEST_VALUE: usize = 2_000;
/// The most lines that an action gives back.
const MOST_LINES: usize = 50;

/// An action to be done. Holds secrets in the clear: it lives as long as one call of a plugin.
pub struct ActionWork {
    /// The action.
    pub id: ActionId,
    /// Which one it is.
    pub key: String,
    /// What was filled in, secrets included.
    pub input: Json,
    /// When it was asked for.
    pub asked_at: DateTime<Utc>,
    /// Code of the condition that the resource is in; empty: in that of new resources.
    pub condition: String,
    /// The resource.
    pub resource: ResourceWork,
}

/// What became of an action.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ActionEnd {
    /// What was done, as a sentence.
    pub message: String,
    /// What it gave back.
    pub output: Vec<AccessDetail>,
    /// Code of the condition that the resource is in now; none: as before.
    pub condition: Option<String>,
}

impl ActionOperations {
    /// Begins an action, or goes on with it. `None` where it has ended; where it waited for over an hour; and where its resource is not in use any more, or is being
    /// changed or ended by an order: then it fails by that.
    pub async fn begin(&self, id: ActionId) -> Result<Option<ActionWork>, ActionError> {
        let tx = self.core.write_tx().await?;
        let (resource, action) = lock(&tx, id).await?;
        if action.state.is_terminal() {
            return Ok(None);
        }
        let waited = self.core.now() - action.asked_at;
        if action.state == ActionState::Waiting && waited > LONGEST_WAIT {
            let reason = "Its turn did not come within an hour, so nothing was done. Ask again where it is still wanted.";
            let end = (&Actor::system(), ActionState::Failed);
            end_in(&self.core, &tx, end, action, (reason, &[])).await?;
            tx.commit().await?;
            return Ok(None);
        }
        let is_usable = matches!(resource.state, ResourceState::Ok | ResourceState::Erred);
        if !is_usable || resource.activated_at.is_none() {
            let state = resource.state.label().to_lowercase();
            // What was begun may have had an effect.
            let reason = if action.state == ActionState::Running {
                format!(
                    "The resource was {state} before this had ended. Look at it, and ask again where it needs to be."
                )
            } else {
                format!("The resource was {state} when its turn came, so nothing was done.")
            };
            end_in(
                &self.core,
                &tx,
                (&Actor::system(), ActionState::Failed),
                action,
                (&reason, &[]),
            )
            .await?;
            tx.commit().await?;
            return Ok(None);
        }
        let input = self.input_of(&action)?;
        let condition = resource.condition.clone();
        let work = load_work_in(&self.core, &*tx, resource).await?;
        let mut row = action.clone().into_active_model();
        row.state = Set(ActionState::Running);
        row.update(&*tx).await?;
        tx.commit().await?;
        Ok(Some(ActionWork {
            id,
            key: action.key,
            input,
            asked_at: action.asked_at,
            condition,
            resource: work,
        }))
    }

    fn input_of(&self, action: &resource_action::Model) -> Result<Json, ActionError> {
        let mut input = action.input.clone();
        if let (Some(sealed), Some(open)) = (&action.secrets, input.as_object_mut()) {
            let plain = self
                .core
                .cipher()
                .open(sealed, SealedIn::of_action(action.id.0))?;
            let secret: serde_json::Map<String, Json> = serde_json::from_slice(&plain)
                .map_err(|_content| sea_orm::DbErr::Json("a sealed secret is not an object".into()))?;
            open.extend(secret);
        }
        Ok(input)
    }

    /// Notes how far it is. Nothing happens once it has ended.
    pub async fn progress(&self, id: ActionId, progress: Progress) -> Result<(), ActionError> {
        use resource_action::Column as C;
        let progress = Progress {
            message: tidy(&progress.message),
            ..progress
        };
        let progress = json::write("resource_actions.progress", &progress)?;
        let _permit = self.core.write_permit().await;
        resource_action::Entity::update_many()
            .col_expr(C::Progress, Expr::value(progress))
            .filter(C::Id.eq(id))
            .filter(C::State.eq(ActionState::Running))
            .exec(self.core.read())
            .await?;
        Ok(())
    }

    /// The backend has done it. Nothing happens where it has ended already: a straggler changes no result.
    pub async fn complete(&self, id: ActionId, end: ActionEnd) -> Result<(), ActionError> {
        let tx = self.core.write_tx().await?;
        let (resource, action) = lock(&tx, id).await?;
        if action.state.is_terminal() {
            return Ok(());
        }
        if let Some(condition) = end.condition.filter(|_| resource.state.is_live()) {
            let mut row = resource.into_active_model();
            row.condition = Set(tidy(&condition));
            row.update(&*tx).await?;
        }
        let output: Vec<AccessDetail> = end.output.iter().take(MOST_LINES).map(tidied).collect();
        let message = tidy(&end.message);
        end_in(
            &self.core,
            &tx,
            (&Actor::system(), ActionState::Done),
            action,
            (&message, &output),
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// It cannot be done, or was given up. Nothing happens where it has ended already.
    pub async fn fail(&self, id: ActionId, reason: &str) -> Result<(), ActionError> {
        let tx = self.core.write_tx().await?;
        let (_, action) = lock(&tx, id).await?;
        if action.state.is_terminal() {
            return Ok(());
        }
        end_in(
            &self.core,
            &tx,
            (&Actor::system(), ActionState::Failed),
            action,
            (&tidy(reason), &[]),
        )
        .await?;
        Ok(tx.commit().await?)
    }
}

fn tidied(line: &AccessDetail) -> AccessDetail {
    AccessDetail {
        label: tidy(&line.label),
        value: tidy_to(&line.value, LONGEST_VALUE),
    }
}

/// The action after its resource, both locked until the transaction ends.
pub(super) async fn lock(
    tx: &DatabaseTransaction,
    id: ActionId,
) -> Result<(resource::Model, resource_action::Model), ActionError> {
    let seen = resource_action::Entity::find_by_id(id).one(tx).await?;
    let seen = seen.ok_or(ActionError::NotFound)?;
    let resource = resource::Entity::find_by_id(seen.resource_id)
        .lock_exclusive()
        .one(tx)
        .await?;
    let action = resource_action::Entity::find_by_id(id)
        .lock_exclusive()
        .one(tx)
        .await?;
    Ok((
        resource.ok_or(ActionError::NotFound)?,
        action.ok_or(ActionError::NotFound)?,
    ))
}

/// Ends the locked action: what was secret goes, and the log is told.
pub(super) async fn end_in(
    core: &Core,
    tx: &DatabaseTransaction,
    (actor, state): (&Actor, ActionState),
    action: resource_action::Model,
    (message, output): (&str, &[AccessDetail]),
) -> Result<(), ActionError> {
    let mut row = action.into_active_model();
    row.state = Set(state);
    row.secrets = Set(None);
    row.ended_at = Set(Some(core.now()));
    row.progress = Set(json::write("resource_actions.progress", &Progress::default())?);
    row.message = Set(message.to_owned());
    row.output = Set(json::write("resource_actions.output", &output)?);
    let action = row.update(tx).await?;
    let verb = match state {
        ActionState::Done => EventKind::ResourceActionDone,
        ActionState::Withdrawn => EventKind::ResourceActionWithdrawn,
        _ => EventKind::ResourceActionFailed,
    };
    Ok(told::record(core, tx, (actor, verb), &action, message).await?)
}
