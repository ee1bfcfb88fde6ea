//! Why a price cannot be computed.

use crate::fixed::{Fixed, FixedError};
use crate::money::MoneyError;

/// A calculation that has no answer. Each says what to mend; none is ever turned into zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PricingError {
    /// A product or sum is beyond what can be stored.
    #[error("the amount is too large to be billed")]
    Overflow,
    /// Quantities are never negative; a decrease is a difference of two charges.
    #[error("a quantity below zero has no price")]
    NegativeQuantity,
    /// The table of prices ends below the quantity.
    #[error("there is no price for more than {limit}")]
    AboveLastTier {
        /// The end of the last tier.
        limit: Fixed,
    },
    /// The scheme itself is not sound (it should have been refused when it was saved).
    #[error("the price table is not valid")]
    InvalidScheme,
    /// The charge type does not go with the kind of line asked for.
    #[error("this component is not charged in that way")]
    WrongCharge,
    /// The period to bill is empty, or longer than the longest billing period.
    #[error("the period to bill is not valid")]
    InvalidPeriod,
    /// Amounts of two currencies met.
    #[error("amounts of different currencies cannot be added")]
    Currency,
    /// A backend's unit has a conversion factor of zero or less.
    #[error("the conversion factor must be above zero")]
    InvalidFactor,
}

impl From<FixedError> for PricingError {
    fn from(_error: FixedError) -> Self {
        Self::Overflow
    }
}

impl From<MoneyError> for PricingError {
    fn from(error: MoneyError) -> Self {
        match error {
            MoneyError::CurrencyMismatch { .. } => Self::Currency,
            _ => Self::Overflow,
        }
    }
}
