//! Money: an amount that knows its currency. Amounts of different currencies never meet by accident, and rounding to
//! the minor unit happens only in [`Money::rounded`], half away from zero.

use std::fmt;
use std::str::FromStr;

use rust_decimal::{Decimal, RoundingStrategy};
use serde::de::{Deserializer, Error as _};
use serde::ser::{SerializeStruct, Serializer};
use serde::{Deserialize, Serialize};

use crate::fixed::{Fixed, FixedError};
use crate::text_enum;

text_enum! {
    /// The currencies an installation can sell in, by ISO 4217 code.
    Currency {
        /// Euro.
        Eur = "EUR", "Euro";
        /// United States dollar.
        Usd = "USD", "US dollar";
        /// Pound sterling.
        Gbp = "GBP", "Pound sterling";
        /// Swiss franc.
        Chf = "CHF", "Swiss franc";
        /// Swedish krona.
        Sek = "SEK", "Swedish krona";
        /// Norwegian krone.
        Nok = "NOK", "Norwegian krone";
        /// Danish krone.
        Dkk = "DKK", "Danish krone";
        /// Polish złoty.
        Pln = "PLN", "Polish złoty";
        /// Czech koruna.
        Czk = "CZK", "Czech koruna";
        /// Japanese yen, which has no minor unit.
        Jpy = "JPY", "Japanese yen";
    }
}

impl Currency {
    /// The ISO 4217 code.
    pub fn code(self) -> &'static str {
        self.as_str()
    }

    /// The sign that stands before an amount; currencies whose sign is shared or little known have none and are named.
    pub fn sign(self) -> Option<&'static str> {
        match self {
            Self::Eur => Some("€"),
            Self::Usd => Some("$"),
            Self::Gbp => Some("£"),
            Self::Jpy => Some("¥"),
            _ => None,
        }
    }

    /// Decimals of the minor unit: 2 for cents, 0 for the yen.
    pub fn minor_unit(self) -> u32 {
        match self {
            Self::Jpy => 0,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Self::parse(text).ok_or(MoneyError::UnknownCurrency)
    }
}

/// An amount in one currency. It may carry more decimals than the minor unit until it is rounded for a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Money {
    /// The amount in major units (euros, not cents), with the decimals of the currency's minor unit, or more where a price
    /// has more; a string in JSON.
    #[serde(deserialize_with = "read_amount")]
    #[cfg_attr(feature = "openapi", schema(value_type = String, example = "1234.50", pattern = r"^-?[0-9]+(\.[0-9]+)?$"))]
    pub amount: Decimal,
    /// Its currency.
    pub currency: Currency,
}

/// In JSON every amount has one scale: that of the minor unit, and more decimals only where they are not zero.
impl Serialize for Money {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut written = serializer.serialize_struct("Money", 2)?;
        written.serialize_field("amount", &self.plain())?;
        written.serialize_field("currency", &self.currency)?;
        written.end()
    }
}

/// Strict: an optional minus, digits, and at most one point with digits on both sides.
fn read_amount<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Decimal, D::Error> {
    let text = String::deserialize(deserializer)?;
    let mut parts = text.strip_prefix('-').unwrap_or(&text).splitn(2, '.');
    let plain = parts.all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()));
    // Exact: the usual reading rounds what has more decimals than it can hold, and another amount would be taken than was sent.
    let amount = plain.then(|| Decimal::from_str_exact(&text).ok()).flatten();
    amount.ok_or_else(|| D::Error::custom(MoneyError::NotAnAmount))
}

/// Why a calculation or a text gives no [`Money`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Two currencies met in one sum.
    #[error("{left} and {right} cannot be added: the currencies differ")]
    CurrencyMismatch {
        /// Currency of the first amount.
        left: Currency,
        /// Currency of the other.
        right: Currency,
    },
    /// The amount is beyond what can be stored.
    #[error("the amount is too large")]
    Overflow,
    /// Not digits with at most one point.
    #[error("that is not an amount; write it like 1234.50")]
    NotAnAmount,
    /// More decimals than the currency has.
    #[error("{currency} has {} decimals at most", currency.minor_unit())]
    TooManyDecimals {
        /// The currency whose minor unit was overstepped.
        currency: Currency,
    },
    /// Not a code we know.
    #[error("that currency is not known here")]
    UnknownCurrency,
}

impl Money {
    /// An amount as given, unrounded.
    pub const fn new(amount: Decimal, currency: Currency) -> Self {
        Self { amount, currency }
    }

    /// Nothing.
    pub const fn zero(currency: Currency) -> Self {
        Self::new(Decimal::ZERO, currency)
    }

    /// An amount as the database keeps it.
    pub fn from_fixed(amount: Fixed, currency: Currency) -> Self {
        Self::new(amount.to_decimal(), currency)
    }

    /// The amount as the database keeps it; an error with more than nine decimals or out of range.
    pub fn to_fixed(self) -> Result<Fixed, FixedError> {
        Fixed::from_decimal(self.amount)
    }

