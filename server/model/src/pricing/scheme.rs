//! Price schemes: what a quantity costs.
//!
//! Tiers are written by their inclusive upper end, so that they cannot overlap or leave gaps: "1–9 at 5, 10 and more
//! at 3" is `[up to 9: 5, beyond: 3]`, and 9.5 units are 9 at 5 and 0.5 at 3. No quantity costs nothing under every scheme.

mod compare;
mod describe;

use serde::{Deserialize, Serialize};

use super::{ChargeType, ComponentTerms, Exact, PricingError};
use crate::fixed::Fixed;
use crate::money::{Currency, Money, MoneyError};
use crate::period::BillingPeriod;

/// One row of a price table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tier {
    /// The last quantity it covers; only the last row may be open.
    pub up_to: Option<Fixed>,
    /// Price per unit, or for the whole row under [`PriceScheme::Stairstep`].
    pub price: Fixed,
}

/// How a quantity is turned into an amount. Prices are in major units of the plan's currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "scheme", rename_all = "snake_case")]
pub enum PriceScheme {
    /// Every unit costs the same.
    PerUnit {
        /// Price of one unit.
        price: Fixed,
    },
    /// Each unit costs what the row it falls in says.
    Tiered {
        /// The rows, in order.
        tiers: Vec<Tier>,
    },
    /// All units cost what the row of the whole quantity says.
    Volume {
        /// The rows, in order.
        tiers: Vec<Tier>,
    },
    /// The row of the whole quantity has one price for all of it.
    Stairstep {
        /// The rows, in order.
        tiers: Vec<Tier>,
    },
    /// Sold in packages; a started one counts.
    Package {
        /// Units in one package.
        size: Fixed,
        /// Price of one package.
        price: Fixed,
    },
}

/// Rows of a price table at most.
const MOST_ROWS: usize = 100;

/// What makes a scheme unusable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SchemeFault {
    /// A price below zero.
    #[error("a price cannot be below zero")]
    NegativePrice,
    /// No rows.
    #[error("add at least one row to the price table")]
    NoTiers,
    /// More rows than are taken: each version of a price is kept, shown on the offering and quoted with every order.
    #[error("a price table has at most {MOST_ROWS} rows")]
    TooManyRows,
    /// A row that does not end above the one before it, or after an open one.
    #[error("row {row}: each row must end above the one before it, and only the last may be open")]
    Disordered {
        /// The row, counted from 1.
        row: usize,
    },
    /// A package of zero or less.
    #[error("a package must hold more than zero")]
    PackageSize,
    /// The rows end, but use does not.
    #[error(
        "leave the end of the last row empty: use beyond {end} would have no price, because it has no cap"
    )]
    NotOpen {
        /// Where the rows end.
        end: Fixed,
    },
    /// More decimals than can be paid, in an amount that is billed as it stands.
    #[error("it is billed as it stands, and {}", MoneyError::TooManyDecimals { currency: *.currency })]
    TooManyDecimals {
        /// Of the plan.
        currency: Currency,
    },
    /// The rows end below the cap of use.
    #[error(
        "the last row ends at {end}, but up to {cap} can be used: let it reach {cap}, or leave its end empty"
    )]
    BelowCap {
        /// Where the rows end.
        end: Fixed,
        /// The most that can be used.
        cap: Fixed,
    },
}

/// One addend of a charge: `quantity × price`, or `price` for all of the quantity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum ChargeStep {
    /// Units at a price each.
    Units {
        /// How many units.
        quantity: Fixed,
        /// Price of one.
        price: Fixed,
    },
    /// One price for the whole quantity.
    Flat {
        /// How many units it covers.
        quantity: Fixed,
        /// The price.
        price: Fixed,
    },
    /// Whole packages.
    Packages {
        /// How many packages.
        count: Fixed,
        /// Units in one.
        size: Fixed,
        /// Price of one.
        price: Fixed,
    },
}

/// What a quantity costs and how that comes about. The amount is the sum of the steps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Charge {
    /// The exact amount.
    pub amount: Exact,
    /// Its addends, in order.
    pub steps: Vec<ChargeStep>,
}

