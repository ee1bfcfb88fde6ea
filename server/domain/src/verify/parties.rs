//! Invariant 6, for parties: what an issued document copied of seller and buyer, and its tax, is what was in force for its
//! month, and no version of a month that was over was changed.

use std::collections::{BTreeSet, HashMap, HashSet};

use entity::{audit_event, invoice, organization, organization_version};
use model::{EventKind, Month, OrganizationId, Party};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect};
use serde_json::Value as Json;
use uuid::Uuid;

use super::documents::name;
use super::{Finding, next_issued, told};
use crate::billing::tax_between;
use crate::core::Core;
use crate::structure::{Versions, party};
use crate::zone::first_open_month;

/// Everything that documents could have copied.
struct Known {
    organizations: HashMap<OrganizationId, organization::Model>,
    versions: HashMap<OrganizationId, Versions>,
    /// They were changed when changes did not make versions yet: what their first documents copied is not known any more.
    changed_before: HashSet<OrganizationId>,
}

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let rows = organization_version::Entity::find()
        .order_by_asc(organization_version::Column::OrganizationId)
        .order_by_asc(organization_version::Column::ValidFrom)
        .all(core.read())
        .await?;
    let mut findings: Vec<Finding> = rows.iter().filter_map(changed_late).collect();
    let known = Known::load(core, &rows).await?;
    let mut last = None;
    loop {
        let documents = next_issued(core, last).await?;
        let Some(end) = documents.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let issued = told::last(
            core,
            EventKind::InvoiceIssued,
            documents.iter().map(|row| row.id.0),
        )
        .await?;
        for document in &documents {
            findings.extend(of_document(document, &known)?);
            findings.extend(tax(document, &known, issued.get(&document.id.0)));
        }
    }
}

/// The version of a month that was over wherever on earth when it was saved.
fn changed_late(row: &organization_version::Model) -> Option<Finding> {
    let earliest = first_open_month(row.changed_at);
    let is_first = row.valid_from.first_day() < first_month();
    (!is_first && row.valid_from < earliest).then(|| {
        let text = format!(
            "what it was from {} on was changed on {}, when that month was over",
            row.valid_from,
            row.changed_at.format("%Y-%m-%d")
        );
        Finding::new(6, format!("organization {}", row.organization_id), text)
    })
}

/// What begins before holds from the beginning.
fn first_month() -> chrono::NaiveDate {
    chrono::NaiveDate::from_ymd_opt(1, 2, 1).unwrap_or_default()
}

impl Known {
    async fn load(core: &Core, rows: &[organization_version::Model]) -> Result<Self, DbErr> {
        let months: HashSet<(OrganizationId, Month)> = rows
            .iter()
            .map(|row| (row.organization_id, row.valid_from))
            .collect();
        let all = organization::Entity::find().all(core.read()).await?;
        let ids: BTreeSet<OrganizationId> = all.iter().map(|row| row.id).collect();
        let changes = audit_event::Entity::find()
            .select_only()
            .columns([audit_event::Column::SubjectId, audit_event::Column::At])
            .filter(audit_event::Column::Verb.eq(EventKind::OrganizationChanged))
            .into_tuple::<(Uuid, chrono::DateTime<chrono::Utc>)>()
            .all(core.read())
            .await?;
        let without_version = |(id, at): (Uuid, chrono::DateTime<chrono::Utc>)| {
            let id = OrganizationId(id);
            (!months.contains(&(id, first_open_month(at)))).then_some(id)
        };
        Ok(Self {
            organizations: all.into_iter().map(|row| (row.id, row)).collect(),
            versions: Versions::of_all(core.read(), ids).await?,
            changed_before: changes.into_iter().filter_map(without_version).collect(),
        })
    }

    /// What was in force, unless that cannot be told; with the organization.
    fn on(
        &self,
        id: OrganizationId,
        month: Month,
    ) -> Option<(&organization::Model, &organization_version::Model)> {
        let version = self.versions.get(&id)?.on(month)?;
        let is_first = version.valid_from.first_day() < first_month();
        let lost = is_first && self.changed_before.contains(&id);
        Some((self.organizations.get(&id)?, version)).filter(|_| !lost)
    }
}

fn of_document(row: &invoice::Model, known: &Known) -> Result<Vec<Finding>, DbErr> {
    let mut findings = Vec::new();
    let sides = [
        ("seller", row.provider_id, row.seller_party()?),
        ("buyer", row.organization_id, row.buyer_party()?),
    ];
    for (side, id, copied) in sides {
        let Some((organization, version)) = known.on(id, row.month) else {
            continue;
        };
        let right = party(organization, version);
        if identity(&copied) != identity(&right) {
            let text = format!(
                "its {side} is {}, but {} was in force for {}",
                identity(&copied).join(", "),
                identity(&right).join(", "),
                row.month
            );
            findings.push(Finding::new(6, name(row), text));
        }
    }
    Ok(findings)
}

/// What identifies a party; how it is reached is printed as it was on the day of issue.
fn identity(party: &Party) -> [&str; 5] {
    [
        &party.name,
        &party.registration_number,
        &party.vat_number,
        &party.address,
        &party.country,
    ]
}

fn tax(row: &invoice::Model, known: &Known, issued: Option<&Json>) -> Option<Finding> {
    let (_, buyer) = known.on(row.organization_id, row.month)?;
    let (_, seller) = known.on(row.provider_id, row.month)?;
    // When nobody could be verified, everybody's word was enough. That release did not have accounts yet either.
    let of_then = issued.is_some_and(|told| told.get("covered").is_none());
    let by_word = |version: &organization_version::Model| {
        version.verified_at.is_none() && version.valid_from.first_day() < first_month()
    };
    let from_before = of_then && (by_word(buyer) || by_word(seller));
    let right = tax_between(
        known.versions.get(&row.provider_id)?,
        known.versions.get(&row.organization_id)?,
        row.month,
    );
    let same = (row.tax_percent, row.reverse_charge) == (right.charged_percent(), right.reverse_charge);
    (!same && !from_before && row.organization_id != row.provider_id).then(|| {
        let words = |percent: model::Fixed, reverse: bool| {
            if reverse {
                "reverse charge".to_owned()
            } else {
                format!("{percent} %")
            }
        };
        let text = format!(
            "its tax is {}, but {} was in force for {}",
            words(row.tax_percent, row.reverse_charge),
            words(right.percent, right.reverse_charge),
            row.month
        );
        Finding::new(6, name(row), text)
    })
}
