//! Reporting by hand: a person knows a day and quantities, not a window of instants.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::{organization, resource, usage_event};
use model::{Permission, ResourceId, UsageReceipt, UsageReport};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};

use super::fault::{Fault, KEY_LENGTH, in_words};
use super::record::Read;
use super::{Usage, UsageError};
use crate::access::{Actor, authorize};
use crate::crypto::sha256_hex;
use crate::provisioning::facts::target_of;
use crate::zone::Zone;

/// What was used of one component on one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DayReport {
    /// The resource.
    pub resource_id: ResourceId,
    /// Component code.
    pub component: String,
    /// The day, as the buyer's bills count it.
    pub day: NaiveDate,
    /// How much, in the component's unit, as it was typed.
    pub quantity: String,
    /// Who used it; empty when not told.
    pub username: String,
}

impl Usage {
    /// Records what was used on days, as [`Usage::record`] does. The same day, component and person again is a
    /// correction, whoever reported it before, by hand or by a program; refused where it is told in several reports or in
    /// one of more days than that, because it cannot be said which is meant. Of a day that is still going on, what was used
    /// until now counts.
    pub async fn record_days(
        &self,
        actor: &Actor,
        reports: Vec<DayReport>,
    ) -> Result<UsageReceipt, UsageError> {
        let ids: BTreeSet<ResourceId> = reports.iter().map(|report| report.resource_id).collect();
        let found = resource::Entity::find()
            .filter(resource::Column::Id.is_in(ids))
            .find_also_related(organization::Entity)
            .all(self.core.read())
            .await?;
        let mut zones: BTreeMap<ResourceId, Zone> = BTreeMap::new();
        for (row, buyer) in found {
            let allowed = authorize(actor, Permission::ReportUsage, &target_of(&row)).is_ok();
            if let Some(buyer) = buyer.filter(|_| allowed) {
                zones.insert(row.id, Zone::of(&buyer)?);
            }
        }
        let known = self.reported_before(&zones, &reports).await?;
        let line = |(index, report): (usize, DayReport)| {
            self.line_of(zones.get(&report.resource_id), &report, &known)
                .map_err(|fault| fault.refusal(index, ""))
        };
        let lines: Vec<Read> = reports.into_iter().enumerate().map(line).collect();
        self.record_read(actor, lines).await
    }

    /// The reports that count on the days that are reported on.
    async fn reported_before(
        &self,
        zones: &BTreeMap<ResourceId, Zone>,
        reports: &[DayReport],
    ) -> Result<Vec<Known>, DbErr> {
        let windows = || {
            let with_zone = reports
                .iter()
                .filter_map(|report| Some((zones.get(&report.resource_id)?, report.day)));
            with_zone.map(|(zone, day)| (zone.start_of(day), zone.end_of(day)))
        };
        let Some((from, until)) = windows()
            .map(|window| window.0)
            .min()
            .zip(windows().map(|window| window.1).max())
        else {
            return Ok(Vec::new());
        };
        let components: BTreeSet<&str> = reports.iter().map(|report| report.component.as_str()).collect();
        let found = usage_event::Entity::find()
            .filter(usage_event::Column::ResourceId.is_in(zones.keys().copied()))
            .filter(usage_event::Column::Superseded.eq(false))
            .filter(usage_event::Column::Component.is_in(components))
            .filter(usage_event::Column::WindowStart.lt(until))
            .filter(usage_event::Column::WindowEnd.gt(from))
            .all(self.core.read())
            .await?;
        found.into_iter().map(Known::of).collect()
    }

    fn line_of(
        &self,
        zone: Option<&Zone>,
        report: &DayReport,
        known: &[Known],
    ) -> Result<UsageReport, Fault> {
        let zone = zone.ok_or_else(Fault::unknown_resource)?;
        let same: Vec<&Known> = known.iter().filter(|known| known.is_of(report)).collect();
        let key = match same.as_slice() {
            [] => own_key(report),
            [one] if one.days == [report.day] => one.event.key.clone(),
            several => return Err(told_otherwise(report, several.len())),
        };
        Ok(UsageReport {
            resource_id: report.resource_id,
            window_start: zone.start_of(report.day),
            window_end: zone.end_of(report.day).min(self.core.now()),
            component: report.component.clone(),
            quantity: report.quantity.trim().parse().map_err(Fault::no_quantity)?,
            key,
            username: Some(report.username.clone()),
        })
    }
}

/// A report that counts, with the days on which it does.
struct Known {
    event: usage_event::Model,
    days: Vec<NaiveDate>,
}

impl Known {
    fn of(event: usage_event::Model) -> Result<Self, DbErr> {
        let days = event.parts()?.into_iter().map(|(day, _)| day).collect();
        Ok(Self { event, days })
    }

    /// Whether it tells of the same day, component and person. Nobody is nobody, however that is told.
    fn is_of(&self, report: &DayReport) -> bool {
        self.event.resource_id == report.resource_id
            && self.event.component == report.component
            && self.event.username.as_deref().unwrap_or_default() == report.username
            && self.days.contains(&report.day)
    }
}

fn own_key(report: &DayReport) -> String {
    let mut key = format!("day {} {} {}", report.day, report.component, report.username);
    if key.chars().count() > KEY_LENGTH {
        // Nobody typed a key, so nobody should be told of its length.
        let person = sha256_hex(report.username.as_bytes());
        key = format!("day {} {} {person}", report.day, report.component);
    }
    key.trim().to_owned()
}

fn told_otherwise(report: &DayReport, reports: usize) -> Fault {
    let day = in_words(report.day);
    let message = if reports == 1 {
        format!(
            "What was used on {day} is part of a report of more days. Correct that one where it came from."
        )
    } else {
        format!("What was used on {day} was told in {reports} reports. Correct them where they came from.")
    };
    Fault::new("told_otherwise", message)
}
