//! Resources that were healthy when their termination was refused, and were left failed by versions before this one: they
//! run, so they are what they were. The log tells which.

use entity::{audit_event, resource};
use model::{EventKind, ResourceId, ResourceState, ResourceVerb};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};

use super::facts::{self, Fact, target_of};
use super::{ProvisioningError, ResourceOperations};
use crate::access::Actor;

impl ResourceOperations {
    /// Gives back the state that they had to resources that failed by nothing but the refusal to end them; how many. Any
    /// number of processes may do this at once.
    pub async fn recover_refused_terminations(&self) -> Result<u64, ProvisioningError> {
        let failed: Vec<ResourceId> = resource::Entity::find()
            .select_only()
            .column(resource::Column::Id)
            .filter(resource::Column::State.eq(ResourceState::Erred))
            .filter(resource::Column::ActivatedAt.is_not_null())
            .into_tuple()
            .all(self.core.read())
            .await?;
        let mut recovered = 0;
        for id in failed {
            if failed_only_to_end(self.core.read(), id).await? {
                recovered += u64::from(self.recover(id).await?);
            }
        }
        Ok(recovered)
    }

    /// Looks again under the lock.
    async fn recover(&self, id: ResourceId) -> Result<bool, ProvisioningError> {
        let tx = self.core.write_tx().await?;
        let found = resource::Entity::find_by_id(id)
            .lock(LockType::NoKeyUpdate)
            .one(&*tx)
            .await?;
        let Some(row) = found.filter(|row| row.state == ResourceState::Erred) else {
            return Ok(false);
        };
        if !failed_only_to_end(&*tx, id).await? {
            return Ok(false);
        }
        let (subject, before) = ((row.id, target_of(&row)), row.state);
        let after = before.after(ResourceVerb::Recover)?;
        let mut row = row.into_active_model();
        row.state = Set(after);
        row.update(&*tx).await?;
        let fact = Fact {
            verb: EventKind::ResourceRecovered,
            before: Some(before),
            after,
            reason: "It runs: only its termination was refused.",
        };
        facts::record(&self.core, &tx, &Actor::system(), subject, fact).await?;
        tx.commit().await?;
        Ok(true)
    }
}

/// Whether the last two moves of the resource were from running to its termination, and from that to failed.
async fn failed_only_to_end(conn: &impl ConnectionTrait, id: ResourceId) -> Result<bool, ProvisioningError> {
    let events = audit_event::Entity::find_about("resource", id.0)
        .all(conn)
        .await?;
    let state = |told: &serde_json::Value| {
        told.get("state")
            .and_then(|state| state.as_str())
            .map(str::to_owned)
    };
    let moves: Vec<_> = events
        .iter()
        .map(|event| (EventKind::parse(&event.verb), state(&event.before)))
        .filter(|(_, before)| before.is_some())
        .collect();
    let [.., (begun, before), (failed, _)] = moves.as_slice() else {
        return Ok(false);
    };
    let ran = before.as_deref() == Some(ResourceState::Ok.as_str());
    Ok(*begun == Some(EventKind::ResourceTerminationBegun)
        && *failed == Some(EventKind::ResourceTerminationFailed)
        && ran)
}
