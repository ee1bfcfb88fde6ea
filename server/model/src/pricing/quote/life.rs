//! What a resource recurringly costs on the invoice of a month, given how it lives. The same rules as billing's, on days.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;

use super::PricedComponent;
use super::clock::{ClockOffset, utc};
use crate::fixed::Fixed;
use crate::money::Currency;
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, Month, Proration, Window};
use crate::pricing::schedule::{Scheduled, scheduled};
use crate::pricing::{
    ChargeType, Charged, Line, PricedQuantity, PricingError, Recurring, ShareUnit, Stretch, counted_in,
};

/// A plan as it charges.
#[derive(Debug, Clone, Copy)]
pub(super) struct Side<'a> {
    pub(super) currency: Currency,
    pub(super) every: BillingPeriod,
    pub(super) proration: Proration,
    pub(super) mode: ChargeMode,
    pub(super) components: &'a [PricedComponent],
}

/// Some time in one plan with the same limits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stay<'a> {
    /// Index of the plan.
    pub(super) side: usize,
    pub(super) limits: &'a BTreeMap<String, Fixed>,
    pub(super) from: NaiveDateTime,
    pub(super) until: Option<NaiveDateTime>,
}

/// The plans and stays of a resource, in order.
#[derive(Debug, Clone)]
pub(super) struct Life<'a> {
    /// Of the place where its days are counted.
    pub(super) clock: &'a [ClockOffset],
    pub(super) sides: Vec<Side<'a>>,
    pub(super) stays: Vec<Stay<'a>>,
}

impl Side<'_> {
    pub(super) fn charged<'b>(&self, component: &'b PricedComponent) -> Charged<'b> {
        Charged {
            terms: &component.terms,
            currency: self.currency,
        }
    }
}

/// What is had of a component: the limit, or what the plan includes.
pub(super) fn quantity(component: &PricedComponent, limits: &BTreeMap<String, Fixed>) -> Fixed {
    match component.terms.charge {
        ChargeType::Limit => limits.get(&component.terms.code).copied().unwrap_or_default(),
        _ => component.amount,
    }
}

impl<'a> Life<'a> {
    /// What recurs, as it stands on the invoice of `month`.
    pub(super) fn recurring(&self, month: Month) -> Result<Vec<Line>, PricingError> {
        let mut lines = Vec::new();
        for (index, side) in self.sides.iter().enumerate() {
            for component in side.components {
                if component.terms.recurs_in(side.every) {
                    lines.extend(self.charge(month, (index, side), component)?);
                }
            }
        }
        Ok(lines)
    }

    fn charge(
        &self,
        month: Month,
        (index, side): (usize, &Side<'a>),
        component: &'a PricedComponent,
    ) -> Result<Vec<Line>, PricingError> {
        let every = component.terms.every_in(side.every);
        let last_day = self.end().and_then(|end| end.date().pred_opt());
        let Some(Scheduled { period, in_advance }) = scheduled(every, side.mode, month, last_day) else {
            return Ok(Vec::new());
        };
        let by_hours = counted_in(every, side.proration) == Some(ShareUnit::Hour);
        // The clock on which shares are counted.
        let tick = |local: NaiveDateTime| if by_hours { utc(self.clock, local) } else { local };
        let on_clock = |window: Window| Window {
            start: tick(window.start),
            end: tick(window.end),
        };
        let mut stretches = self.stretches(index, component);
        for stretch in &mut stretches {
            (stretch.from, stretch.until) = (tick(stretch.from), stretch.until.map(tick));
        }
        let input = Recurring {
            time: on_clock(period.window()).into(),
            every,
            proration: side.proration,
            stretches: &stretches,
        };
        let charged = side.charged(component);
        if !in_advance {
            return charged.recurring(&input);
        }
        let window = on_clock(month.range().window());
        let before = (period.start < month.first_day()).then_some(window.start);
        charged.in_advance(&input, window.end, before)
    }

    /// The midnight after the last day.
    fn end(&self) -> Option<NaiveDateTime> {
        self.stays.last().and_then(|stay| stay.until)
    }

    fn stretches(
        &self,
        side: usize,
        component: &'a PricedComponent,
    ) -> Vec<Stretch<Option<PricedQuantity<'a>>>> {
        let stretch = |stay: &Stay<'_>| Stretch {
            from: stay.from,
            until: stay.until,
            state: (stay.side == side).then(|| PricedQuantity {
                price: &component.price,
                quantity: quantity(component, stay.limits),
            }),
        };
        self.stays.iter().map(stretch).collect()
    }
}
