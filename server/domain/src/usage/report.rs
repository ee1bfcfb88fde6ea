//! Usage as people see it: by day, and by user of the backend.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, TimeDelta};
use entity::{component, organization, resource, usage_day, usage_event};
use model::{ChargeType, ComponentUsage, Fixed, Permission, ResourceId, UsageDay, UserUsage};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{Usage, UsageError};
use crate::access::{AccessError, Actor};
use crate::provisioning::facts::target_of;
use crate::zone::Zone;

/// The longest span of a report.
const LONGEST: i64 = 400;

impl Usage {
    /// The usage of each metered component from `from` up to, not including, `until`: every day of the span, also those
    /// without use, and the sum by user. Open to whoever may see the resource.
    pub async fn report(
        &self,
        actor: &Actor,
        id: ResourceId,
        from: NaiveDate,
        until: NaiveDate,
    ) -> Result<Vec<ComponentUsage>, UsageError> {
        let found = resource::Entity::find_by_id(id).one(self.core.read()).await?;
        let resource = found
            .filter(|row| may_see(actor, row))
            .ok_or(AccessError::NotFound)?;
        if !(1..=LONGEST).contains(&(until - from).num_days()) {
            return Err(UsageError::Span { most: LONGEST });
        }
        let users = self.users(&resource, from, until).await?;
        let days = usage_day::Entity::find_within([id], from, until)
            .all(self.core.read())
            .await?;
        let components = component::Entity::find_of_offering(resource.offering_id)
            .all(self.core.read())
            .await?;
        let used: BTreeSet<&str> = days.iter().map(|row| row.component.as_str()).collect();
        let metered =
            |row: &&component::Model| row.charge == ChargeType::Usage || used.contains(row.code.as_str());
        let sums = Sums {
            from,
            until,
            days: &days,
            users: &users,
        };
        components
            .iter()
            .filter(metered)
            .map(|row| Ok(sums.of(row)?))
            .collect()
    }

    /// The day that runs for the buyer of this resource, as its bills count it. Open to whoever may see the resource.
    /// Everybody else is refused as for a resource that does not exist.
    pub async fn today(&self, actor: &Actor, id: ResourceId) -> Result<NaiveDate, UsageError> {
        let found = resource::Entity::find_by_id(id)
            .find_also_related(organization::Entity)
            .one(self.core.read())
            .await?;
        let (_, buyer) = found
            .filter(|(row, _)| may_see(actor, row))
            .ok_or(AccessError::NotFound)?;
        Ok(Zone::of(&buyer.ok_or(AccessError::NotFound)?)?.day(self.core.now()))
    }

    /// Sum per component and user, from the events that count.
    async fn users(
        &self,
        resource: &resource::Model,
        from: NaiveDate,
        until: NaiveDate,
    ) -> Result<BTreeMap<(String, String), Fixed>, UsageError> {
        let buyer = organization::Entity::find_by_id(resource.organization_id)
            .one(self.core.read())
            .await?;
        let zone = Zone::of(&buyer.ok_or(AccessError::NotFound)?)?;
        // A day's slack: events keep the days that they had before the buyer moved to another zone.
        let slack = TimeDelta::days(1);
        let events = usage_event::Entity::find_counted(resource.id)
            .filter(usage_event::Column::WindowStart.lt(zone.start_of(until) + slack))
            .filter(usage_event::Column::WindowEnd.gt(zone.start_of(from) - slack))
            .all(self.core.read())
            .await?;
        let mut sums: BTreeMap<(String, String), Fixed> = BTreeMap::new();
        for event in events {
            let parts = event.parts()?;
            let sum = sums
                .entry((event.component, event.username.unwrap_or_default()))
                .or_default();
            for (_, part) in parts.into_iter().filter(|(day, _)| (from..until).contains(day)) {
                *sum = sum.checked_add(part)?;
            }
        }
        Ok(sums)
    }
}

/// From the buyer's side or from the provider's.
pub(crate) fn may_see(actor: &Actor, resource: &resource::Model) -> bool {
    let target = target_of(resource);
    actor.may(Permission::ViewProject, &target) || actor.may(Permission::ViewOffering, &target)
}

struct Sums<'a> {
    from: NaiveDate,
    until: NaiveDate,
    days: &'a [usage_day::Model],
    users: &'a BTreeMap<(String, String), Fixed>,
}

impl Sums<'_> {
    fn of(&self, row: &component::Model) -> Result<ComponentUsage, model::FixedError> {
        let known: BTreeMap<NaiveDate, Fixed> = self
            .days
            .iter()
            .filter(|day| day.component == row.code)
            .map(|day| (day.day, day.quantity))
            .collect();
        let span = self.from.iter_days().take_while(|day| *day < self.until);
        let days = span
            .map(|day| UsageDay {
                day,
                quantity: known.get(&day).copied().unwrap_or_default(),
            })
            .collect();
        let total = known
            .values()
            .try_fold(Fixed::ZERO, |sum, quantity| sum.checked_add(*quantity))?;
        let mut users: Vec<UserUsage> = self
            .users
            .iter()
            .filter(|((component, _), quantity)| *component == row.code && !quantity.is_zero())
            .map(|((_, username), quantity)| UserUsage {
                username: username.clone(),
                quantity: *quantity,
            })
            .collect();
        users.sort_by(|left, right| {
            right
                .quantity
                .cmp(&left.quantity)
                .then_with(|| left.username.cmp(&right.username))
        });
        Ok(ComponentUsage {
            component: row.code.clone(),
            name: row.name.clone(),
            unit: row.unit.clone(),
            days,
            total,
            users,
        })
    }
}
