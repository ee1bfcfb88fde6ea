//! Actions that nobody works on any more, whatever became of their job, and those that outlived their resource.

use chrono::TimeDelta;
use entity::{job, resource, resource_action, resource_parts};
use model::{ActionId, ActionState, JobState, ResourceState};
use sea_orm::sea_query::Query;
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, JoinType, QueryFilter,
    QuerySelect, RelationTrait,
};

use super::carry_out::{end_in, lock};
use super::{ActionError, ActionOperations};
use crate::access::Actor;
use crate::jobs::Job;
use crate::jobs::kinds::RunAction;

/// How long what became of actions is kept.
const KEPT: TimeDelta = TimeDelta::days(365);

#[derive(FromQueryResult)]
struct Open {
    #[sea_orm(nested)]
    action: resource_action::Model,
    resource_state: ResourceState,
}

impl ActionOperations {
    /// Ends what nobody will: actions of resources that are gone, and those of a backend without a job; how many. Any number of
    /// processes may do this at once.
    pub async fn end_lost(&self) -> Result<u64, ActionError> {
        let mut ended = 0;
        for (id, reason) in self.lost().await? {
            let tx = self.core.write_tx().await?;
            let (resource, action) = lock(&tx, id).await?;
            let is_gone = resource.state == ResourceState::Terminated;
            // A job that was made meanwhile goes on.
            if action.state.is_terminal() || !is_gone && is_worked_on(&*tx, &action).await? {
                continue;
            }
            end_in(
                &self.core,
                &tx,
                (&Actor::system(), ActionState::Failed),
                action,
                (reason, &[]),
            )
            .await?;
            tx.commit().await?;
            ended += 1;
        }
        Ok(ended)
    }

    /// Removes actions that ended a year ago, and the parts of what is gone; how many actions.
    pub async fn sweep(&self) -> Result<u64, ActionError> {
        let _permit = self.core.write_permit().await;
        let gone = Query::select()
            .column(resource::Column::Id)
            .from(resource::Entity)
            .and_where(resource::Column::State.eq(ResourceState::Terminated))
            .take();
        resource_parts::Entity::delete_many()
            .filter(resource_parts::Column::ResourceId.in_subquery(gone))
            .exec(self.core.read())
            .await?;
        let over = resource_action::Entity::delete_many()
            .filter(resource_action::Column::EndedAt.lt(self.core.now() - KEPT));
        Ok(over.exec(self.core.read()).await?.rows_affected)
    }

    async fn lost(&self) -> Result<Vec<(ActionId, &'static str)>, ActionError> {
        let open: Vec<(resource_action::Model, ResourceState)> = self.open().await?;
        let mut lost = Vec::new();
        for (action, state) in open {
            if state == ResourceState::Terminated {
                lost.push((action.id, "The resource ended before this was done."));
            } else if !action.by_hand && !is_worked_on(self.core.read(), &action).await? {
                lost.push((
                    action.id,
                    "Nobody works on this any more. Look at the resource, and ask again.",
                ));
            }
        }
        Ok(lost)
    }

    async fn open(&self) -> Result<Vec<(resource_action::Model, ResourceState)>, DbErr> {
        use resource_action::Column as C;
        let rows = resource_action::Entity::find()
            .join(JoinType::InnerJoin, resource_action::Relation::Resource.def())
            .column_as(resource::Column::State, "resource_state")
            .filter(C::State.is_in([ActionState::Waiting, ActionState::Running]))
            .filter(
                Condition::any()
                    .add(C::ByHand.eq(false))
                    .add(resource::Column::State.eq(ResourceState::Terminated)),
            )
            .into_model::<Open>()
            .all(self.core.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|row| (row.action, row.resource_state))
            .collect())
    }
}

async fn is_worked_on(db: &impl ConnectionTrait, action: &resource_action::Model) -> Result<bool, DbErr> {
    let job = RunAction {
        action_id: action.id,
        resource_id: action.resource_id,
    };
    let found = job::Entity::find()
        .filter(job::Column::Kind.eq(RunAction::NAME))
        .filter(job::Column::Subject.eq(job.subject()))
        .filter(job::Column::State.is_in([JobState::Queued, JobState::Leased]))
        .one(db)
        .await?;
    Ok(found.is_some())
}
