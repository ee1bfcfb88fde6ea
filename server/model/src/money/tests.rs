use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Currency, Money, MoneyError, group_thousands};

fn eur(text: &str) -> Money {
    Money::new(text.parse().unwrap(), Currency::Eur)
}

#[test]
fn rounding_is_half_away_from_zero_to_the_minor_unit() {
    assert_eq!(eur("3.870967741").rounded().plain(), "3.87");
    assert_eq!(eur("0.005").rounded().plain(), "0.01");
    assert_eq!(eur("-0.005").rounded().plain(), "-0.01");
    assert_eq!(eur("2.675").rounded().plain(), "2.68");
    assert_eq!(
        Money::new("100.5".parse().unwrap(), Currency::Jpy)
            .rounded()
            .plain(),
        "101"
    );
}

#[test]
fn amounts_are_shown_with_separators_and_currency() {
    assert_eq!(eur("1234.5").to_string(), "€1,234.50");
    assert_eq!(eur("-1234567.891").to_string(), "\u{2212}€1,234,567.891");
    assert_eq!(eur("0.05").to_string(), "€0.05");
    assert_eq!(eur("-0.00").to_string(), "€0.00");
    assert_eq!(
        Money::new(Decimal::from(150_000), Currency::Jpy).to_string(),
        "¥150,000"
    );
    assert_eq!(group_thousands("999"), "999");
    assert_eq!(group_thousands("-100000.123"), "-100,000.123");
}

#[test]
fn amounts_of_two_currencies_do_not_add() {
    let dollars = Money::new(Decimal::ONE, Currency::Usd);
    let mismatch = MoneyError::CurrencyMismatch {
        left: Currency::Eur,
        right: Currency::Usd,
    };
    assert_eq!(eur("1").checked_add(dollars), Err(mismatch));
    assert_eq!(Money::sum(Currency::Eur, [eur("1"), dollars]), Err(mismatch));
    assert_eq!(Money::sum(Currency::Eur, [eur("1"), eur("2.5")]), Ok(eur("3.5")));
}

#[test]
fn an_amount_beyond_range_is_an_error() {
    let most = Money::new(Decimal::MAX, Currency::Eur);
    assert_eq!(most.checked_add(eur("1")), Err(MoneyError::Overflow));
    assert_eq!(most.checked_mul(Decimal::TWO), Err(MoneyError::Overflow));
    assert!(most.to_fixed().is_err());
}

#[test]
fn amounts_are_read_strictly() {
    assert_eq!(Money::parse("1234.5", Currency::Eur).unwrap().plain(), "1234.50");
    assert_eq!(
        Money::parse("12.345", Currency::Eur),
        Err(MoneyError::TooManyDecimals {
            currency: Currency::Eur
        })
    );
    assert_eq!(
        Money::parse("1.5", Currency::Jpy),
        Err(MoneyError::TooManyDecimals {
            currency: Currency::Jpy
        })
    );
    for text in ["", "1,234.50", "1 234", "€5", "5 EUR", "1e3", "NaN"] {
        assert_eq!(
            Money::parse(text, Currency::Eur),
            Err(MoneyError::NotAnAmount),
            "{text:?}"
        );
    }
}

#[test]
fn json_keeps_the_amount_as_text() {
    let json = serde_json::to_string(&eur("1234.50")).unwrap();
    assert_eq!(json, r#"{"amount":"1234.50","currency":"EUR"}"#);
    assert_eq!(serde_json::from_str::<Money>(&json).unwrap(), eur("1234.50"));
    for (amount, written) in [
        ("7.5", "7.50"),
        ("10", "10.00"),
        ("0.0125", "0.0125"),
        ("-0.000", "0.00"),
        ("3.870", "3.87"),
    ] {
        assert_eq!(
            serde_json::to_value(eur(amount)).unwrap()["amount"],
            written,
            "{amount}"
        );
    }
    assert_eq!(
        serde_json::to_value(Money::zero(Currency::Jpy)).unwrap()["amount"],
        "0"
    );
    for amount in ["", "-", ".5", "5.", "1e3", "+1", "1_000", "1.2.3", " 1"] {
        let text = format!(r#"{{"amount":"{amount}","currency":"EUR"}}"#);
        assert!(serde_json::from_str::<Money>(&text).is_err(), "{amount}");
    }
    let thirty_decimals = format!("1.{}1", "0".repeat(29));
    for inexact in [thirty_decimals.as_str(), "79228162514264337593543950336"] {
        let text = format!(r#"{{"amount":"{inexact}","currency":"EUR"}}"#);
        assert!(
            serde_json::from_str::<Money>(&text).is_err(),
            "{inexact} would be another amount"
        );
    }
    assert!(serde_json::from_str::<Money>(r#"{"amount":0.1,"currency":"EUR"}"#).is_err());
    assert!(serde_json::from_str::<Money>(r#"{"amount":"1","currency":"QQQ"}"#).is_err());
    assert_eq!("eur".parse::<Currency>(), Err(MoneyError::UnknownCurrency));
}

proptest! {
    #[test]
    fn rounding_moves_by_at_most_half_a_cent_and_only_once(nanos in any::<i64>()) {
        let exact = Money::from_fixed(crate::fixed::Fixed::from_nanos(nanos), Currency::Eur);
        let rounded = exact.rounded();
        prop_assert!((rounded.amount - exact.amount).abs() <= Decimal::new(5, 3));
        prop_assert_eq!(rounded.rounded(), rounded);
        prop_assert!(rounded.is_rounded());
        prop_assert_eq!(exact.negated().rounded(), rounded.negated());
    }

    #[test]
    fn what_is_printed_can_be_read_again(cents in any::<i32>()) {
        let money = Money::new(Decimal::new(cents.into(), 2), Currency::Eur);
        prop_assert_eq!(Money::parse(&money.plain(), Currency::Eur), Ok(money));
        prop_assert_eq!(money.grouped().replace(',', ""), money.plain());
    }
}
