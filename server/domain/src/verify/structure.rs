//! Invariant 5, of projects and organizations: what decides who may order, how much and until when is as somebody saved it, by
//! the log.

use std::collections::HashMap;

use entity::{organization, project};
use model::{EventKind, OrganizationId, ProjectId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{BATCH, Finding, told};
use crate::core::Core;
use crate::structure::logged_project;

/// What a project is saved with that decides about orders.
const OF_PROJECTS: [(&str, &str); 3] = [
    ("start_date", "first day"),
    ("end_date", "last day"),
    ("approval_limit", "limit of approval"),
];
/// The same of organizations; the facts that documents print are looked at with them.
const OF_ORGANIZATIONS: [(&str, &str); 2] = [("currency", "currency"), ("is_provider", "being a provider")];

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = of_projects(core).await?;
    findings.extend(of_organizations(core).await?);
    Ok(findings)
}

async fn of_projects(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last = ProjectId(Uuid::nil());
    loop {
        let query = project::Entity::find().filter(project::Column::Id.gt(last));
        let query = query.order_by_asc(project::Column::Id).limit(BATCH);
        let rows = query.all(core.read()).await?;
        let Some(end) = rows.last() else {
            return Ok(findings);
        };
        last = end.id;
        let verbs = [EventKind::ProjectCreated, EventKind::ProjectChanged];
        let saved = saved(core, verbs, rows.iter().map(|row| row.id.0)).await?;
        for row in rows {
            let subject = format!("project {} ({})", row.name, row.id);
            let texts = differences(&OF_PROJECTS, &logged_project(&row), saved.get(&row.id.0));
            findings.extend(texts.into_iter().map(|text| Finding::new(5, &*subject, text)));
        }
    }
}

async fn of_organizations(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last = OrganizationId(Uuid::nil());
    loop {
        let query = organization::Entity::find().filter(organization::Column::Id.gt(last));
        let query = query.order_by_asc(organization::Column::Id).limit(BATCH);
        let rows = query.all(core.read()).await?;
        let Some(end) = rows.last() else {
            return Ok(findings);
        };
        last = end.id;
        let verbs = [EventKind::OrganizationCreated, EventKind::OrganizationChanged];
        let saved = saved(core, verbs, rows.iter().map(|row| row.id.0)).await?;
        for row in rows {
            let subject = format!("organization {} ({})", row.name, row.id);
            let stored = json!({ "currency": row.currency, "is_provider": row.is_provider });
            let texts = differences(&OF_ORGANIZATIONS, &stored, saved.get(&row.id.0));
            findings.extend(texts.into_iter().map(|text| Finding::new(5, &*subject, text)));
        }
    }
}

/// What each of these was saved with last.
async fn saved(
    core: &Core,
    verbs: [EventKind; 2],
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Json>, DbErr> {
    let events = told::events(core, &verbs, ids).await?;
    let last = events
        .into_iter()
        .filter_map(|(id, mut events)| Some((id, events.pop()?.after)));
    Ok(last.collect())
}

/// What is stored otherwise than it was saved; what the log does not tell, as of releases before it did, is no difference.
fn differences(names: &[(&str, &str)], stored: &Json, saved: Option<&Json>) -> Vec<String> {
    let difference = |(key, what): &(&str, &str)| {
        let (now, then) = (stored.get(key)?, saved?.get(key)?);
        (now != then).then(|| format!("its {what} is {now}, but was saved as {then}"))
    };
    names.iter().filter_map(difference).collect()
}
