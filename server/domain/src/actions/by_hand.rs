//! Actions that the provider's people do, and taking back what was asked for.

use entity::resource_action;
use model::{AccessDetail, ActionId, ActionState, Permission};

use super::carry_out::{end_in, lock};
use super::offered::check_may_ask;
use super::{ActionError, Actions, told};
use crate::access::{Actor, authorize};
use crate::check::{self, Check};
use crate::core::WriteTx;
use crate::provisioning::ProvisioningError;
use crate::provisioning::facts::{may_know_of, may_see};

/// The most lines that an action gives back.
const LINES: usize = 20;
/// The longest text of such a line, in characters.
const LINE: usize = 1_000;

impl Actions {
    /// The provider has done by hand what was asked for; `note` and `output` are for those who see the resource, and may be empty.
    /// Refused for others than the provider's people, what a backend does, what has ended (`Over`), and texts that are too long
    /// (`Invalid`).
    pub async fn finish(
        &self,
        actor: &Actor,
        id: ActionId,
        (note, output): (&str, &[AccessDetail]),
    ) -> Result<(), ActionError> {
        let (tx, action) = self.lock_by_hand(actor, id).await?;
        let mut check = Check::default();
        let note = check.reason("note", note, false);
        if output.len() > LINES {
            check.fault("output", "too_many", format!("Give at most {LINES} lines."));
        }
        let mut checked = Vec::new();
        for line in output.iter().take(LINES) {
            checked.push(AccessDetail {
                label: check.required("output", &line.label, LINE),
                value: check.lines("output", &line.value, LINE),
            });
        }
        check.done().map_err(ActionError::Invalid)?;
        end_in(
            &self.core,
            &tx,
            (actor, ActionState::Done),
            action,
            (&note, &checked),
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// The provider cannot do what was asked for; who asked reads why. Refused as [`Actions::finish`], and without a reason.
    pub async fn refuse(&self, actor: &Actor, id: ActionId, reason: &str) -> Result<(), ActionError> {
        let (tx, action) = self.lock_by_hand(actor, id).await?;
        let reason = check::reason("reason", reason, true).map_err(ActionError::Invalid)?;
        end_in(
            &self.core,
            &tx,
            (actor, ActionState::Failed),
            action,
            (&reason, &[]),
        )
        .await?;
        Ok(tx.commit().await?)
    }

    /// Takes back what was asked for, as long as nobody has begun. Refused for who could not ask for it, and once it was begun or
    /// has ended (`Over`).
    pub async fn withdraw(&self, actor: &Actor, id: ActionId) -> Result<(), ActionError> {
        let tx = self.core.write_tx().await?;
        let (_, action) = lock(&tx, id).await?;
        let target = told::target_of(&action);
        know_of(actor, &action)?;
        check_may_ask(actor, action.audience, &target)?;
        match action.state {
            ActionState::Withdrawn => return Ok(()),
            ActionState::Waiting => {}
            _ => return Err(ActionError::Over),
        }
        end_in(
            &self.core,
            &tx,
            (actor, ActionState::Withdrawn),
            action,
            ("", &[]),
        )
        .await?;
        Ok(tx.commit().await?)
    }

    async fn lock_by_hand(
        &self,
        actor: &Actor,
        id: ActionId,
    ) -> Result<(WriteTx, resource_action::Model), ActionError> {
        let tx = self.core.write_tx().await?;
        let (_, action) = lock(&tx, id).await?;
        know_of(actor, &action)?;
        authorize(actor, Permission::ManageResource, &told::target_of(&action))?;
        if !action.by_hand {
            let why = "The backend does this by itself. There is nothing to do by hand.";
            return Err(ActionError::NotPossible(why.to_owned()));
        }
        if action.state.is_terminal() {
            return Err(ActionError::Over);
        }
        Ok((tx, action))
    }
}

/// Who does not see the resource is answered as if nobody had asked.
pub(super) fn see(actor: &Actor, action: &resource_action::Model) -> Result<(), ActionError> {
    hidden(may_see(actor, &told::target_of(action)))
}

/// As [`see`], for who does something with it.
fn know_of(actor: &Actor, action: &resource_action::Model) -> Result<(), ActionError> {
    hidden(may_know_of(actor, &told::target_of(action)))
}

fn hidden(answer: Result<(), ProvisioningError>) -> Result<(), ActionError> {
    match answer {
        Err(ProvisioningError::NotFound) => Err(ActionError::NotFound),
        answer => Ok(answer?),
    }
}
