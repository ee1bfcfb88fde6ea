//! Invariant 1, for use: each day is the sum of the events that count on it, none is below zero, and what counts no more
//! was replaced by exactly one other event of the same key.

use std::collections::{BTreeMap, HashMap};

use chrono::NaiveDate;
use entity::{usage_day, usage_event};
use model::{Fixed, ResourceId, UsageEventId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::{Finding, next_resources};
use crate::core::Core;

type Sums = BTreeMap<(ResourceId, String, NaiveDate), Fixed>;

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
        let (told, faults) = told(core, &ids).await?;
        findings.extend(faults);
        findings.extend(compare(told, stored(core, &ids).await?));
    }
}

/// What the events that count say of each day.
async fn told(core: &Core, ids: &[ResourceId]) -> Result<(Sums, Vec<Finding>), DbErr> {
    let events = usage_event::Entity::find()
        .filter(usage_event::Column::ResourceId.is_in(ids.iter().copied()))
        .all(core.read())
        .await?;
    let (mut sums, mut findings) = (Sums::new(), unreplaced(&events));
    for event in events.into_iter().filter(|event| !event.superseded) {
        let mut whole = Some(Fixed::ZERO);
        for (day, part) in event.parts()? {
            whole = whole.and_then(|sum| sum.checked_add(part).ok());
            let sum = sums
                .entry((event.resource_id, event.component.clone(), day))
                .or_default();
            *sum = sum.checked_add(part).unwrap_or(Fixed::MAX);
        }
        if whole != Some(event.quantity) {
            let text = format!("its days do not add up to its quantity, {}", event.quantity);
            findings.push(Finding::new(1, format!("use {}", event.id), text));
        }
        if event.quantity.is_negative() {
            let text = format!("its quantity, {}, is below zero", event.quantity);
            findings.push(Finding::new(1, format!("use {}", event.id), text));
        }
    }
    Ok((sums, findings))
}

/// What counts no more and was not replaced by one event of its resource and key, and what replaces none such.
fn unreplaced(events: &[usage_event::Model]) -> Vec<Finding> {
    let known: HashMap<UsageEventId, &usage_event::Model> =
        events.iter().map(|event| (event.id, event)).collect();
    let of = |event: &usage_event::Model| (event.resource_id, event.key.clone());
    let mut times: HashMap<UsageEventId, usize> = HashMap::new();
    let mut findings = Vec::new();
    for event in events {
        let Some(replaced) = event.replaces else { continue };
        *times.entry(replaced).or_default() += 1;
        let fits = known.get(&replaced).is_some_and(|old| of(old) == of(event));
        if !fits {
            let text = format!("it says that it replaces {replaced}, which is not use of its key");
            findings.push(Finding::new(1, format!("use {}", event.id), text));
        }
    }
    for event in events {
        let replaced = times.get(&event.id).copied().unwrap_or_default();
        if replaced != usize::from(event.superseded) {
            let counts = if event.superseded {
                "counts no more"
            } else {
                "counts"
            };
            let text = format!("it {counts}, and {replaced} others replace it");
            findings.push(Finding::new(1, format!("use {}", event.id), text));
        }
    }
    findings
}

async fn stored(core: &Core, ids: &[ResourceId]) -> Result<Sums, DbErr> {
    let days = usage_day::Entity::find()
        .filter(usage_day::Column::ResourceId.is_in(ids.iter().copied()))
        .all(core.read())
        .await?;
    let row = |day: usage_day::Model| ((day.resource_id, day.component, day.day), day.quantity);
    Ok(days.into_iter().map(row).collect())
}

fn compare(mut told: Sums, stored: Sums) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut note =
        |(resource, component, day): &(ResourceId, String, NaiveDate), stored: Fixed, told: Fixed| {
            let subject = format!("resource {resource}");
            if stored.is_negative() {
                let text = format!("use of {component} on {day} is {stored}, below zero");
                findings.push(Finding::new(1, subject, text));
            } else if stored != told {
                let text =
                    format!("use of {component} on {day}: {stored} is stored, its events add up to {told}");
                findings.push(Finding::new(1, subject, text));
            }
        };
    for (key, quantity) in stored {
        let told = told.remove(&key).unwrap_or_default();
        note(&key, quantity, told);
    }
    for (key, quantity) in told {
        note(&key, Fixed::ZERO, quantity);
    }
    findings
}
