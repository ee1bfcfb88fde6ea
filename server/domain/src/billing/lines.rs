//! What a resource owes for a month: a pure function of its history, its use and the price versions.

mod basis;
mod in_force;
mod late;
mod once;
mod prepaid;
mod recurring;
mod stretches;
mod terms_ahead;
mod used;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use entity::component;
use model::{ComponentId, Currency, DateRange, Line, Month, Price, PriceId, PricingError, TaxRate};

pub(crate) use terms_ahead::terms_ahead;

use super::inputs::{BilledResource, BilledUse, BillingInputs, Span, Tariff};
use super::tax::Taxes;
use crate::zone::Zone;

/// Why a charge cannot be computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    Pricing(PricingError),
    /// With the prices of this component, and with this version where it is one alone.
    Price {
        source: PricingError,
        component: ComponentId,
        version: Option<PriceId>,
    },
    /// Paid up front for a term without an end.
    NoEndDate,
}

impl Fault {
    /// The same, said of a component's prices. What is known better already stays.
    fn of(self, component: &component::Model, price: Option<&Price>) -> Self {
        match self {
            Self::Pricing(source) => Self::Price {
                source,
                component: component.id,
                version: price.and_then(|price| price.version.parse().ok()),
            },
            known => known,
        }
    }
}

impl From<PricingError> for Fault {
    fn from(fault: PricingError) -> Self {
        Self::Pricing(fault)
    }
}

impl From<model::FixedError> for Fault {
    fn from(fault: model::FixedError) -> Self {
        Self::Pricing(fault.into())
    }
}

/// A charge: the line, its currency and the days that it covers.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Due {
    pub(crate) currency: Currency,
    pub(crate) line: Line,
    pub(crate) days: DateRange,
    pub(crate) tax: TaxRate,
    /// The past month whose use it corrects.
    pub(crate) late: Option<Month>,
    /// It corrects what was billed in advance on an earlier invoice.
    pub(crate) correction: bool,
}

/// One resource, seen in one month.
#[derive(Clone, Copy)]
pub(crate) struct ResourceMonth<'a> {
    pub(crate) resource: &'a BilledResource,
    pub(crate) tariff: &'a Tariff,
    pub(crate) zone: &'a Zone,
    pub(crate) taxes: &'a Taxes,
    pub(crate) month: Month,
    /// What lasts is charged up to here; in a month that is over this changes nothing.
    pub(crate) now: DateTime<Utc>,
}

impl ResourceMonth<'_> {
    /// Everything due, in printed order: what is charged once, what recurs, what was used, and corrections of the use of
    /// past months.
    pub(crate) fn dues(&self, inputs: &BillingInputs) -> Result<Vec<Due>, Fault> {
        let mut dues = self.once()?;
        dues.extend(self.recurring()?);
        let nothing = BilledUse::new();
        let billed = inputs.billed.get(&self.resource.row.id).unwrap_or(&nothing);
        dues.extend(self.usage(billed, &inputs.open)?);
        Ok(dues)
    }

    /// The end of a span, or now while it lasts. The end of the last one may lie ahead.
    fn end(&self, span: &Span) -> DateTime<Utc> {
        span.until.map_or(self.now, |until| until.min(self.now))
    }

    fn in_month(&self, at: DateTime<Utc>) -> bool {
        Month::containing(self.zone.day(at)) == self.month
    }

    /// The last days of the resource's life, of months at whose end it was gone. It may have come back later: what had
    /// stopped goes on when it is extended.
    fn last_days(&self) -> Vec<NaiveDate> {
        let spans = &self.resource.spans;
        let lives_at = |at: DateTime<Utc>| {
            let lives = |span: &Span| span.from <= at && span.until.is_none_or(|until| until > at);
            spans.iter().any(lives)
        };
        let ends = spans
            .iter()
            .filter_map(|span| span.until)
            // What another stretch follows does not end.
            .filter(|end| *end <= self.now && !lives_at(*end));
        // A life that ends at midnight ends with the day before.
        let days = ends.map(|end| self.zone.day(end - TimeDelta::microseconds(1)));
        days.filter(|day| !lives_at(self.zone.start_of(Month::containing(*day).next().first_day())))
            .collect()
    }
}

#[cfg(test)]
mod tests;
