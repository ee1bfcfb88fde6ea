//! Tax and totals of a document, as EN 16931 has them: tax is rounded once per rate on the sum of the printed lines.

use serde::{Deserialize, Serialize};

use super::{Exact, PricingError};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};

/// A rate of tax.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaxRate {
    /// Its name as printed: `VAT`.
    pub name: String,
    /// Percent of the net amount, 0 to 100.
    pub percent: Fixed,
    /// The buyer owes the tax; none is charged, and the document says so.
    #[serde(default)]
    pub reverse_charge: bool,
}

impl TaxRate {
    /// No tax at all.
    pub fn none() -> Self {
        Self {
            name: "No tax".into(),
            percent: Fixed::ZERO,
            reverse_charge: false,
        }
    }

    /// As printed: `VAT 22 %`.
    pub fn label(&self) -> String {
        match (self.reverse_charge, self.percent.is_zero()) {
            (true, _) => format!("{} (reverse charge)", self.name),
            (false, true) => self.name.clone(),
            (false, false) => format!("{} {} %", self.name, self.percent),
        }
    }

    /// The percentage that is charged here: nothing under reverse charge.
    pub fn charged_percent(&self) -> Fixed {
        if self.reverse_charge {
            Fixed::ZERO
        } else {
            self.percent
        }
    }
}

/// The tax of one rate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct TaxTotal {
    /// The rate.
    pub rate: TaxRate,
    /// Sum of the lines under it.
    pub base: Money,
    /// The tax on that sum, rounded once.
    pub tax: Money,
}

impl TaxTotal {
    /// Whether it is charged here. Under reverse charge it is not: a document says so in words and prints no amount of tax.
    pub fn is_charged(&self) -> bool {
        !self.rate.reverse_charge
    }
}

/// What stands below the lines of a document.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Totals {
    /// Sum of the lines.
    pub net: Money,
    /// One entry per rate, in the order in which the rates first occur.
    pub taxes: Vec<TaxTotal>,
    /// Sum of the taxes.
    pub tax: Money,
    /// Net and tax.
    pub total: Money,
}

/// Totals of lines, each with its rate. Line amounts must be rounded: the sums are those of what is printed.
pub fn document_totals(currency: Currency, lines: &[(Money, &TaxRate)]) -> Result<Totals, PricingError> {
    let mut bases: Vec<(&TaxRate, Money)> = Vec::new();
    for (amount, rate) in lines {
        match bases.iter_mut().find(|(known, _)| known == rate) {
            Some((_, base)) => *base = base.checked_add(*amount)?,
            None => bases.push((rate, Money::zero(currency).checked_add(*amount)?)),
        }
    }
    let row = |(rate, base): (&TaxRate, Money)| {
        Ok(TaxTotal {
            rate: rate.clone(),
            base: base.rounded(),
            tax: tax_on(base, rate)?,
        })
    };
    let taxes = bases
        .into_iter()
        .map(row)
        .collect::<Result<Vec<_>, PricingError>>()?;
    let net = Money::sum(currency, lines.iter().map(|(amount, _)| *amount))?.rounded();
    let tax = Money::sum(currency, taxes.iter().map(|total| total.tax))?.rounded();
    Ok(Totals {
        net,
        taxes,
        tax,
        total: net.checked_add(tax)?.rounded(),
    })
}

/// Tax on an amount, rounded half away from zero.
fn tax_on(base: Money, rate: &TaxRate) -> Result<Money, PricingError> {
    Exact::product(base.to_fixed()?, rate.charged_percent())
        .share(1, 100)?
        .to_money(base.currency)
}
