//! Invariant 5, of projects and organizations: what decides who may order, how much and until when is as somebody saved it, by
//! the log.

use std::collections::HashMap;

use entity::{organization, project};
use sea_orm::{DbErr, EntityTrait, QueryOrder, QuerySelect};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{BATCH, Finding, told};
use crate::core::Core;

/// What a project is saved with that decides about orders.
const OF_PROJECTS: [(&str, &str); 3] = [
    ("start_date", "first day"),
    ("end_date", "last day"),
    ("approval_limit", "limit of approval"),
];
/// The same of organizations; the facts that documents print are looked at with them.
const OF_ORGANIZATIONS: [(&str, &str); 2] = [("currency", "currency"), ("is_provider", "being a provider")];

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut page = 0;
    loop {
        let query = project::Entity::find().order_by_asc(project::Column::Id);
        let rows = query.offset(page * BATCH).limit(BATCH).all(core.read()).await?;
        if rows.is_empty() {
            break;
        }
        page += 1;
        let saved = saved(
            core,
            "project",
            ["project.created", "project.changed"],
            rows.iter().map(|row| row.id.0),
        )
        .await?;
        for row in rows {
            let stored = json!({
                "start_date": row.start_date, "end_date": row.end_date, "approval_limit": row.approval_limit,
            });
            let texts = differences(&OF_PROJECTS, &stored, saved.get(&row.id.0));
            findings.extend(
                texts.map(|text| Finding::new(5, format!("project {} ({})", row.name, row.id), text)),
            );
        }
    }
    let mut page = 0;
    loop {
        let query = organization::Entity::find().order_by_asc(organization::Column::Id);
        let rows = query.offset(page * BATCH).limit(BATCH).all(core.read()).await?;
        if rows.is_empty() {
            return Ok(findings);
        }
        page += 1;
        let verbs = ["organization.created", "organization.changed"];
        let saved = saved(core, "organization", verbs, rows.iter().map(|row| row.id.0)).await?;
        for row in rows {
            let stored = json!({ "currency": row.currency, "is_provider": row.is_provider });
            let texts = differences(&OF_ORGANIZATIONS, &stored, saved.get(&row.id.0));
            findings.extend(
                texts.map(|text| Finding::new(5, format!("organization {} ({})", row.name, row.id), text)),
            );
        }
    }
}

/// What each of these was saved with last.
async fn saved(
    core: &Core,
    kind: &str,
    verbs: [&str; 2],
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<HashMap<Uuid, Json>, DbErr> {
    let events = told::events(core, kind, &verbs, ids).await?;
    let last = events
        .into_iter()
        .filter_map(|(id, mut events)| Some((id, events.pop()?.after)));
    Ok(last.collect())
}

/// What is stored otherwise than it was saved; what the log does not tell, as of releases before it did, is no difference.
fn differences<'a>(
    names: &'a [(&'static str, &'static str)],
    stored: &'a Json,
    saved: Option<&'a Json>,
) -> impl Iterator<Item = String> + 'a {
    names.iter().filter_map(move |(key, what)| {
        let (now, then) = (stored.get(key)?, saved?.get(key)?);
        (now != then).then(|| format!("its {what} is {now}, but was saved as {then}"))
    })
}
