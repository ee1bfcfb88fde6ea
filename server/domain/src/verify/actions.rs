//! Invariant 4: actions of resources end once, and nothing secret outlives them.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use entity::{job, resource, resource_action};
use model::{ActionId, JobState, ResourceId, ResourceState};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{BATCH, Finding};
use crate::core::Core;
use crate::jobs::Job;
use crate::jobs::kinds::RunAction;

/// What nobody works on is ended within minutes; only if it is not, something is wrong.
const GRACE: TimeDelta = TimeDelta::minutes(10);

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    use resource_action::Column as C;
    let (mut findings, mut alone) = (Vec::new(), BTreeSet::new());
    let mut after: Option<ActionId> = None;
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
        let open: Vec<&resource_action::Model> = rows.iter().filter(|row| !row.state.is_terminal()).collect();
        let forgotten = forgotten(core, &open).await?;
        for row in &rows {
            let again = !row.state.is_terminal() && !row.beside_others && !alone.insert(row.resource_id);
            let texts = [
                (row.state.is_terminal() != row.ended_at.is_some()).then_some("its state and its end differ"),
                (row.state.is_terminal() && row.secrets.is_some())
                    .then_some("it has ended, and what was secret is kept"),
                again.then_some("it is under way beside another that goes alone"),
                forgotten
                    .contains(&row.id)
                    .then_some("it has not ended, and nobody works on it"),
            ];
            let found = texts.into_iter().flatten();
            findings.extend(found.map(|text| Finding::new(4, format!("action {}", row.id), text)));
        }
    }
}

/// Those that wait or run for long without a job, and those whose resource is gone.
async fn forgotten(core: &Core, open: &[&resource_action::Model]) -> Result<BTreeSet<ActionId>, DbErr> {
    if open.is_empty() {
        return Ok(BTreeSet::new());
    }
    let long_ago = core.now() - GRACE;
    let gone: Vec<ResourceId> = resource::Entity::find()
        .select_only()
        .column(resource::Column::Id)
        .filter(resource::Column::Id.is_in(open.iter().map(|row| row.resource_id)))
        .filter(resource::Column::State.eq(ResourceState::Terminated))
        .filter(resource::Column::TerminatedAt.lt(long_ago))
        .into_tuple()
        .all(core.read())
        .await?;
    let subject = |row: &resource_action::Model| {
        let (action_id, resource_id) = (row.id, row.resource_id);
        let job = RunAction {
            action_id,
            resource_id,
        };
        job.subject()
    };
    let worked_on: Vec<String> = job::Entity::find()
        .select_only()
        .column(job::Column::Subject)
        .filter(job::Column::Kind.eq(RunAction::NAME))
        .filter(job::Column::Subject.is_in(open.iter().map(|row| subject(row))))
        .filter(job::Column::State.is_in([JobState::Queued, JobState::Leased]))
        .into_tuple()
        .all(core.read())
        .await?;
    let is_forgotten = |row: &&&resource_action::Model| {
        let is_lost = !row.by_hand && row.asked_at < long_ago && !worked_on.contains(&subject(row));
        is_lost || gone.contains(&row.resource_id)
    };
    Ok(open.iter().filter(is_forgotten).map(|row| row.id).collect())
}
