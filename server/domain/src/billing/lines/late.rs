//! Use is billed as what is due less what was billed: whole for a fresh month, a difference for one that was issued.

use std::collections::BTreeSet;

use entity::component;
use model::pricing::Formula;
use model::{
    ChargeType, Charged, Currency, DateRange, Derivation, Fixed, Line, Month, Price, PriceScheme, Segment,
    Share,
};

use super::used::Used;
use super::{BilledUse, Due, Fault, ResourceMonth};
use crate::billing::inputs::first_looked_at;

impl<'a> ResourceMonth<'a> {
    /// The use of the month, and what changed in past months since their invoices. Months whose own invoice is still
    /// open are left to it.
    pub(super) fn usage(&self, billed: &BilledUse, open: &BTreeSet<Month>) -> Result<Vec<Due>, Fault> {
        let mut dues = Vec::new();
        for month in self.months(billed) {
            if month == self.month || !open.contains(&month) {
                dues.extend(self.outstanding(month, billed)?);
            }
        }
        // The month itself first, corrections after it, the latest first.
        dues.sort_by_key(|due| due.late.map(std::cmp::Reverse));
        Ok(dues)
    }

    /// Months that have use or had some billed.
    fn months(&self, billed: &BilledUse) -> BTreeSet<Month> {
        let used = self
            .resource
            .usage
            .values()
            .flat_map(|days| days.keys().map(|day| Month::containing(*day)));
        let charged = billed.keys().map(|(_, _, month)| *month);
        // Use from before is there to count what is paid up front; what it came to was billed and is not looked at again.
        let first = Month::containing(first_looked_at(self.month));
        used.chain(charged)
            .filter(|month| (first..=self.month).contains(month))
            .collect()
    }

    fn outstanding(&self, month: Month, billed: &BilledUse) -> Result<Vec<Due>, Fault> {
        let mut dues = Vec::new();
        let used = self.used_in(month)?;
        for use_of_version in &used {
            let before = self.billed_as(use_of_version, billed, &used, month)?;
            let due = self.difference(use_of_version, before, month);
            dues.extend(due.map_err(|fault| fault.of(use_of_version.component, Some(use_of_version.price)))?);
        }
        for gone in self.gone(month, billed, &used) {
            let before = billed_of(billed, gone.component, gone.price, month);
            let due = self.difference(&gone, before, month);
            dues.extend(due.map_err(|fault| fault.of(gone.component, Some(gone.price)))?);
        }
        Ok(dues)
    }

