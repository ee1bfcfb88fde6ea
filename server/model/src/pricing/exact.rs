//! An exact intermediate amount: the only thing that is ever rounded, and only at the end.

use rust_decimal::Decimal;

use super::PricingError;
use crate::fixed::{Fixed, NANOS_PER_ONE, divide_half_away};
use crate::money::{Currency, Money};

/// `numerator × 10^-18 / divisor`: a sum of products of two [`Fixed`] with a whole number, over one whole number.
/// Decimal division would cut at 28 digits and could turn "just below half a cent" into "half a cent".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Exact {
    numerator: i128,
    divisor: u32,
}

impl Exact {
    /// Nothing.
    pub const ZERO: Self = Self {
        numerator: 0,
        divisor: 1,
    };

    /// `left × right`; always fits.
    pub fn product(left: Fixed, right: Fixed) -> Self {
        Self {
            numerator: i128::from(left.nanos()) * i128::from(right.nanos()),
            divisor: 1,
        }
    }

    /// The number itself.
    pub fn of(value: Fixed) -> Self {
        Self::product(value, Fixed::ONE)
    }

    /// Sum. Amounts over different divisors are brought to a common one.
    pub fn checked_add(self, other: Self) -> Result<Self, PricingError> {
        if self.divisor == other.divisor {
            let numerator = self
                .numerator
                .checked_add(other.numerator)
                .ok_or(PricingError::Overflow)?;
            return Ok(Self {
                numerator,
                divisor: self.divisor,
            });
        }
        let left = self.numerator.checked_mul(i128::from(other.divisor));
        let right = other.numerator.checked_mul(i128::from(self.divisor));
        let numerator = left.zip(right).and_then(|(left, right)| left.checked_add(right));
        let divisor = self.divisor.checked_mul(other.divisor);
        let (numerator, divisor) = numerator.zip(divisor).ok_or(PricingError::Overflow)?;
        Ok(Self { numerator, divisor })
    }

    /// Difference.
    pub fn checked_sub(self, other: Self) -> Result<Self, PricingError> {
        let numerator = other.numerator.checked_neg().ok_or(PricingError::Overflow)?;
        self.checked_add(Self {
            numerator,
            divisor: other.divisor,
        })
    }

    /// `n / of` of it.
    pub fn share(self, n: u32, of: u32) -> Result<Self, PricingError> {
        let numerator = self
            .numerator
            .checked_mul(i128::from(n))
            .ok_or(PricingError::Overflow)?;
        let divisor = self.divisor.checked_mul(of).filter(|divisor| *divisor > 0);
        Ok(Self {
            numerator,
            divisor: divisor.ok_or(PricingError::Overflow)?,
        })
    }

    /// Rounded once, half away from zero, to the minor unit.
    pub fn to_money(self, currency: Currency) -> Result<Money, PricingError> {
        let digits = currency.minor_unit();
        let minor = self.rounded(digits)?;
        let amount =
            Decimal::try_from_i128_with_scale(minor, digits).map_err(|_too_large| PricingError::Overflow)?;
        // What cannot be stored must not be shown either.
        Fixed::from_decimal(amount)?;
        Ok(Money::new(amount, currency))
    }

    /// To nine decimals, for the record of what was there before rounding.
    pub fn to_fixed(self) -> Result<Fixed, PricingError> {
        Ok(Fixed::from_wide(self.rounded(Fixed::SCALE)?)?)
    }

    /// Nothing.
    pub fn is_zero(self) -> bool {
        self.numerator == 0
    }

    /// Below zero.
    pub fn is_negative(self) -> bool {
        self.numerator < 0
    }

    /// In units of 10^-`digits`, `digits` being at most 9.
    fn rounded(self, digits: u32) -> Result<i128, PricingError> {
        let nano = i128::from(NANOS_PER_ONE);
        let scale = 10_i128
            .checked_pow(Fixed::SCALE.saturating_sub(digits))
            .and_then(|ten| ten.checked_mul(nano));
        let divisor = scale.and_then(|scale| scale.checked_mul(i128::from(self.divisor)));
        Ok(divide_half_away(
            self.numerator,
            divisor.ok_or(PricingError::Overflow)?,
        ))
    }
}
