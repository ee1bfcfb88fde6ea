//! Invariant 4: actions of resources end once, and nothing secret outlives them.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::{job, resource, resource_action};
use model::{ActionId, ActionState, JobState, ResourceState};
use sea_orm::{
    ColumnTrait, Condition, DbErr, EntityTrait, JoinType, QueryFilter, QueryOrder, QuerySelect, RelationTrait,
};

use super::{BATCH, Finding};
use crate::core::Core;
use crate::jobs::Job;
use crate::jobs::kinds::RunAction;

/// What nobody works on is ended within minutes; only if it is not, something is wrong.
const GRACE: TimeDelta = TimeDelta::minutes(10);

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = ended(core).await?;
    let text = "it has not ended, and nobody works on it";
    let forgotten = forgotten(core).await?;
    findings.extend(forgotten.into_iter().map(|id| finding(id, text)));
    Ok(findings)
}

fn finding(id: ActionId, text: &str) -> Finding {
    Finding::new(4, format!("action {id}"), text)
}

/// What is wrong with each by itself.
async fn ended(core: &Core) -> Result<Vec<Finding>, DbErr> {
    use resource_action::Column as C;
    let (mut findings, mut after) = (Vec::new(), None::<ActionId>);
    loop {
        let mut rows = resource_action::Entity::find().order_by_asc(C::Id).limit(BATCH);
        if let Some(after) = after {
            rows = rows.filter(C::Id.gt(after));
        }
        let rows = rows.all(core.read()).await?;
        let Some(last) = rows.last() else {
            return Ok(findings);
        };
        after = Some(last.id);
        for row in &rows {
            let is_over = row.state.is_terminal();
            let texts = [
                (is_over != row.ended_at.is_some()).then_some("its state and its end differ"),
                (is_over && row.secrets.is_some()).then_some("it has ended, and what was secret is kept"),
            ];
            findings.extend(texts.into_iter().flatten().map(|text| finding(row.id, text)));
        }
    }
}

/// Those that wait or run for long without a job, and those whose resource is gone. What looks so is read once more: it may have
/// ended since.
async fn forgotten(core: &Core) -> Result<BTreeSet<ActionId>, DbErr> {
    let suspects = open_for_long(core).await?;
    if suspects.is_empty() {
        return Ok(BTreeSet::new());
    }
    let worked_on: BTreeSet<String> = job::Entity::find()
        .select_only()
        .column(job::Column::Subject)
        .filter(job::Column::Kind.eq(RunAction::NAME))
        .filter(job::Column::State.is_in([JobState::Queued, JobState::Leased]))
        .into_tuple()
        .all(core.read())
        .await?
        .into_iter()
        .collect();
    let without_job = suspects.into_iter().filter(|(action, state)| {
        let job = RunAction {
            action_id: action.id,
            resource_id: action.resource_id,
        };
        *state == ResourceState::Terminated || !worked_on.contains(&job.subject())
    });
    let without_job: BTreeSet<ActionId> = without_job.map(|(action, _)| action.id).collect();
    let still = open_for_long(core).await?;
    let still = still.into_iter().map(|(action, _)| action.id);
    Ok(still.filter(|id| without_job.contains(id)).collect())
}

async fn open_for_long(core: &Core) -> Result<Vec<(resource_action::Model, ResourceState)>, DbErr> {
    use resource_action::Column as C;
    let long_ago = core.now() - GRACE;
    let of_backend = Condition::all()
        .add(C::ByHand.eq(false))
        .add(C::AskedAt.lt(long_ago));
    let of_what_is_gone = Condition::all()
        .add(resource::Column::State.eq(ResourceState::Terminated))
        .add(resource::Column::TerminatedAt.lt(long_ago));
    let rows = resource_action::Entity::find()
        .join(JoinType::InnerJoin, resource_action::Relation::Resource.def())
        .filter(C::State.is_in([ActionState::Waiting, ActionState::Running]))
        .filter(Condition::any().add(of_backend).add(of_what_is_gone))
        .select_also(resource::Entity)
        .all(core.read())
        .await?;
    let with_state = |(action, resource): (resource_action::Model, Option<resource::Model>)| {
        Some((action, resource?.state))
    };
    Ok(rows.into_iter().filter_map(with_state).collect())
}
