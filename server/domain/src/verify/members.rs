//! Invariant 7, for people: whom a backend gives access is who works in the project, or a job is on its way to tell it.

use std::collections::BTreeSet;

use entity::{job, resource, resource_member};
use model::{JobState, ProjectId, ResourceId, ResourceState};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{BATCH, Finding};
use crate::core::Core;
use crate::jobs::Job;
use crate::jobs::kinds::SyncMembers;
use crate::structure;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let coming: BTreeSet<String> = job::Entity::find()
        .select_only()
        .column(job::Column::Subject)
        .filter(job::Column::Kind.eq(SyncMembers::NAME))
        .filter(job::Column::State.is_in([JobState::Queued, JobState::Leased]))
        .into_tuple()
        .all(core.read())
        .await?
        .into_iter()
        .collect();
    let mut findings = Vec::new();
    let mut last: Option<ResourceId> = None;
    loop {
        let mut query = resource_member::Entity::find()
            .find_also_related(resource::Entity)
            .order_by_asc(resource_member::Column::ResourceId)
            .limit(BATCH);
        if let Some(last) = last {
            query = query.filter(resource_member::Column::ResourceId.gt(last));
        }
        let rows = query.all(core.read()).await?;
        let Some((end, _)) = rows.last() else {
            return Ok(findings);
        };
        last = Some(end.resource_id);
        let known = rows
            .iter()
            .filter_map(|(told, resource)| Some((told, resource.as_ref()?)));
        let there: Vec<_> = known
            .filter(|(_, resource)| resource.state != ResourceState::Terminated)
            .collect();
        let projects: BTreeSet<ProjectId> = there.iter().map(|(_, resource)| resource.project_id).collect();
        let wanted = structure::usernames_in_all(core.read(), projects, core.now()).await?;
        for (told, resource) in there {
            let sync = SyncMembers {
                resource_id: resource.id,
            };
            if coming.contains(&sync.subject()) {
                continue;
            }
            let told = entity::json::read("resource_members.usernames", &told.usernames)?;
            let nobody = BTreeSet::new();
            let wanted = wanted.get(&resource.project_id).unwrap_or(&nobody);
            findings.extend(diverged(resource, &told, wanted));
        }
    }
}

fn diverged(resource: &resource::Model, told: &BTreeSet<String>, wanted: &BTreeSet<String>) -> Vec<Finding> {
    let names = |of: &BTreeSet<String>, not: &BTreeSet<String>| {
        of.difference(not).cloned().collect::<Vec<_>>().join(", ")
    };
    let (extra, missing) = (names(told, wanted), names(wanted, told));
    let texts = [
        (extra, "can use it on its backend, but not by any grant"),
        (missing, "cannot use it on its backend, though granted"),
    ];
    let found = texts.into_iter().filter(|(names, _)| !names.is_empty());
    found
        .map(|(names, text)| Finding::new(7, format!("resource {}", resource.id), format!("{names} {text}")))
        .collect()
}
