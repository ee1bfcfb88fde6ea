//! Price schemes in words, for catalogue pages and quotes.

use super::{PriceScheme, Tier};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};
use crate::pricing::derivation::unit_word;

impl PriceScheme {
    /// The price in words: `€0.05 per CPU-hour`, `€5.00 per core up to 9, then €3.00`.
    pub fn describe(&self, unit: &str, currency: Currency) -> String {
        let money = |price: Fixed| Money::from_fixed(price, currency).to_string();
        match self {
            Self::PerUnit { price } => format!("{} per {unit}", money(*price)),
            Self::Tiered { tiers } => format!(
                "{} (each unit at the price of its row)",
                rows(tiers, unit, &money)
            ),
            Self::Volume { tiers } => format!(
                "{} (all units at the price of the last row reached)",
                rows(tiers, unit, &money)
            ),
            Self::Stairstep { tiers } => steps(tiers, unit, &money),
            Self::Package { size, price } => {
                format!(
                    "{} per package of {size} {}, started packages count",
                    money(*price),
                    unit_word(unit, *size)
                )
            }
        }
    }
}

fn rows(tiers: &[Tier], unit: &str, money: &dyn Fn(Fixed) -> String) -> String {
    let text = |tier: &Tier| match tier.up_to {
        Some(up_to) => format!("{} per {unit} up to {up_to}", money(tier.price)),
        None => format!("{} per {unit} beyond", money(tier.price)),
    };
    tiers.iter().map(text).collect::<Vec<_>>().join(", ")
}

fn steps(tiers: &[Tier], unit: &str, money: &dyn Fn(Fixed) -> String) -> String {
    let text = |tier: &Tier| match tier.up_to {
        Some(up_to) => format!(
            "{} for up to {up_to} {}",
            money(tier.price),
            unit_word(unit, up_to)
        ),
        None => format!("{} for more", money(tier.price)),
    };
    tiers.iter().map(text).collect::<Vec<_>>().join(", ")
}