/// One version of the price of one component in one plan. Versions are never edited once used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Price {
    /// Id of the price version, as it is printed on lines.
    pub version: String,
    /// The price.
    pub scheme: PriceScheme,
}

impl ChargeStep {
    /// The exact amount of this addend.
    pub fn amount(self) -> Exact {
        match self {
            Self::Units { quantity, price } => Exact::product(quantity, price),
            Self::Flat { price, .. } => Exact::of(price),
            Self::Packages { count, price, .. } => Exact::product(count, price),
        }
    }
}

impl PriceScheme {
    /// A plain price per unit.
    pub fn per_unit(price: Fixed) -> Self {
        Self::PerUnit { price }
    }

    /// The first thing wrong with the scheme.
    pub fn validate(&self) -> Result<(), SchemeFault> {
        match self {
            Self::Package { size, .. } if !size.is_positive() => Err(SchemeFault::PackageSize),
            Self::PerUnit { price } | Self::Package { price, .. } if price.is_negative() => {
                Err(SchemeFault::NegativePrice)
            }
            Self::PerUnit { .. } | Self::Package { .. } => Ok(()),
            Self::Tiered { tiers } | Self::Volume { tiers } | Self::Stairstep { tiers } => {
                validate_tiers(tiers)
            }
        }
    }

    /// The first thing wrong with the scheme as the price of a component: of what is charged by use, every quantity that can
    /// be reported must have a price, or its month could never be closed. `takes_overage`: use beyond a prepaid limit is
    /// added to it, which no cap bounds.
    pub fn validate_for(&self, terms: &ComponentTerms, takes_overage: bool) -> Result<(), SchemeFault> {
        self.validate()?;
        if self.rows_held() > MOST_ROWS {
            return Err(SchemeFault::TooManyRows);
        }
        let cap = terms.max.filter(|_| !takes_overage);
        match (self.end(), cap) {
            (Some(_), _) if terms.charge != ChargeType::Usage => Ok(()),
            (Some(end), Some(cap)) if end < cap => Err(SchemeFault::BelowCap { end, cap }),
            (Some(end), None) => Err(SchemeFault::NotOpen { end }),
            _ => Ok(()),
        }
    }

    /// Whether the amounts that are billed as they stand can be paid in `currency`: those of a fee, of a fixed amount for a
    /// month or longer, and of a row that has one price for all of it, unless that is shared out over days or hours. Prices
    /// that are multiplied by a quantity may have more decimals; the line is rounded. `every`: how often the plan charges.
    pub fn check_payable(
        &self,
        terms: &ComponentTerms,
        every: BillingPeriod,
        currency: Currency,
    ) -> Result<(), SchemeFault> {
        let short = matches!(terms.every_in(every), BillingPeriod::Hour | BillingPeriod::Day);
        let stands = match terms.charge {
            ChargeType::OneTime | ChargeType::OnPlanSwitch => true,
            ChargeType::Fixed => !short,
            ChargeType::Limit => !short && matches!(self, Self::Stairstep { .. }),
            ChargeType::Usage => matches!(self, Self::Stairstep { .. }),
        };
        let payable = |price: Fixed| Money::from_fixed(price, currency).is_rounded();
        let all = match self {
            Self::PerUnit { price } | Self::Package { price, .. } => payable(*price),
            Self::Tiered { tiers } | Self::Volume { tiers } | Self::Stairstep { tiers } => {
                tiers.iter().all(|tier| payable(tier.price))
            }
        };
        if stands && !all {
            return Err(SchemeFault::TooManyDecimals { currency });
        }
        Ok(())
    }

    fn rows_held(&self) -> usize {
        match self {
            Self::PerUnit { .. } | Self::Package { .. } => 0,
            Self::Tiered { tiers } | Self::Volume { tiers } | Self::Stairstep { tiers } => tiers.len(),
        }
    }

    /// The largest quantity that has a price; `None` where every quantity has one.
    fn end(&self) -> Option<Fixed> {
        match self {
            Self::PerUnit { .. } | Self::Package { .. } => None,
            Self::Tiered { tiers } | Self::Volume { tiers } | Self::Stairstep { tiers } => {
                tiers.last().and_then(|last| last.up_to)
            }
        }
    }

