//! `Fixed`: a number with exactly nine decimals, held as an integer. Prices, quantities and amounts are stored so,
//! because SQLite has no exact decimal column and PostgreSQL's would behave differently under the same query.
//!
//! Invariant: nothing here rounds unless the name of the function says so, and nothing panics or wraps.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::de::{Deserializer, Error as _};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

/// How many units of 10^-9 make one.
pub(crate) const NANOS_PER_ONE: i64 = 1_000_000_000;

/// A signed decimal number with nine decimals between about −9.2 and +9.2 thousand million.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
#[cfg_attr(feature = "orm", derive(sea_orm::DeriveValueType))]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[cfg_attr(feature = "openapi", schema(value_type = String, example = "12.5", pattern = r"^-?[0-9]{1,10}(\.[0-9]{1,9})?$"))]
pub struct Fixed(i64);

/// Why something is not a [`Fixed`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FixedError {
    /// Not digits with at most one point.
    #[error("that is not a number; write it like 1234.50")]
    NotANumber,
    /// It has a tenth decimal that is not zero.
    #[error("a number here can have at most 9 decimals")]
    TooManyDecimals,
    /// Beyond ±9,223,372,036.854775807, or the result of a calculation is.
    #[error("the number is too large; the limit is about 9.2 thousand million")]
    OutOfRange,
}

impl Fixed {
    /// Nothing.
    pub const ZERO: Self = Self(0);
    /// One.
    pub const ONE: Self = Self(NANOS_PER_ONE);
    /// The least value.
    pub const MIN: Self = Self(i64::MIN);
    /// The greatest value.
    pub const MAX: Self = Self(i64::MAX);
    /// Decimals kept.
    pub const SCALE: u32 = 9;

    /// The number of `nanos` × 10^-9.
    pub const fn from_nanos(nanos: i64) -> Self {
        Self(nanos)
    }

    /// This number in units of 10^-9.
    pub const fn nanos(self) -> i64 {
        self.0
    }

    /// A whole number.
    pub fn from_int(value: i64) -> Result<Self, FixedError> {
        value
            .checked_mul(NANOS_PER_ONE)
            .map(Self)
            .ok_or(FixedError::OutOfRange)
    }

    /// The same number, or an error where it has more than nine decimals or is out of range.
    pub fn from_decimal(value: Decimal) -> Result<Self, FixedError> {
        let value = value.normalize();
        if value.scale() > Self::SCALE {
            return Err(FixedError::TooManyDecimals);
        }
        Self::from_decimal_rounded(value)
    }

    /// The number rounded half away from zero to nine decimals.
    pub fn from_decimal_rounded(value: Decimal) -> Result<Self, FixedError> {
        let mut value = value.round_dp_with_strategy(Self::SCALE, RoundingStrategy::MidpointAwayFromZero);
        value.rescale(Self::SCALE);
        if value.scale() != Self::SCALE {
            // `rescale` silently keeps a smaller scale when the digits do not fit 96 bits.
            return Err(FixedError::OutOfRange);
        }
        Self::from_wide(value.mantissa())
    }

    /// This number as a decimal without trailing zeros.
    pub fn to_decimal(self) -> Decimal {
        Decimal::new(self.0, Self::SCALE).normalize()
    }

    /// Sum.
    pub fn checked_add(self, other: Self) -> Result<Self, FixedError> {
        self.0
            .checked_add(other.0)
            .map(Self)
            .ok_or(FixedError::OutOfRange)
    }

    /// Difference.
    pub fn checked_sub(self, other: Self) -> Result<Self, FixedError> {
        self.0
            .checked_sub(other.0)
            .map(Self)
            .ok_or(FixedError::OutOfRange)
    }

    /// The number with its sign turned.
    pub fn checked_neg(self) -> Result<Self, FixedError> {
        self.0.checked_neg().map(Self).ok_or(FixedError::OutOfRange)
    }

    /// The number without its sign.
    pub fn abs(self) -> Result<Self, FixedError> {
        self.0.checked_abs().map(Self).ok_or(FixedError::OutOfRange)
    }

    /// Quotient, rounded half away from zero to nine decimals. Division by zero is out of range.
    pub fn checked_div_rounded(self, divisor: Self) -> Result<Self, FixedError> {
        if divisor.0 == 0 {
            return Err(FixedError::OutOfRange);
        }
        let sign = i128::from(divisor.0.signum());
        let numerator = i128::from(self.0) * i128::from(NANOS_PER_ONE) * sign;
        Self::from_wide(divide_half_away(numerator, i128::from(divisor.0) * sign))
    }

    /// Exactly zero.
    pub const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Below zero.
    pub const fn is_negative(self) -> bool {
        self.0 < 0
    }

    /// Above zero.
    pub const fn is_positive(self) -> bool {
        self.0 > 0
    }

    /// A whole number.
    pub const fn is_whole(self) -> bool {
        self.0 % NANOS_PER_ONE == 0
    }

    pub(crate) fn from_wide(nanos: i128) -> Result<Self, FixedError> {
        i64::try_from(nanos)
            .map(Self)
            .map_err(|_out_of_range| FixedError::OutOfRange)
    }
}

/// `numerator / divisor` to the nearest integer, halves away from zero. `divisor` must be positive.
pub(crate) fn divide_half_away(numerator: i128, divisor: i128) -> i128 {
    let quotient = numerator / divisor;
    let rest = (numerator % divisor).unsigned_abs();
    // Compared as a difference, because doubling the rest could overflow.
    let divisor = divisor.unsigned_abs();
    if rest >= divisor - rest {
        quotient + numerator.signum()
    } else {
        quotient
    }
}

impl From<u32> for Fixed {
    fn from(value: u32) -> Self {
        Self(i64::from(value) * NANOS_PER_ONE)
    }
}

impl From<i32> for Fixed {
    fn from(value: i32) -> Self {
        Self(i64::from(value) * NANOS_PER_ONE)
    }
}

impl From<Fixed> for Decimal {
    fn from(value: Fixed) -> Self {
        value.to_decimal()
    }
}

impl TryFrom<Decimal> for Fixed {
    type Error = FixedError;

    fn try_from(value: Decimal) -> Result<Self, FixedError> {
        Self::from_decimal(value)
    }
}

impl FromStr for Fixed {
    type Err = FixedError;

    /// Strict: an optional minus, digits, and at most one point with digits on both sides.
    fn from_str(text: &str) -> Result<Self, FixedError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let (whole, part) = digits
            .split_once('.')
            .map_or((digits, None), |(whole, part)| (whole, Some(part)));
        let plain = |piece: &str| !piece.is_empty() && piece.bytes().all(|byte| byte.is_ascii_digit());
        if !plain(whole) || !part.is_none_or(plain) {
            return Err(FixedError::NotANumber);
        }
        let part = part.unwrap_or_default().trim_end_matches('0');
        if part.len() > 9 {
            return Err(FixedError::TooManyDecimals);
        }
        let whole = whole.trim_start_matches('0');
        if whole.len() > 10 {
            return Err(FixedError::OutOfRange);
        }
        let nanos: i128 = format!("{whole:0>1}{part:0<9}")
            .parse()
            .map_err(|_unreachable| FixedError::NotANumber)?;
        Self::from_wide(if text.starts_with('-') { -nanos } else { nanos })
    }
}

impl fmt::Display for Fixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.to_decimal(), f)
    }
}

impl Serialize for Fixed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fixed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests;
