//! Whether one price is lower than another, whatever the quantity.

use super::{PriceScheme, Tier};
use crate::fixed::Fixed;

impl PriceScheme {
    /// Whether no quantity costs more than under `other`, and some cost less. Schemes whose amounts do not grow in the
    /// same way (tiers and packages) are never lower than each other, though they may be for one quantity.
    pub fn is_lower_than(&self, other: &Self) -> bool {
        if self == other {
            return false;
        }
        match (self, other) {
            (Self::PerUnit { price }, Self::PerUnit { price: than }) => price < than,
            (
                Self::Package { size, price },
                Self::Package {
                    size: other_size,
                    price: than,
                },
            ) => size == other_size && price < than,
            (Self::Stairstep { tiers }, Self::Stairstep { tiers: others }) => rows_are_lower(tiers, others),
            (Self::Tiered { .. } | Self::PerUnit { .. }, Self::Tiered { .. } | Self::PerUnit { .. })
            | (Self::Volume { .. } | Self::PerUnit { .. }, Self::Volume { .. } | Self::PerUnit { .. }) => {
                rows_are_lower(&self.rows(), &other.rows())
            }
            _ => false,
        }
    }

    fn rows(&self) -> Vec<Tier> {
        match self {
            Self::PerUnit { price } | Self::Package { price, .. } => vec![Tier {
                up_to: None,
                price: *price,
            }],
            Self::Tiered { tiers } | Self::Volume { tiers } | Self::Stairstep { tiers } => tiers.clone(),
        }
    }
}

/// Whether every quantity is in a row that costs no more than its row in `others`, and some in one that costs less.
fn rows_are_lower(rows: &[Tier], others: &[Tier]) -> bool {
    let ends = rows.iter().chain(others).map(|tier| tier.up_to);
    let mut some_less = false;
    for end in ends {
        match (price_at(rows, end), price_at(others, end)) {
            (Some(price), Some(than)) if price <= than => some_less |= price < than,
            // Beyond the end of the other table nothing was promised.
            (_, None) => {}
            _ => return false,
        }
    }
    some_less
}

/// The price of the row that the quantity `up_to` falls in; none: beyond every end.
fn price_at(rows: &[Tier], up_to: Option<Fixed>) -> Option<Fixed> {
    let holds = |tier: &&Tier| match (tier.up_to, up_to) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(end), Some(quantity)) => quantity <= end,
    };
    rows.iter().find(holds).map(|tier| tier.price)
}
