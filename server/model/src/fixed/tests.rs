use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{Fixed, FixedError, divide_half_away};

fn fixed(text: &str) -> Fixed {
    text.parse().unwrap()
}

#[test]
fn texts_are_read_strictly() {
    assert_eq!(fixed("12.50").nanos(), 12_500_000_000);
    assert_eq!(fixed("-0.000000001").nanos(), -1);
    assert_eq!(fixed("0001"), Fixed::ONE);
    assert_eq!(fixed("1.0000000000000"), Fixed::ONE);
    for text in [
        "", "-", "+1", " 1", "1 ", "1.", ".5", "1e3", "NaN", "inf", "1,000", "0x10", "1_000", "--1", "１",
    ] {
        assert_eq!(text.parse::<Fixed>(), Err(FixedError::NotANumber), "{text:?}");
    }
    assert_eq!("0.0000000001".parse::<Fixed>(), Err(FixedError::TooManyDecimals));
    assert_eq!(
        "9223372036.854775808".parse::<Fixed>(),
        Err(FixedError::OutOfRange)
    );
    assert_eq!(fixed("9223372036.854775807"), Fixed::MAX);
    assert_eq!(fixed("-9223372036.854775808"), Fixed::MIN);
    assert_eq!(
        "1".repeat(1_000_000).parse::<Fixed>(),
        Err(FixedError::OutOfRange)
    );
}

#[test]
fn a_decimal_with_ten_places_is_refused_or_rounded_away_from_zero() {
    let half: Decimal = "0.0000000005".parse().unwrap();
    assert_eq!(Fixed::from_decimal(half), Err(FixedError::TooManyDecimals));
    assert_eq!(Fixed::from_decimal_rounded(half), Ok(Fixed::from_nanos(1)));
    assert_eq!(Fixed::from_decimal_rounded(-half), Ok(Fixed::from_nanos(-1)));
    assert_eq!(Fixed::from_decimal(Decimal::MAX), Err(FixedError::OutOfRange));
    assert_eq!(
        Fixed::from_decimal("1.500000000000".parse().unwrap()),
        Ok(fixed("1.5"))
    );
}

#[test]
fn overflow_is_an_error_and_never_wraps() {
    assert_eq!(Fixed::MAX.checked_add(Fixed::ONE), Err(FixedError::OutOfRange));
    assert_eq!(Fixed::MIN.checked_sub(Fixed::ONE), Err(FixedError::OutOfRange));
    assert_eq!(Fixed::MIN.checked_neg(), Err(FixedError::OutOfRange));
    assert_eq!(
        Fixed::ONE.checked_div_rounded(Fixed::ZERO),
        Err(FixedError::OutOfRange)
    );
    assert_eq!(Fixed::from_int(9_223_372_037), Err(FixedError::OutOfRange));
}

#[test]
fn quotients_round_half_away_from_zero_whatever_the_signs() {
    assert_eq!(divide_half_away(5, 2), 3);
    assert_eq!(divide_half_away(-5, 2), -3);
    assert_eq!(divide_half_away(7, 3), 2);
    assert_eq!(divide_half_away(i128::MAX, i128::MAX), 1);
    let third = |sign: i32| Fixed::from(sign).checked_div_rounded(Fixed::from(3)).unwrap();
    assert_eq!(third(1), fixed("0.333333333"));
    assert_eq!(
        Fixed::from(2).checked_div_rounded(Fixed::from(-3)),
        Ok(fixed("-0.666666667"))
    );
}

#[test]
fn json_is_a_string_and_numbers_are_refused() {
    assert_eq!(serde_json::to_string(&fixed("0.10")).unwrap(), "\"0.1\"");
    assert_eq!(serde_json::from_str::<Fixed>("\"7\"").unwrap(), Fixed::from(7));
    assert!(serde_json::from_str::<Fixed>("0.1").is_err());
    assert!(serde_json::from_str::<Fixed>("\"NaN\"").is_err());
}

proptest! {
    #[test]
    fn text_decimal_and_json_keep_every_digit(nanos in any::<i64>()) {
        let value = Fixed::from_nanos(nanos);
        prop_assert_eq!(value.to_string().parse::<Fixed>(), Ok(value));
        prop_assert_eq!(Fixed::from_decimal(value.to_decimal()), Ok(value));
        let json = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(serde_json::from_str::<Fixed>(&json).unwrap(), value);
    }

    #[test]
    fn reading_any_text_never_panics(text in ".{0,40}") {
        let _ = text.parse::<Fixed>();
    }

    #[test]
    fn arithmetic_agrees_with_decimals(a in any::<i32>(), b in any::<i32>()) {
        let (left, right) = (Fixed::from_nanos(i64::from(a) * 1_000), Fixed::from_nanos(i64::from(b) * 1_000));
        prop_assert_eq!(left.checked_add(right), Fixed::from_decimal(left.to_decimal() + right.to_decimal()));
    }
}
