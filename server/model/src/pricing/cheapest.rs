//! The amount of a component that costs least.

use rust_decimal::Decimal;

use super::{ComponentTerms, PriceScheme, PricedComponent, Tier};
use crate::fixed::Fixed;
use crate::money::Currency;

impl PricedComponent {
    /// Of the amounts that a buyer may choose the one that costs least; the least amount where none has a price. `None`
    /// where nothing can be chosen.
    pub fn cheapest(&self, currency: Currency) -> Option<Fixed> {
        // Within a row of a price more never costs less, so the first amount of each row is its cheapest.
        let ends: &[Tier] = match &self.price.scheme {
            PriceScheme::PerUnit { .. } | PriceScheme::Package { .. } => &[],
            PriceScheme::Tiered { tiers }
            | PriceScheme::Volume { tiers }
            | PriceScheme::Stairstep { tiers } => tiers,
        };
        let ends = ends.iter().filter_map(|tier| tier.up_to).map(Some);
        let first = |end: Option<Fixed>| self.terms.least_above(end);
        let cost = |amount: &Fixed| {
            let charge = self.price.scheme.charge(*amount).ok()?;
            Some(charge.amount.to_money(currency).ok()?.amount)
        };
        let mut cheapest: Option<(Decimal, Fixed)> = None;
        for amount in std::iter::once(None).chain(ends).filter_map(first) {
            let Some(cost) = cost(&amount) else { continue };
            if cheapest.is_none_or(|(least, _)| cost < least) {
                cheapest = Some((cost, amount));
            }
        }
        cheapest.map(|(_, amount)| amount).or_else(|| first(None))
    }
}

impl ComponentTerms {
    /// The least amount that a buyer may choose, of those above `bound` where there is one. `None` where there is none.
    fn least_above(&self, bound: Option<Fixed>) -> Option<Fixed> {
        let min = self.min.unwrap_or(Fixed::ZERO);
        let amount = match bound.filter(|bound| *bound >= min) {
            None => min,
            Some(bound) => {
                let step = self.step.map_or(1, |step| i128::from(step.nanos()).max(1));
                let start = i128::from(min.nanos());
                let steps = (i128::from(bound.nanos()) - start) / step + 1;
                Fixed::from_wide(start + steps * step).ok()?
            }
        };
        self.check_limit(amount).is_ok().then_some(amount)
    }
}
