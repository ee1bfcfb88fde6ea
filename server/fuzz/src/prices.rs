//! Numbers, amounts, currencies, months and days as people and programs write them.

use std::str::FromStr;

use chrono::{Datelike, NaiveDate};
use model::{BillingPeriod, Currency, DateRange, Fixed, Money, Month, PriceScheme, group_thousands};
use rust_decimal::Decimal;
use serde_json::json;

/// The first byte chooses the currency; the rest are two texts, one on each line.
///
/// # Panics
/// Where something that is taken is not printed as what it is read from, or a sum is not the sum.
pub fn prices(bytes: &[u8]) {
    let Some((chosen, text)) = bytes.split_first() else {
        return;
    };
    let Ok(text) = std::str::from_utf8(text) else {
        return;
    };
    let (one, other) = text.split_once('\n').unwrap_or((text, ""));
    let currency = Currency::ALL.iter().cycle().nth(usize::from(*chosen));
    let currency = currency.copied().unwrap_or(Currency::Eur);
    numbers(one, other);
    amounts(one, other, currency);
    named(one);
    calendar(one, other);
    schemes(one);
}

fn numbers(one: &str, other: &str) {
    let (Ok(one), other) = (Fixed::from_str(one), Fixed::from_str(other)) else {
        return;
    };
    assert_eq!(Fixed::from_str(&one.to_string()), Ok(one), "printed");
    assert_eq!(Fixed::from_decimal(one.to_decimal()), Ok(one), "as a decimal");
    let json = serde_json::to_value(one).unwrap_or_default();
    assert_eq!(serde_json::from_value::<Fixed>(json).ok(), Some(one), "in JSON");
    let Ok(other) = other else { return };
    let wide = |number: Fixed| i128::from(number.nanos());
    let same = |sum: Result<Fixed, _>, exact: i128| match sum {
        Ok(sum) => assert_eq!(wide(sum), exact, "{one} and {other}"),
        Err(_) => assert!(i64::try_from(exact).is_err(), "{one} and {other}"),
    };
    same(one.checked_add(other), wide(one) + wide(other));
    same(one.checked_sub(other), wide(one) - wide(other));
    same(one.checked_neg(), -wide(one));
    same(one.abs(), wide(one).abs());
    if let Ok(quotient) = one.checked_div_rounded(other) {
        // Twice the rest is at most the divisor: the nearest there is.
        let rest = wide(one) * 1_000_000_000 - wide(quotient) * wide(other);
        assert!(
            2 * rest.abs() <= wide(other).abs(),
            "{one} / {other} = {quotient}"
        );
    }
}

fn amounts(one: &str, other: &str, currency: Currency) {
    let both = [one, other].map(|text| {
        typed(text, currency);
        let sent = json!({ "amount": text, "currency": currency });
        serde_json::from_value::<Money>(sent)
            .ok()
            .inspect(|money| is_sent_back(text, *money))
    });
    let [Some(one), Some(other)] = both else { return };
    let exact = one.amount.checked_add(other.amount);
    assert_eq!(one.checked_add(other).ok().map(|sum| sum.amount), exact);
    let both_ways = other.checked_add(one).ok();
    assert_eq!(one.checked_add(other).ok(), both_ways, "{one} and {other}");
    for money in [one.checked_sub(other), one.checked_mul(other.amount)]
        .into_iter()
        .flatten()
    {
        drop((money.to_string(), money.rounded().to_string(), money.to_fixed()));
    }
    assert!(
        one.checked_add(Money::zero(another(currency))).is_err(),
        "currencies met"
    );
}

fn another(currency: Currency) -> Currency {
    if currency == Currency::Eur {
        Currency::Usd
    } else {
        Currency::Eur
    }
}

/// An amount as a form sends it.
fn typed(text: &str, currency: Currency) {
    let Ok(money) = Money::parse(text, currency) else {
        return;
    };
    assert!(money.is_rounded() && money.payable().is_ok(), "{text}");
    assert_eq!(Money::parse(&money.plain(), currency), Ok(money), "printed");
    assert_eq!(money.grouped().replace(',', ""), money.plain());
    assert_eq!(money.rounded(), money);
    assert_eq!(
        Fixed::from_str(text).ok(),
        money.to_fixed().ok(),
        "an amount is the number that was typed"
    );
}

/// An amount as a program sends it.
fn is_sent_back(text: &str, money: Money) {
    let json = serde_json::to_value(money).unwrap_or_default();
    assert_eq!(serde_json::from_value::<Money>(json).ok(), Some(money), "in JSON");
    assert_eq!(
        significant(text),
        significant(&money.plain()),
        "another amount than was sent"
    );
    drop((
        money.to_string(),
        money.rounded(),
        money.negated().to_string(),
        money.to_fixed(),
    ));
}

/// The digits of a number that matter, with its sign.
fn significant(text: &str) -> String {
    let (minus, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    let minus = if whole.is_empty() && part.is_empty() {
        ""
    } else {
        minus
    };
    format!("{minus}{whole}.{part}")
}

fn named(text: &str) {
    if let Ok(currency) = Currency::from_str(text) {
        assert_eq!(currency.code(), text);
    }
    if let Ok(month) = Month::from_str(text) {
        assert_eq!(month.to_string(), text);
        assert_eq!(month.next().prev(), month);
        assert!((28..=31).contains(&month.days()), "{text}");
        assert!(
            month.range().contains(month.last_day()) && !month.range().contains(month.next().first_day())
        );
        drop(month.title());
    }
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if digits(text) {
        assert_eq!(group_thousands(text).replace(',', ""), text);
    }
    if let Ok(number) = Decimal::from_str(text)
        && let Ok(rounded) = Fixed::from_decimal_rounded(number)
    {
        let beside = (rounded.to_decimal() - number).abs();
        assert!(beside <= Decimal::new(5, 10), "{text} became {rounded}");
    }
}

fn calendar(one: &str, other: &str) {
    let (Ok(start), end) = (NaiveDate::from_str(one), NaiveDate::from_str(other)) else {
        return;
    };
    assert_eq!(NaiveDate::from_str(&start.to_string()), Ok(start), "printed");
    for period in BillingPeriod::ALL {
        if let Some(range) = period.containing(start) {
            assert!(range.contains(start), "{period} of {start}: {range:?}");
        }
        if let Ok(end) = end
            && let Some(range) = period.anniversary(start, end)
        {
            assert!(range.contains(end), "{period} from {start} of {end}: {range:?}");
        }
    }
    for zone in [chrono_tz::Pacific::Apia, chrono_tz::Africa::Cairo, chrono_tz::UTC] {
        let ends = domain::end_of_day(zone, start);
        // No other days get past the services; the very last of the calendar has none after it.
        let is_known = model::is_known_year(start.year());
        assert!(ends.date_naive() >= start || !is_known, "{start} ends at {ends}");
    }
    let Ok(end) = end else { return };
    if let Some(range) = DateRange::new(start, end) {
        assert_eq!(
            range.intersect(range),
            Some(range).filter(|range| !range.is_empty())
        );
        assert!(range.window().start.date() == start && range.last_day() <= end);
        assert!(model::months_started(start, end) <= range.days() / 28 + 1);
    }
}

/// A price as a program sends it.
fn schemes(text: &str) {
    let Ok(scheme) = serde_json::from_str::<PriceScheme>(text) else {
        return;
    };
    let json = serde_json::to_value(&scheme).unwrap_or_default();
    assert_eq!(
        serde_json::from_value::<PriceScheme>(json).ok(),
        Some(scheme),
        "in JSON"
    );
}
