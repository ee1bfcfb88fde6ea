//! Invariant 6, of use that people and programs reported: the events are there as they were reported, by the log. What
//! collectors read, the log does not know.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::usage_event::{self, UsageSource};
use model::{EventKind, ResourceId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde::Deserialize;
use uuid::Uuid;

use super::{Finding, next_resources, told};
use crate::core::Core;
use crate::usage::{LoggedUse, fingerprint};

/// Resource and instant of a report.
type Report = (Uuid, DateTime<Utc>);

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let mut last = None;
    loop {
        let resources = next_resources(core, last).await?;
        let Some(end) = resources.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let ids: Vec<ResourceId> = resources.iter().map(|row| row.id).collect();
        let logged = logged(core, &ids).await?;
        let stored = stored(core, &ids).await?;
        for ((id, at), logged) in logged {
            let events = stored.get(&(id, at)).map_or(&[][..], Vec::as_slice);
            if !is_same(&logged, events) {
                let at = at.format("%F %R UTC");
                let text = format!("its use that was reported at {at} was changed or deleted since");
                findings.push(Finding::new(6, format!("resource {id}"), text));
            }
        }
    }
}

async fn logged(core: &Core, ids: &[ResourceId]) -> Result<HashMap<Report, Vec<LoggedUse>>, DbErr> {
    let verbs = [EventKind::ResourceUsageReported];
    let told = told::events(core, &verbs, ids.iter().map(|id| id.0)).await?;
    let mut logged: HashMap<Report, Vec<LoggedUse>> = HashMap::new();
    for event in told.into_values().flatten() {
        let kept = event
            .after
            .get("kept")
            .and_then(|kept| LoggedUse::deserialize(kept).ok());
        if let Some(kept) = kept {
            logged.entry((event.subject_id, kept.at)).or_default().push(kept);
        }
    }
    Ok(logged)
}

async fn stored(core: &Core, ids: &[ResourceId]) -> Result<HashMap<Report, Vec<usage_event::Model>>, DbErr> {
    let rows = usage_event::Entity::find()
        .filter(usage_event::Column::ResourceId.is_in(ids.iter().copied()))
        .filter(usage_event::Column::Source.ne(UsageSource::Collector))
        .all(core.read())
        .await?;
    let mut stored: HashMap<Report, Vec<usage_event::Model>> = HashMap::new();
    for row in rows {
        stored
            .entry((row.resource_id.0, row.recorded_at))
            .or_default()
            .push(row);
    }
    Ok(stored)
}

/// Of several reports at one instant only the number of events is compared: which of them came with which is not known.
fn is_same(logged: &[LoggedUse], events: &[usage_event::Model]) -> bool {
    let events: Vec<&usage_event::Model> = events.iter().collect();
    let number: usize = logged.iter().map(|one| one.events).sum();
    let unchanged = match logged {
        [one] => one.fingerprint == fingerprint(&events),
        _ => true,
    };
    number == events.len() && unchanged
}
