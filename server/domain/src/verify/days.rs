//! Invariant 2: no day is billed twice, and none outside a resource's life.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::NaiveDate;
use entity::{invoice_item, organization, resource, usage_day};
use model::pricing::{Formula, ShareUnit};
use model::{OrganizationId, ResourceId, Window};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect};

use super::{Finding, next_resources};
use crate::core::Core;
use crate::zone::Zone;

pub(super) async fn check(core: &Core) -> Result<Vec<Finding>, DbErr> {
    let (zones, mut findings) = zones(core).await?;
    let mut last = None;
    loop {
        let resources = next_resources(core, last).await?;
        let Some(end) = resources.last() else {
            return Ok(findings);
        };
        last = Some(end.id);
        let ids = || resources.iter().map(|row| row.id);
        let items = invoice_item::Entity::find().filter(invoice_item::Column::ResourceId.is_in(ids()));
        let mut items = by_resource(items.all(core.read()).await?);
        let used = used(core, ids()).await?;
        for resource in &resources {
            let Some(zone) = zones.get(&resource.organization_id) else {
                continue;
            };
            let life = Life::of(resource, zone);
            findings.extend(outside(resource, life, used.get(&resource.id)));
            let items = items.remove(&resource.id).unwrap_or_default();
            findings.extend(billed(resource, life, &items));
        }
    }
}

async fn zones(core: &Core) -> Result<(HashMap<OrganizationId, Zone>, Vec<Finding>), DbErr> {
    let (mut zones, mut findings) = (HashMap::new(), Vec::new());
    for row in organization::Entity::find().all(core.read()).await? {
        match Zone::of(&row) {
            Ok(zone) => {
                zones.insert(row.id, zone);
            }
            Err(unknown) => findings.push(Finding::new(
                2,
                format!("organization {}", row.id),
                unknown.to_string(),
            )),
        }
    }
    Ok((zones, findings))
}

fn by_resource(items: Vec<invoice_item::Model>) -> HashMap<ResourceId, Vec<invoice_item::Model>> {
    let mut sorted: HashMap<ResourceId, Vec<invoice_item::Model>> = HashMap::new();
    for item in items {
        if let Some(id) = item.resource_id {
            sorted.entry(id).or_default().push(item);
        }
    }
    sorted
}

/// First and last day of use.
async fn used(
    core: &Core,
    ids: impl Iterator<Item = ResourceId>,
) -> Result<HashMap<ResourceId, (NaiveDate, NaiveDate)>, DbErr> {
    let rows = usage_day::Entity::find()
        .select_only()
        .column(usage_day::Column::ResourceId)
        .column_as(usage_day::Column::Day.min(), "first")
        .column_as(usage_day::Column::Day.max(), "last")
        .filter(usage_day::Column::ResourceId.is_in(ids))
        .filter(usage_day::Column::Quantity.ne(model::Fixed::ZERO))
        .group_by(usage_day::Column::ResourceId)
        .into_tuple::<(ResourceId, NaiveDate, NaiveDate)>()
        .all(core.read())
        .await?;
    Ok(rows
        .into_iter()
        .map(|(id, first, last)| (id, (first, last)))
        .collect())
}

/// First and last day on which the resource lived.
#[derive(Clone, Copy)]
struct Life {
    first: Option<NaiveDate>,
    last: Option<NaiveDate>,
}

impl Life {
    fn of(resource: &resource::Model, zone: &Zone) -> Self {
        Self {
            first: resource.activated_at.map(|at| zone.day(at)),
            last: resource.terminated_at.map(|at| zone.day(at)),
        }
    }

    fn covers(self, first: NaiveDate, last: NaiveDate) -> bool {
        self.first.is_some_and(|start| start <= first) && self.last.is_none_or(|end| last <= end)
    }
}

fn outside(resource: &resource::Model, life: Life, used: Option<&(NaiveDate, NaiveDate)>) -> Option<Finding> {
    let (first, last) = *used.filter(|(first, last)| !life.covers(*first, *last))?;
    let text = format!(
        "{}: use from {first} to {last} lies outside its life",
        resource.name
    );
    Some(Finding::new(2, format!("resource {}", resource.id), text))
}

/// Days of recurring charges, which alone are billed by the day. What whole periods or terms cost may reach beyond.
fn billed(resource: &resource::Model, life: Life, items: &[invoice_item::Model]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut windows: BTreeMap<&str, Vec<Window>> = BTreeMap::new();
    let mut beyond = BTreeSet::new();
    for item in items {
        let derivation = &item.derivation.0;
        if derivation.formula != Formula::Recurring {
            continue;
        }
        let by_slots = |unit: ShareUnit| matches!(unit, ShareUnit::Day | ShareUnit::Hour);
        let own = derivation
            .segments
            .iter()
            .filter(|segment| by_slots(segment.share.unit));
        let own: Vec<Window> = own.filter_map(|segment| segment.window).collect();
        let last = item.until_day.pred_opt().unwrap_or(item.from_day);
        if !own.is_empty() && !life.covers(item.from_day, last) {
            beyond.insert((item.from_day, last));
        }
        windows.entry(&item.component).or_default().extend(own);
    }
    let subject = format!("resource {}", resource.id);
    for (first, last) in beyond {
        let text = format!(
            "{}: billed from {first} to {last}, which lies outside its life",
            resource.name
        );
        findings.push(Finding::new(2, subject.clone(), text));
    }
    for (component, mut windows) in windows {
        windows.sort_by_key(|window| (window.start, window.end));
        for (left, right) in windows.iter().zip(windows.iter().skip(1)) {
            if right.start < left.end {
                let text = format!(
                    "{}: {component} is billed twice on {}",
                    resource.name,
                    right.start.date()
                );
                findings.push(Finding::new(2, subject.clone(), text));
            }
        }
    }
    findings
}
