//! Reporting by hand: a person knows a day and a quantity, not a window of instants.

use chrono::NaiveDate;
use entity::{organization, resource};
use model::{Fixed, Permission, ResourceId, UsageReceipt, UsageReport};
use sea_orm::EntityTrait;

use super::{Usage, UsageError};
use crate::access::{AccessError, Actor, authorize};
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
    /// How much, in the component's unit.
    pub quantity: Fixed,
    /// Who used it; empty when not told.
    pub username: String,
}

impl Usage {
    /// Records what was used on a day, as [`Usage::record`] does. The same day, component and person again is a
    /// correction. Of a day that is still going on, what was used until now counts.
    pub async fn record_day(&self, actor: &Actor, report: DayReport) -> Result<UsageReceipt, UsageError> {
        let found = resource::Entity::find_by_id(report.resource_id)
            .find_also_related(organization::Entity)
            .one(self.core.read())
            .await?;
        let (row, buyer) = found.ok_or(AccessError::NotFound)?;
        authorize(actor, Permission::ReportUsage, &target_of(&row))?;
        let buyer = buyer.ok_or(AccessError::NotFound)?;
        let zone = Zone::of(&buyer)?;
        let key = format!("day {} {} {}", report.day, report.component, report.username);
        let line = UsageReport {
            resource_id: report.resource_id,
            window_start: zone.start_of(report.day),
            window_end: zone.end_of(report.day).min(self.core.now()),
            component: report.component,
            quantity: report.quantity,
            key: key.trim().to_owned(),
            username: Some(report.username),
        };
        self.record(actor, vec![line]).await
    }
}