    /// What was billed of this use: at its own price version, and at those in whose place that stands by now. Correcting a
    /// price changes no amount that was billed (`correct`), so this is no change of use.
    fn billed_as(
        &self,
        one: &Used<'a>,
        billed: &BilledUse,
        used: &[Used<'a>],
        month: Month,
    ) -> Result<Fixed, Fault> {
        let mut sum = billed_of(billed, one.component, one.price, month);
        let first = used
            .iter()
            .find(|other| self.same_place(one, &other.price.version));
        if first.is_some_and(|first| first.price.version == one.price.version) {
            for (version, quantity) in versions_billed(billed, &one.component.code, month) {
                if self.same_place(one, version) && !is_used(used, one.component, version) {
                    sum = sum.checked_add(quantity)?;
                }
            }
        }
        Ok(sum)
    }

    /// Whether one of the two price versions stands in the place of the other, or both in that of a third.
    fn same_place(&self, one: &Used<'_>, version: &str) -> bool {
        let place = |version: &str| {
            let mut plans = self.tariff.plans.values();
            plans.find_map(|plan| plan.published_as(one.component.id, version))
        };
        place(&one.price.version).is_some_and(|known| place(version) == Some(known))
    }

    /// What was billed but is no longer there at all.
    fn gone(&self, month: Month, billed: &BilledUse, used: &[Used<'a>]) -> Vec<Used<'a>> {
        let metered = self
            .tariff
            .components
            .iter()
            .filter(|component| component.charge == ChargeType::Usage);
        let versions = metered.flat_map(|component| {
            let of_plan = |plan: &'a crate::catalogue::PlanVersions| {
                let versions = plan
                    .prices
                    .get(&component.id)
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                versions.iter().map(|version| (plan.currency, &version.price))
            };
            self.tariff
                .plans
                .values()
                .flat_map(of_plan)
                .map(move |(currency, price)| (component, currency, price))
        });
        let days = month.range();
        versions
            .filter(|(component, _, price)| !billed_of(billed, component, price, month).is_zero())
            .filter(|(component, _, price)| {
                let in_place = |known: &&Used<'_>| {
                    known.component.id == component.id && self.same_place(known, &price.version)
                };
                !used.iter().any(|known| in_place(&known))
            })
            .map(|(component, currency, price)| Used {
                component,
                currency,
                price,
                quantity: Fixed::ZERO,
                days,
            })
            .collect()
    }

    fn difference(&self, used: &Used<'_>, before: Fixed, month: Month) -> Result<Option<Due>, Fault> {
        let late = (month != self.month).then_some(month);
        let days = used.days;
        let currency = used.currency;
        if before.is_zero() {
            let terms = used.component.terms();
            let line = Charged {
                terms: &terms,
                currency,
            }
            .usage(used.price, used.quantity, Some(days.window()))?;
            // A month whose invoice was not issued because nothing was to be paid owes nothing later either.
            let matters = late.is_none() || !line.amount.is_zero();
            return Ok(matters.then_some(Due {
                currency,
                line,
                days,
                tax: self.taxes.of(month),
                late,
                correction: false,
            }));
        }
        if used.quantity == before {
            return Ok(None);
        }
        let line = corrected(used, before, currency, days)?;
        Ok((!line.amount.is_zero()).then_some(Due {
            currency,
            line,
            days,
            tax: self.taxes.of(month),
            late,
            correction: false,
        }))
    }
}

fn billed_of(billed: &BilledUse, component: &component::Model, price: &Price, month: Month) -> Fixed {
    let key = (component.code.clone(), price.version.clone(), month);
    billed.get(&key).copied().unwrap_or_default()
}

/// The price versions at which use of a component in `month` was billed, with how much.
fn versions_billed<'b>(
    billed: &'b BilledUse,
    code: &str,
    month: Month,
) -> impl Iterator<Item = (&'b str, Fixed)> {
    let of_month =
        move |(component, _, billed_for): &(String, String, Month)| component == code && *billed_for == month;
    billed
        .iter()
        .filter(move |(key, _)| of_month(key))
        .map(|((_, version, _), quantity)| (version.as_str(), *quantity))
}

fn is_used(used: &[Used<'_>], component: &component::Model, version: &str) -> bool {
    used.iter()
        .any(|known| known.component.id == component.id && known.price.version == version)
}

/// The line that brings what was billed to what is due.
fn corrected(used: &Used<'_>, before: Fixed, currency: Currency, days: DateRange) -> Result<Line, Fault> {
    let terms = used.component.terms();
    let delta = used.quantity.checked_sub(before)?;
    let derivation = Derivation {
        formula: Formula::Usage,
        unit: terms.unit.clone(),
        currency,
        price_version: used.price.version.clone(),
        segments: segments(used.price, before, used.quantity, days)?,
        cut_to: None,
        elsewhere: None,
        raised_to: None,
    };
    let exact = derivation.exact()?;
    Ok(Line {
        component: terms.code,
        name: terms.name,
        charge: ChargeType::Usage,
        unit: terms.unit,
        quantity: delta,
        unit_price: used.price.scheme.unit_price(),
        window: Some(days.window()),
        price_version: used.price.version.clone(),
        exact: exact.to_fixed()?,
        amount: exact.to_money(currency)?,
        derivation,
    })
}

/// With one price for every unit the difference × price; otherwise all that is due less all that was billed, because the
/// price of a unit depends on how many there are.
fn segments(price: &Price, before: Fixed, now: Fixed, days: DateRange) -> Result<Vec<Segment>, Fault> {
    let segment = |quantity: Fixed, negative: bool| -> Result<Segment, Fault> {
        let steps = charge_steps(&price.scheme, quantity)?;
        Ok(Segment {
            quantity,
            steps,
            share: Share::WHOLE,
            negative,
            window: Some(days.window()),
        })
    };
    if price.scheme.unit_price().is_some() {
        let delta = now.checked_sub(before)?;
        return Ok(vec![segment(delta.abs()?, delta.is_negative())?]);
    }
    let mut segments = Vec::new();
    if !now.is_zero() {
        segments.push(segment(now, false)?);
    }
    segments.push(segment(before, true)?);
    Ok(segments)
}

fn charge_steps(scheme: &PriceScheme, quantity: Fixed) -> Result<Vec<model::pricing::ChargeStep>, Fault> {
    Ok(scheme.charge(quantity)?.steps)
}
