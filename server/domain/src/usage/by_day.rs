//! Reporting by hand: a person knows a day and quantities, not a window of instants.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use entity::{organization, resource};
use model::{Permission, ResourceId, UsageReceipt, UsageReport};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::fault::{Fault, KEY_LENGTH};
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
    /// correction. Of a day that is still going on, what was used until now counts.
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
        let line = |(index, report): (usize, DayReport)| {
            self.line_of(zones.get(&report.resource_id), &report)
                .map_err(|fault| fault.refusal(index, ""))
        };
        let lines: Vec<Read> = reports.into_iter().enumerate().map(line).collect();
        self.record_read(actor, lines).await
    }

    fn line_of(&self, zone: Option<&Zone>, report: &DayReport) -> Result<UsageReport, Fault> {
        let zone = zone.ok_or_else(Fault::unknown_resource)?;
        let mut key = format!("day {} {} {}", report.day, report.component, report.username);
        if key.chars().count() > KEY_LENGTH {
            // Nobody typed a key, so nobody should be told of its length.
            let person = sha256_hex(report.username.as_bytes());
            key = format!("day {} {} {person}", report.day, report.component);
        }
        Ok(UsageReport {
            resource_id: report.resource_id,
            window_start: zone.start_of(report.day),
            window_end: zone.end_of(report.day).min(self.core.now()),
            component: report.component.clone(),
            quantity: report.quantity.trim().parse().map_err(Fault::no_quantity)?,
            key: key.trim().to_owned(),
            username: Some(report.username.clone()),
        })
    }
}
