//! Invariant 6, of organizations: what each was on documents, with the tax that it charges and what staff verified, and the
//! zones to which it moved or will, is what was saved, by the log.

use std::collections::BTreeSet;

use entity::organization::StoredZones;
use entity::{audit_event, organization, organization_version};
use model::{EventKind, Fixed, Month, OrganizationId, ZoneSince};
use sea_orm::{DbErr, EntityTrait};
use serde::Deserialize;
use serde_json::Value as Json;

use super::{Finding, told};
use crate::core::Core;
use crate::structure::{Versions, beginning};
use crate::zone::first_open_month;

/// What a version says, as the log tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
struct Facts {
    name: String,
    legal_name: String,
    registration_number: String,
    vat_number: String,
    address: String,
    country: String,
    tax_percent: Fixed,
    #[serde(default)]
    is_verified: bool,
}

/// Facts from a month on.
type Since = (Month, Facts);

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let rows = organization::Entity::find().all(core.read()).await?;
    let ids: BTreeSet<OrganizationId> = rows.iter().map(|row| row.id).collect();
    let verbs = [
        EventKind::OrganizationCreated,
        EventKind::OrganizationChanged,
        EventKind::OrganizationVerified,
    ];
    let told = told::events(core, &verbs, ids.iter().map(|id| id.0)).await?;
    let versions = Versions::of_all(core.read(), ids.iter().copied()).await?;
    let unset = rows.iter().filter(|row| {
        let events = told.get(&row.id.0).map_or(&[][..], Vec::as_slice);
        has_moved_unsaid(&row.zones, events)
    });
    let text = "it has moved or will move to a time zone that nobody set";
    let mut findings: Vec<Finding> = unset
        .map(|row| Finding::new(6, format!("organization {}", row.id), text))
        .collect();
    for id in ids {
        let saved = told.get(&id.0).and_then(|events| replay(events));
        let Some((saved, versions)) = saved.zip(versions.get(&id)) else {
            continue;
        };
        for month in differences(&saved, versions) {
            let text = format!("what it was from {month} on is not what was saved");
            findings.push(Finding::new(6, format!("organization {id}"), text));
        }
    }
    Ok(findings)
}

/// Whether its moves are others than the log tells last. Where it was from the beginning on shows in the days of its
/// documents; zones that do not follow each other are told of elsewhere.
fn has_moved_unsaid(stored: &StoredZones, events: &[audit_event::Model]) -> bool {
    let told = events
        .iter()
        .rev()
        .find_map(|event| event.after.get("time_zones"));
    let Some(Ok(told)) = told.map(StoredZones::deserialize) else {
        return false;
    };
    let moves = |zones: &StoredZones| -> Vec<ZoneSince> {
        let zones = zones.0.iter();
        zones.filter(|zone| zone.from.is_some()).cloned().collect()
    };
    let stored = moves(stored);
    stored.is_sorted_by(|one, next| one.from < next.from) && stored != moves(&told)
}

/// What was saved, month by month. Releases that kept no versions told no `time_zones`: what was saved then is not known.
fn replay(events: &[audit_event::Model]) -> Option<Vec<Since>> {
    let mut saved: Vec<Since> = Vec::new();
    let known = |event: &&audit_event::Model| {
        event.verb == EventKind::OrganizationVerified || event.after.get("time_zones").is_some()
    };
    for event in events.iter().filter(known) {
        let now = first_open_month(event.at);
        let (month, facts) = match (EventKind::parse(&event.verb)?, saved.last()) {
            (EventKind::OrganizationCreated, None) => (beginning(), Facts::deserialize(&event.after).ok()?),
            (EventKind::OrganizationChanged, None) => (now, Facts::deserialize(&event.after).ok()?),
            (EventKind::OrganizationChanged, Some((_, before))) => {
                let facts = Facts::deserialize(&event.after).ok()?;
                let same_trader =
                    (&before.country, &before.vat_number) == (&facts.country, &facts.vat_number);
                let is_verified = before.is_verified && same_trader;
                (now, Facts { is_verified, ..facts })
            }
            (EventKind::OrganizationVerified, Some((_, before))) => {
                let is_verified = is(&event.after, "country", &before.country)
                    && is(&event.after, "vat_number", &before.vat_number);
                let facts = before.clone();
                (now, Facts { is_verified, ..facts })
            }
            _ => return None,
        };
        let month = saved.last().map_or(month, |(earliest, _)| month.max(*earliest));
        saved.retain(|(since, _)| *since < month);
        saved.push((month, facts));
    }
    Some(saved).filter(|saved| !saved.is_empty())
}

fn is(told: &Json, key: &str, text: &str) -> bool {
    told.get(key).and_then(Json::as_str) == Some(text)
}

/// The months from which on something else is stored than was saved.
fn differences(saved: &[Since], versions: &Versions) -> Vec<Month> {
    let from_log = saved.iter().map(|(month, _)| *month);
    let first = saved.first().map(|(month, _)| *month);
    let stored = versions.all().iter().map(|row| row.valid_from);
    let stored = stored.filter(|month| first.is_some_and(|first| *month >= first));
    let months: BTreeSet<Month> = from_log.chain(stored).collect();
    let differs = |month: &Month| {
        let right = saved
            .iter()
            .rev()
            .find(|(since, _)| since <= month)
            .map(|(_, facts)| facts);
        versions.on(*month).map(facts_of).as_ref() != right
    };
    months.into_iter().filter(differs).collect()
}

fn facts_of(row: &organization_version::Model) -> Facts {
    Facts {
        name: row.name.clone(),
        legal_name: row.legal_name.clone(),
        registration_number: row.registration_number.clone(),
        vat_number: row.vat_number.clone(),
        address: row.address.clone(),
        country: row.country.clone(),
        tax_percent: row.tax_percent,
        is_verified: row.verified_at.is_some(),
    }
}