    /// Sum of two amounts of one currency.
    pub fn checked_add(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with(self.amount.checked_add(other.amount))
    }

    /// Difference of two amounts of one currency.
    pub fn checked_sub(self, other: Self) -> Result<Self, MoneyError> {
        self.same_currency(other)?;
        self.with(self.amount.checked_sub(other.amount))
    }

    /// A multiple, unrounded.
    pub fn checked_mul(self, factor: Decimal) -> Result<Self, MoneyError> {
        self.with(self.amount.checked_mul(factor))
    }

    /// The amount with its sign turned.
    #[must_use]
    pub fn negated(self) -> Self {
        Self::new(-self.amount, self.currency)
    }

    /// The sum of `amounts`, all in `currency`.
    pub fn sum(currency: Currency, amounts: impl IntoIterator<Item = Self>) -> Result<Self, MoneyError> {
        amounts
            .into_iter()
            .try_fold(Self::zero(currency), Self::checked_add)
    }

    /// Rounded half away from zero to the minor unit, with exactly that many decimals.
    #[must_use]
    pub fn rounded(self) -> Self {
        let digits = self.currency.minor_unit();
        let mut amount = self
            .amount
            .round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
        amount.rescale(digits);
        Self::new(amount, self.currency)
    }

    /// The amount has no more decimals than the minor unit.
    pub fn is_rounded(self) -> bool {
        self.amount.normalize().scale() <= self.currency.minor_unit()
    }

    /// Refuses an amount that is billed as it stands and has more decimals than the currency.
    pub fn payable(self) -> Result<(), MoneyError> {
        if self.is_rounded() {
            Ok(())
        } else {
            let currency = self.currency;
            Err(MoneyError::TooManyDecimals { currency })
        }
    }

    /// Exactly zero.
    pub fn is_zero(self) -> bool {
        self.amount.is_zero()
    }

    /// Below zero.
    pub fn is_negative(self) -> bool {
        self.amount < Decimal::ZERO
    }

    /// Above zero.
    pub fn is_positive(self) -> bool {
        self.amount > Decimal::ZERO
    }

    /// The amount alone, without separators: `1234.50`. Decimals beyond the minor unit are kept if they are there.
    pub fn plain(self) -> String {
        let mut amount = self.amount.normalize();
        if amount.scale() < self.currency.minor_unit() {
            amount.rescale(self.currency.minor_unit());
        }
        if amount.is_zero() {
            amount.set_sign_positive(true);
        }
        amount.to_string()
    }

    /// The amount alone with thousands separators: `1,234.50`.
    pub fn grouped(self) -> String {
        group_thousands(&self.plain())
    }

    /// Reads a plain amount such as `1234.50`; no separators, exponent or sign other than minus.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let amount: Fixed = text.parse().map_err(|error| match error {
            FixedError::NotANumber => MoneyError::NotAnAmount,
            FixedError::TooManyDecimals => MoneyError::TooManyDecimals { currency },
            FixedError::OutOfRange => MoneyError::Overflow,
        })?;
        let money = Self::from_fixed(amount, currency);
        if money.is_rounded() {
            Ok(money.rounded())
        } else {
            Err(MoneyError::TooManyDecimals { currency })
        }
    }

    fn same_currency(self, other: Self) -> Result<(), MoneyError> {
        if self.currency == other.currency {
            return Ok(());
        }
        Err(MoneyError::CurrencyMismatch {
            left: self.currency,
            right: other.currency,
        })
    }

    fn with(self, amount: Option<Decimal>) -> Result<Self, MoneyError> {
        amount
            .map(|amount| Self::new(amount, self.currency))
            .ok_or(MoneyError::Overflow)
    }
}

/// `€1,234.50`, `−€3.50`, `CHF 12.00` with a blank that does not break: the one way in which an amount is written, on pages,
/// in sentences and on documents. Decimals beyond the minor unit are kept, as unit prices have them.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let grouped = self.grouped();
        let (minus, digits) = grouped
            .strip_prefix('-')
            .map_or(("", grouped.as_str()), |digits| ("\u{2212}", digits));
        match self.currency.sign() {
            Some(sign) => write!(f, "{minus}{sign}{digits}"),
            None => write!(f, "{minus}{}\u{a0}{digits}", self.currency),
        }
    }
}

/// Puts a comma between each three digits before the point: `-1234567.5` → `-1,234,567.5`.
pub fn group_thousands(plain: &str) -> String {
    let (sign, digits) = plain
        .strip_prefix('-')
        .map_or(("", plain), |digits| ("-", digits));
    let (whole, part) = digits
        .split_once('.')
        .map_or((digits, None), |(whole, part)| (whole, Some(part)));
    let mut out = String::from(sign);
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if let Some(part) = part {
        out.push('.');
        out.push_str(part);
    }
    out
}

#[cfg(test)]
mod tests;
