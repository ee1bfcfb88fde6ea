//! What was used, by the plan and price version in force at the last billable instant of each day.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};
use entity::component;
use model::{ChargeType, Currency, DateRange, Fixed, Month, Price};

use super::in_force::InForce;
use super::{Fault, ResourceMonth};
use crate::billing::inputs::Span;

/// The use of a component at one price version in a month.
pub(super) struct Used<'a> {
    pub(super) component: &'a component::Model,
    pub(super) currency: Currency,
    pub(super) price: &'a Price,
    pub(super) quantity: Fixed,
    /// The days on which the price version was in force.
    pub(super) days: DateRange,
}

impl<'a> ResourceMonth<'a> {
    /// The use of `month`, in the order of components and price versions.
    pub(super) fn used_in(&self, month: Month) -> Result<Vec<Used<'a>>, Fault> {
        let mut all = Vec::new();
        for component in self
            .tariff
            .components
            .iter()
            .filter(|component| component.charge == ChargeType::Usage)
        {
            let days = self.charged_days(component, month)?;
            if days.values().any(|quantity| !quantity.is_zero()) {
                all.extend(self.by_version(component, &days, month.range())?);
            }
        }
        Ok(all)
    }

    /// What counts as use of the component in `month`: its own, and what exceeds the prepaid limits that name it.
    fn charged_days(
        &self,
        component: &component::Model,
        month: Month,
    ) -> Result<BTreeMap<NaiveDate, Fixed>, Fault> {
        let mut days = self.own_days(&component.code, month);
        let prepaid =
            |row: &&component::Model| row.prepaid && row.overage_component.as_ref() == Some(&component.code);
        for limited in self.tariff.components.iter().filter(prepaid) {
            for (day, over) in self.overage(limited, month)? {
                let sum = days.entry(day).or_default();
                *sum = sum.checked_add(over)?;
            }
        }
        Ok(days)
    }

    fn own_days(&self, code: &str, month: Month) -> BTreeMap<NaiveDate, Fixed> {
        let range = month.range();
        let own = self
            .resource
            .usage
            .get(code)
            .map(|days| days.range(range.start..range.end));
        own.into_iter()
            .flatten()
            .map(|(day, quantity)| (*day, *quantity))
            .collect()
    }

    fn by_version(
        &self,
        component: &'a component::Model,
        quantities: &BTreeMap<NaiveDate, Fixed>,
        range: DateRange,
    ) -> Result<Vec<Used<'a>>, Fault> {
        let in_force: Vec<Option<InForce<'a>>> = self
            .resource
            .spans
            .iter()
            .map(|span| self.in_force(span, component))
            .collect();
        let mut groups: Vec<Used<'a>> = Vec::new();
        for day in range.start.iter_days().take_while(|day| *day < range.end) {
            let Some((currency, price)) = self.price_on(&in_force, day) else {
                continue;
            };
            let quantity = quantities.get(&day).copied().unwrap_or_default();
            let end = day.succ_opt().unwrap_or(day);
            match groups
                .iter_mut()
                .find(|group| group.price.version == price.version)
            {
                Some(group) => {
                    group.quantity = group.quantity.checked_add(quantity)?;
                    group.days.end = end;
                }
                None => groups.push(Used {
                    component,
                    currency,
                    price,
                    quantity,
                    days: DateRange { start: day, end },
                }),
            }
        }
        groups.retain(|group| !group.quantity.is_zero());
        Ok(groups)
    }

    /// The price of a day of use; `in_force` is by span.
    fn price_on(&self, in_force: &[Option<InForce<'a>>], day: NaiveDate) -> Option<(Currency, &'a Price)> {
        let place = self.place_on(day)?;
        let span = self.resource.spans.get(place)?;
        let sold = in_force.get(place)?.as_ref()?;
        let end = self.zone.end_of(day).min(self.end(span));
        let last = (end - TimeDelta::microseconds(1)).max(span.from);
        Some((sold.currency, &sold.price_at(last)?.price))
    }

    pub(super) fn span_on(&self, day: NaiveDate) -> Option<&'a Span> {
        self.resource.spans.get(self.place_on(day)?)
    }

    /// Which span was in force at the last instant of `day` at which the resource lived.
    fn place_on(&self, day: NaiveDate) -> Option<usize> {
        let (start, end) = (self.zone.start_of(day), self.zone.end_of(day));
        let place = self.resource.spans.iter().rposition(|span| span.from < end)?;
        let span = self.resource.spans.get(place)?;
        let over = span.until.is_some_and(|until| until <= start);
        (!over).then_some(place)
    }
}
