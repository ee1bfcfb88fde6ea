//! Worked figures of the rules, refusals, and properties. Builders shared by the groups stand here.

mod changes;
mod cheapest;
mod differences;
mod first_invoice;
mod lines;

mod properties;
mod quotes;
mod schemes;
mod sharing;
mod size;
mod taxed;
mod terms_and_totals;
mod to_come;
mod versions;
mod whole_periods;

use chrono::{NaiveDate, NaiveDateTime};

use super::{
    ChargeType, Charged, ComponentTerms, Line, Price, PriceScheme, PricedQuantity, Recurring, Stretch, Tier,
};
use crate::fixed::Fixed;
use crate::money::Currency;
use crate::period::{BillingPeriod, DateRange, LimitPeriod, Proration};

fn fixed(text: &str) -> Fixed {
    text.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// `2025-07-20` is midnight; `2025-07-20T14:30:00` is as it says.
fn at(text: &str) -> NaiveDateTime {
    text.parse()
        .unwrap_or_else(|_| date(text).and_hms_opt(0, 0, 0).unwrap())
}

fn range(start: &str, end: &str) -> DateRange {
    DateRange::new(date(start), date(end)).unwrap()
}

fn tier(up_to: Option<i32>, price: &str) -> Tier {
    Tier {
        up_to: up_to.map(Fixed::from),
        price: fixed(price),
    }
}

fn per_unit(version: &str, price: &str) -> Price {
    Price {
        version: version.into(),
        scheme: PriceScheme::per_unit(fixed(price)),
    }
}

fn flat_fee() -> ComponentTerms {
    ComponentTerms::simple("base", "Base fee", "service", ChargeType::Fixed)
}

fn cores(limit_period: LimitPeriod) -> ComponentTerms {
    ComponentTerms {
        limit_period,
        ..ComponentTerms::simple("cores", "Cores", "core", ChargeType::Limit)
    }
}

fn eur(terms: &ComponentTerms) -> Charged<'_> {
    Charged {
        terms,
        currency: Currency::Eur,
    }
}

fn held<'a>(
    price: &'a Price,
    quantity: &str,
    from: &str,
    until: Option<&str>,
) -> Stretch<Option<PricedQuantity<'a>>> {
    Stretch {
        from: at(from),
        until: until.map(at),
        state: Some(PricedQuantity {
            price,
            quantity: fixed(quantity),
        }),
    }
}

/// Lines of one monthly or quarterly window, prorated by the day.
fn lines(
    terms: &ComponentTerms,
    window: DateRange,
    stretches: &[Stretch<Option<PricedQuantity<'_>>>],
) -> Vec<Line> {
    let every = terms.every_in(BillingPeriod::Month);
    let input = Recurring {
        time: window.window().into(),
        every,
        proration: Proration::Day,
        stretches,
    };
    eur(terms).recurring(&input).unwrap()
}

fn amounts(lines: &[Line]) -> Vec<String> {
    lines.iter().map(|line| line.amount.plain()).collect()
}
