//! Invariant 2: nothing is billed twice, and nothing outside a resource's life.
//!
//! Days are kept by the wall clock of the buyer and hours in UTC; here all are instants, in which alone they compare.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use entity::{invoice_item, organization, resource, usage_day};
use model::pricing::{Formula, Segment, ShareUnit};
use model::{Month, OrganizationId, ResourceId};
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

/// When the resource lived.
#[derive(Clone, Copy)]
struct Life<'z> {
    zone: &'z Zone,
    from: Option<DateTime<Utc>>,
    until: Option<DateTime<Utc>>,
}

impl<'z> Life<'z> {
    fn of(resource: &resource::Model, zone: &'z Zone) -> Self {
        Self {
            zone,
            from: resource.activated_at,
            until: resource.terminated_at,
        }
    }

    /// Whether days of use are its own. A day of slack: they stay those of the zone in which they were reported.
    fn covers_use(self, first: NaiveDate, last: NaiveDate) -> bool {
        let slack = Days::new(1);
        let from = self.from.and_then(|at| self.zone.day(at).checked_sub_days(slack));
        let until = self
            .until
            .and_then(|at| self.zone.day(at).checked_add_days(slack));
        from.is_some_and(|from| from <= first) && until.is_none_or(|until| last <= until)
    }

    /// Whether each slot of the stretch has an instant of it.
    fn covers(self, stretch: &Stretch) -> bool {
        let (first, last) = match stretch.unit {
            ShareUnit::Hour => (stretch.from + HOUR, stretch.until - HOUR),
            _ => (
                self.zone.end_of(self.zone.day(stretch.from)),
                self.zone.start_of(self.zone.day(stretch.until - INSTANT)),
            ),
        };
        self.from.is_some_and(|from| from < first) && self.until.is_none_or(|until| last < until)
    }
}

const HOUR: TimeDelta = TimeDelta::hours(1);
const INSTANT: TimeDelta = TimeDelta::microseconds(1);

/// Days or hours in a row that a line bills.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Stretch {
    from: DateTime<Utc>,
    until: DateTime<Utc>,
    unit: ShareUnit,
}

impl Stretch {
    /// The days that stand on a line.
    fn of_days(item: &invoice_item::Model, zone: &Zone) -> Self {
        Self {
            from: zone.start_of(item.from_day),
            until: zone.start_of(item.until_day),
            unit: ShareUnit::Day,
        }
    }

    fn of(segment: &Segment, zone: &Zone) -> Option<Self> {
        let window = segment.window?;
        let unit = segment.share.unit;
        let (from, until) = match unit {
            ShareUnit::Day => {
                let days = window.dates();
                (zone.start_of(days.start), zone.start_of(days.end))
            }
            ShareUnit::Hour => (window.start.and_utc(), window.end.and_utc()),
            ShareUnit::Month | ShareUnit::Period => return None,
        };
        Some(Self { from, until, unit })
    }
}

fn outside(
    resource: &resource::Model,
    life: Life<'_>,
    used: Option<&(NaiveDate, NaiveDate)>,
) -> Option<Finding> {
    let (first, last) = *used.filter(|(first, last)| !life.covers_use(*first, *last))?;
    let text = format!(
        "{}: use from {first} to {last} lies outside its life",
        resource.name
    );
    Some(Finding::new(2, format!("resource {}", resource.id), text))
}

/// Whether a share is of more days or hours than a month has: also where only some at its end stand on a line, because the
/// end of the year moved with the buyer's time zone after the year was billed in advance.
fn is_part_of_longer(segment: &Segment) -> bool {
    let most = match segment.share.unit {
        ShareUnit::Day => 31,
        // A month of 31 days, and what clocks and moves can add.
        ShareUnit::Hour => 31 * 24 + 27,
        ShareUnit::Month | ShareUnit::Period => return false,
    };
    segment.share.of > most
}

/// Days and hours of recurring charges, which alone are billed so. What whole periods or terms cost may reach beyond.
fn billed(resource: &resource::Model, life: Life<'_>, items: &[invoice_item::Model]) -> Vec<Finding> {
    let subject = format!("resource {}", resource.id);
    let mut findings = Vec::new();
    let mut billed: BTreeMap<&str, Vec<Stretch>> = BTreeMap::new();
    for item in items {
        let derivation = &item.derivation.0;
        if derivation.formula != Formula::Recurring {
            continue;
        }
        // What is billed for longer than a month may be in advance, and is taken back where a life ends before: that is
        // computed once more as a whole, among what was issued.
        let longer = item.until_day > Month::containing(item.from_day).next().first_day();
        let of_longer = |segment: &Segment| segment.negative || is_part_of_longer(segment);
        if longer || derivation.segments.iter().any(of_longer) {
            continue;
        }
        let own = derivation
            .segments
            .iter()
            .filter_map(|segment| Stretch::of(segment, life.zone));
        let own: Vec<Stretch> = own.collect();
        let by_days = own.iter().all(|stretch| stretch.unit == ShareUnit::Day) && !own.is_empty();
        let printed = by_days.then(|| Stretch::of_days(item, life.zone));
        if own.iter().chain(&printed).any(|stretch| !life.covers(stretch)) {
            let last = item.until_day.pred_opt().unwrap_or(item.from_day);
            let text = format!(
                "{}: billed from {} to {last}, which lies outside its life",
                resource.name, item.from_day
            );
            findings.push(Finding::new(2, subject.clone(), text));
        }
        billed.entry(&item.component).or_default().extend(own);
    }
    for (component, mut stretches) in billed {
        stretches.sort();
        for (left, right) in stretches.iter().zip(stretches.iter().skip(1)) {
            if right.from < left.until {
                let day = life.zone.day(right.from);
                let text = format!("{}: {component} is billed twice on {day}", resource.name);
                findings.push(Finding::new(2, subject.clone(), text));
            }
        }
    }
    findings
}
