//! Invariant 5, of roles: each is held by whom, on what and until when the log says that it was granted, and none was put
//! there that nobody granted.

use chrono::{DateTime, SubsecRound, Utc};
use entity::{audit_event, role_grant, user};
use model::{EventKind, GrantId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use super::{BATCH, Finding, told};
use crate::core::Core;

const VERBS: [EventKind; 3] = [
    EventKind::RoleGranted,
    EventKind::RoleRevoked,
    EventKind::RoleEndChanged,
];

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last: Option<GrantId> = None;
    loop {
        let mut query = role_grant::Entity::find()
            .order_by_asc(role_grant::Column::Id)
            .limit(BATCH);
        if let Some(last) = last {
            query = query.filter(role_grant::Column::Id.gt(last));
        }
        let rows = query.find_also_related(user::Entity).all(core.read()).await?;
        let Some((end, _)) = rows.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let told = told::events(core, &VERBS, rows.iter().map(|(row, _)| row.id.0)).await?;
        for (row, person) in &rows {
            let events = told.get(&row.id.0).map_or(&[][..], Vec::as_slice);
            let email = person.as_ref().map_or("", |person| &person.email);
            let subject = || format!("role {} of {email}", row.role);
            findings.extend(wrong(row, email, events)?.map(|text| Finding::new(5, subject(), text)));
        }
    }
}

fn wrong(
    row: &role_grant::Model,
    email: &str,
    events: &[audit_event::Model],
) -> Result<Option<&'static str>, DbErr> {
    let Some(granted) = events.iter().find(|event| event.verb == EventKind::RoleGranted) else {
        return Ok(Some("by the log, nobody granted it"));
    };
    let is = |key: &str, stored: Json| granted.after.get(key) == Some(&stored);
    let is_as_granted =
        is("role", json!(row.role)) && is("scope", json!(row.scope()?)) && is("user", json!(email));
    let is_revoked = events.iter().any(|event| event.verb == EventKind::RoleRevoked);
    // The microseconds that databases keep.
    let kept = |end: Option<DateTime<Utc>>| end.map(|end| end.trunc_subsecs(6));
    Ok(if !is_as_granted {
        Some("it is not what was granted: its role, its place or its person was changed")
    } else if is_revoked && row.revoked_at.is_none() {
        Some("it was taken away, and is held again though nobody granted it anew")
    } else if !is_revoked && row.revoked_at.is_some() {
        Some("it is marked as taken away, though nobody took it")
    } else if end(events).is_some_and(|End(end)| kept(end) != kept(row.expires_at)) {
        Some("its last day is not the one that was set")
    } else {
        None
    })
}

/// Until when a role is held, where it ends.
struct End(Option<DateTime<Utc>>);

/// Until when the role was given last, where the log says that.
fn end(events: &[audit_event::Model]) -> Option<End> {
    let told = events
        .iter()
        .rev()
        .find_map(|event| event.after.get("expires_at"))?;
    Option::deserialize(told).ok().map(End)
}
