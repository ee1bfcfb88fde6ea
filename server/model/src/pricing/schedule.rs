//! On which month's invoice a period stands.
//!
//! Invoices are by calendar month, so periods of a month and less stand on the invoice of their month however the plan is
//! charged. A longer period stands on the invoice of the month in which it ends, or in which the life of the resource
//! does; where the plan is charged in advance, on that of the month in which it begins, or in which the resource came into
//! the plan. What is billed in advance takes for granted that what is had at the end of the month stays: what turns out
//! otherwise is the difference on the invoice of the month in which it did. So the sum over all months is what the
//! period costs by the rules of shares, and each month's part depends only on what was known at its end.

mod taxed;

pub use taxed::differences_by_tax;

use chrono::{NaiveDate, NaiveDateTime};

use super::{Charged, Line, PricedQuantity, PricingError, Recurring, Stretch};
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, DateRange, Month};

/// A period and how much of it stands on a month's invoice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheduled {
    /// The whole period; the month itself for periods of a month and less.
    pub period: DateRange,
    /// Charged before it is over: what is known at the end of the month, less what was at its start.
    pub in_advance: bool,
}

/// The period that stands on the invoice of `month`, `None` where none does. `last_day` is the last day of the resource's
/// life, if that has ended. Nothing recurs `Once`.
pub fn scheduled(
    every: BillingPeriod,
    mode: ChargeMode,
    month: Month,
    last_day: Option<NaiveDate>,
) -> Option<Scheduled> {
    if every == BillingPeriod::Once {
        return None;
    }
    let longer = every.months().filter(|months| *months > 1);
    let Some(period) = longer.and_then(|_| every.containing(month.first_day())) else {
        return Some(Scheduled {
            period: month.range(),
            in_advance: false,
        });
    };
    if mode == ChargeMode::Advance {
        return Some(Scheduled {
            period,
            in_advance: true,
        });
    }
    let ended = last_day.filter(|day| period.contains(*day));
    let billed_in = Month::containing(ended.unwrap_or_else(|| period.last_day()));
    (billed_in == month).then_some(Scheduled {
        period,
        in_advance: false,
    })
}

impl Charged<'_> {
    /// What is due in advance for a period: all that is known of it at `known`, less what was known at `before`, if the
    /// period had begun then. One line per price version, in the order in which the versions came into force.
    pub fn in_advance(
        &self,
        input: &Recurring<'_>,
        known: NaiveDateTime,
        before: Option<NaiveDateTime>,
    ) -> Result<Vec<Line>, PricingError> {
        let at = |at: NaiveDateTime| {
            let stretches = as_known(input.stretches, at);
            self.recurring(&Recurring {
                stretches: &stretches,
                ..*input
            })
        };
        let after = at(known)?;
        let billed = before.map(at).transpose()?.unwrap_or_default();
        differences(&after, &billed)
    }
}

/// History as it was known at `at`: what came later is left out, and what was in force then stays.
fn as_known<'a>(
    stretches: &[Stretch<Option<PricedQuantity<'a>>>],
    at: NaiveDateTime,
) -> Vec<Stretch<Option<PricedQuantity<'a>>>> {
    let begun = stretches.iter().filter(|stretch| stretch.from < at);
    begun
        .map(|stretch| Stretch {
            until: stretch.until.filter(|until| *until <= at),
            ..*stretch
        })
        .collect()
}

/// What `after` charges beyond `billed`, price version by price version.
pub fn differences(after: &[Line], billed: &[Line]) -> Result<Vec<Line>, PricingError> {
    let mut due = Vec::new();
    for line in after {
        due.extend(difference(Some(line), same_in(billed, line))?);
    }
    for line in billed {
        if same_in(after, line).is_none() {
            due.extend(difference(None, Some(line))?);
        }
    }
    Ok(due)
}

/// The line of `lines` for the same component at the same price version.
fn same_in<'a>(lines: &'a [Line], line: &Line) -> Option<&'a Line> {
    let same = |other: &&Line| {
        line.component == other.component
            && line.price_version == other.price_version
            && line.amount.currency == other.amount.currency
    };
    lines.iter().find(same)
}

fn difference(after: Option<&Line>, billed: Option<&Line>) -> Result<Option<Line>, PricingError> {
    match (after, billed) {
        (Some(after), Some(billed)) => after.beyond(billed),
        (Some(after), None) => Ok(Some(after.clone())),
        (None, Some(billed)) => billed.taken_back().map(Some),
        (None, None) => Ok(None),
    }
}
