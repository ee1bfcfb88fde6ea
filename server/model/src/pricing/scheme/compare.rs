//! Whether one price is lower than another, whatever the quantity.

use std::cmp::Ordering;

use super::{PriceScheme, Tier};
use crate::fixed::Fixed;

impl PriceScheme {
    /// Whether no quantity costs more than under `other`, and some cost less. Schemes whose amounts do not grow in the
    /// same way (tiers and packages) are never lower than each other, though they may be for one quantity.
    pub fn is_lower_than(&self, other: &Self) -> bool {
        self.costs(other) == Some(Ordering::Less)
    }

    /// Whether no quantity that `other` has a price for costs more than under it. Not so of schemes whose amounts do not grow
    /// in the same way.
    pub fn costs_no_more_than(&self, other: &Self) -> bool {
        self.costs(other).is_some()
    }

    /// Against `other`: less, where some quantity costs less and none more; equal, where every quantity that `other` has a
    /// price for costs the same; none, where some may cost more.
    fn costs(&self, other: &Self) -> Option<Ordering> {
        if self == other {
            return Some(Ordering::Equal);
        }
        match (self, other) {
            (Self::PerUnit { price }, Self::PerUnit { price: than }) => no_more(*price, *than),
            (
                Self::Package { size, price },
                Self::Package {
                    size: other_size,
                    price: than,
                },
            ) => no_more(*price, *than).filter(|_| size == other_size),
            (Self::Stairstep { tiers }, Self::Stairstep { tiers: others }) => rows_cost(tiers, others),
            (Self::Tiered { .. } | Self::PerUnit { .. }, Self::Tiered { .. } | Self::PerUnit { .. })
            | (Self::Volume { .. } | Self::PerUnit { .. }, Self::Volume { .. } | Self::PerUnit { .. }) => {
                rows_cost(&self.rows(), &other.rows())
            }
            _ => None,
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

/// The same of tables: every quantity that is in a row of `others` is in one that costs no more.
fn rows_cost(rows: &[Tier], others: &[Tier]) -> Option<Ordering> {
    let ends = rows.iter().chain(others).map(|tier| tier.up_to);
    let mut all = Ordering::Equal;
    for end in ends {
        // Beyond the end of the other table nothing was promised.
        if let Some(than) = price_at(others, end) {
            all = all.min(no_more(price_at(rows, end)?, than)?);
        }
    }
    Some(all)
}

fn no_more(price: Fixed, than: Fixed) -> Option<Ordering> {
    Some(price.cmp(&than)).filter(|order| order.is_le())
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