    /// The price of one unit, where there is one such price.
    pub fn unit_price(&self) -> Option<Fixed> {
        match self {
            Self::PerUnit { price } => Some(*price),
            _ => None,
        }
    }

    /// What `quantity` costs.
    pub fn charge(&self, quantity: Fixed) -> Result<Charge, PricingError> {
        if quantity.is_negative() {
            return Err(PricingError::NegativeQuantity);
        }
        self.validate().map_err(|_fault| PricingError::InvalidScheme)?;
        if quantity.is_zero() {
            let price = self.unit_price().unwrap_or(Fixed::ZERO);
            return Charge::of(vec![ChargeStep::Units { quantity, price }]);
        }
        match self {
            Self::PerUnit { price } => Charge::of(vec![ChargeStep::Units {
                quantity,
                price: *price,
            }]),
            Self::Tiered { tiers } => Charge::of(tiered_steps(tiers, quantity)?),
            Self::Volume { tiers } => {
                let price = tier_of(tiers, quantity)?.price;
                Charge::of(vec![ChargeStep::Units { quantity, price }])
            }
            Self::Stairstep { tiers } => {
                let price = tier_of(tiers, quantity)?.price;
                Charge::of(vec![ChargeStep::Flat { quantity, price }])
            }
            Self::Package { size, price } => {
                let count = packages(quantity, *size)?;
                Charge::of(vec![ChargeStep::Packages {
                    count,
                    size: *size,
                    price: *price,
                }])
            }
        }
    }
}

impl Charge {
    fn of(steps: Vec<ChargeStep>) -> Result<Self, PricingError> {
        let amount = steps
            .iter()
            .try_fold(Exact::ZERO, |sum, step| sum.checked_add(step.amount()))?;
        Ok(Self { amount, steps })
    }
}

fn validate_tiers(tiers: &[Tier]) -> Result<(), SchemeFault> {
    if tiers.is_empty() {
        return Err(SchemeFault::NoTiers);
    }
    // `None` once an open row was seen: nothing may follow it.
    let mut end = Some(Fixed::ZERO);
    for (row, tier) in (1..).zip(tiers) {
        if tier.price.is_negative() {
            return Err(SchemeFault::NegativePrice);
        }
        match (end, tier.up_to) {
            (None, _) => return Err(SchemeFault::Disordered { row }),
            (Some(before), Some(up_to)) if up_to <= before => return Err(SchemeFault::Disordered { row }),
            _ => end = tier.up_to,
        }
    }
    Ok(())
}

fn tier_of(tiers: &[Tier], quantity: Fixed) -> Result<Tier, PricingError> {
    let covers = |tier: &&Tier| tier.up_to.is_none_or(|up_to| quantity <= up_to);
    tiers
        .iter()
        .find(covers)
        .copied()
        .ok_or_else(|| above_last(tiers))
}

fn tiered_steps(tiers: &[Tier], quantity: Fixed) -> Result<Vec<ChargeStep>, PricingError> {
    let mut steps = Vec::new();
    let mut done = Fixed::ZERO;
    for tier in tiers {
        let reach = tier.up_to.map_or(quantity, |up_to| up_to.min(quantity));
        let part = reach.checked_sub(done)?;
        if part.is_positive() {
            steps.push(ChargeStep::Units {
                quantity: part,
                price: tier.price,
            });
            done = reach;
        }
    }
    if done < quantity {
        Err(above_last(tiers))
    } else {
        Ok(steps)
    }
}

fn above_last(tiers: &[Tier]) -> PricingError {
    let limit = tiers
        .iter()
        .rev()
        .find_map(|tier| tier.up_to)
        .unwrap_or(Fixed::ZERO);
    PricingError::AboveLastTier { limit }
}

fn packages(quantity: Fixed, size: Fixed) -> Result<Fixed, PricingError> {
    let whole = quantity.nanos() / size.nanos();
    let started = i64::from(quantity.nanos() % size.nanos() != 0);
    Ok(Fixed::from_int(whole + started)?)
}
