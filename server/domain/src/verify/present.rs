//! Invariant 6, for what is so now: what a resource has is what its present stretch says, what runs is billed, months are
//! closed as far as documents say, and nothing is known of a time that has not come.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Days, Utc};
use entity::{closed_month, invoice, organization, project, resource, resource_interval};
use model::{DocumentKind, Fixed, InvoiceState, Month, OrganizationId, ProjectId, ResourceId, ResourceState};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Finding, next_resources};
use crate::core::Core;
use crate::zone::Zone;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let mut findings = resources(core).await?;
    findings.extend(closed_months(core).await?);
    findings.extend(kinds(core).await?);
    Ok(findings)
}

async fn resources(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let ends: HashMap<ProjectId, chrono::NaiveDate> = project::Entity::find()
        .filter(project::Column::EndDate.is_not_null())
        .all(core.read())
        .await?
        .into_iter()
        .filter_map(|row| Some((row.id, row.end_date?)))
        .collect();
    let mut findings = Vec::new();
    let mut last = None;
    loop {
        let batch = next_resources(core, last).await?;
        let Some(end) = batch.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let ids: BTreeSet<ResourceId> = batch.iter().map(|row| row.id).collect();
        let mut rows = resource_interval::Entity::find()
            .filter(resource_interval::Column::ResourceId.is_in(ids))
            .all(core.read())
            .await?;
        rows.sort_by_key(resource_interval::Model::place);
        // The last one of each stays.
        let present: HashMap<ResourceId, resource_interval::Model> =
            rows.into_iter().map(|row| (row.resource_id, row)).collect();
        for row in &batch {
            let texts = faults(
                row,
                present.get(&row.id),
                ends.get(&row.project_id).copied(),
                core.now(),
            )?;
            findings.extend(
                texts
                    .into_iter()
                    .map(|text| Finding::new(6, format!("resource {}", row.id), text)),
            );
        }
    }
}

fn faults(
    row: &resource::Model,
    present: Option<&resource_interval::Model>,
    project_end: Option<chrono::NaiveDate>,
    now: DateTime<Utc>,
) -> Result<Vec<String>, DbErr> {
    let mut texts = Vec::new();
    if row.usage_until.is_some_and(|until| until > now) {
        texts.push("its use is said to be known of a time that has not come".to_owned());
    }
    let runs = row.activated_at.is_some() && row.terminated_at.is_none() && row.state == ResourceState::Ok;
    if !runs {
        return Ok(texts);
    }
    match present {
        None => texts.push("it runs, and no plan is in force".to_owned()),
        Some(stretch) => match stretch.ends_at {
            Some(ended) if ended <= now => {
                // In grace it is kept and not billed: then its last day lies before. What ended with its project, which was
                // extended after the resource's own last day, does not go on. A day's slack is for zones.
                let last = row.end_date.into_iter().chain(project_end).min();
                let over = ended.date_naive().max(now.date_naive() - Days::new(2)) + Days::new(1);
                if last.is_none_or(|last| last > over) {
                    texts.push(format!(
                        "it runs, and no plan is in force since {}",
                        ended.format("%F %R UTC")
                    ));
                }
            }
            _ if stretch.plan_id != row.plan_id => {
                texts.push("it has another plan than the one it is billed for".to_owned());
            }
            _ if stretch.limits_held()? != row.limits_held()? => {
                texts.push("it has other limits than those it is billed for".to_owned());
            }
            _ => {}
        },
    }
    Ok(texts)
}

/// No month is closed that is not over, and none with a document that was issued is open.
async fn closed_months(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let issued: Vec<(OrganizationId, OrganizationId, Option<Month>)> = invoice::Entity::find()
        .select_only()
        .columns([invoice::Column::OrganizationId, invoice::Column::ProviderId])
        .column_as(invoice::Column::Month.max(), "last")
        .filter(invoice::Column::State.ne(InvoiceState::Open))
        .group_by(invoice::Column::OrganizationId)
        .group_by(invoice::Column::ProviderId)
        .into_tuple()
        .all(core.read())
        .await?;
    let closed = closed_month::Entity::find().all(core.read()).await?;
    let organizations = organization::Entity::find().all(core.read()).await?;
    let zones: HashMap<OrganizationId, Zone> = organizations
        .iter()
        .filter_map(|row| Some((row.id, Zone::of(row).ok()?)))
        .collect();
    let through: HashMap<(OrganizationId, OrganizationId), Month> = closed
        .iter()
        .map(|row| ((row.organization_id, row.provider_id), row.through))
        .collect();
    let subject =
        |buyer: OrganizationId, seller: OrganizationId| format!("buyer {buyer} and seller {seller}");
    let mut findings = Vec::new();
    for (buyer, seller, last) in issued {
        let closed = through.get(&(buyer, seller)).copied();
        if last.is_some_and(|last| closed.is_none_or(|closed| closed < last)) {
            let text = "a month with an issued document is not closed";
            findings.push(Finding::new(6, subject(buyer, seller), text));
        }
    }
    for row in closed {
        let over = zones
            .get(&row.organization_id)
            .map(|zone| zone.start_of(row.through.next().first_day()));
        if over.is_some_and(|over| over > row.closed_at) {
            let text = format!("{} is closed, which was not over then", row.through);
            findings.push(Finding::new(
                6,
                subject(row.organization_id, row.provider_id),
                text,
            ));
        }
    }
    Ok(findings)
}

/// What is in the buyer's favour is a credit note, and nothing else is.
async fn kinds(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let rows: Vec<(String, DocumentKind, Fixed)> = invoice::Entity::find()
        .select_only()
        .columns([
            invoice::Column::Number,
            invoice::Column::Kind,
            invoice::Column::Total,
        ])
        .filter(invoice::Column::Number.is_not_null())
        .into_tuple()
        .all(core.read())
        .await?;
    let wrong = rows
        .into_iter()
        .filter(|(_, kind, total)| (*kind == DocumentKind::CreditNote) != (*total < Fixed::ZERO));
    Ok(wrong
        .map(|(number, kind, total)| {
            Finding::new(1, format!("invoice {number}"), format!("{total} is no {kind}"))
        })
        .collect())
}
