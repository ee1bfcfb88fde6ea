//! What a quantity costs.

use model::{Fixed, PriceScheme, Tier};
use rust_decimal::Decimal;

/// What `quantity` costs.
pub(super) fn cost(scheme: &PriceScheme, quantity: Decimal) -> Decimal {
    if quantity.is_zero() {
        return Decimal::ZERO;
    }
    match scheme {
        PriceScheme::PerUnit { price } => quantity * number(*price),
        PriceScheme::Tiered { tiers } => {
            let (mut sum, mut done) = (Decimal::ZERO, Decimal::ZERO);
            for tier in tiers {
                let reach = tier.up_to.map_or(quantity, |end| number(end).min(quantity));
                if reach > done {
                    sum += (reach - done) * number(tier.price);
                    done = reach;
                }
            }
            sum
        }
        PriceScheme::Volume { tiers } => quantity * number(row(tiers, quantity).price),
        PriceScheme::Stairstep { tiers } => number(row(tiers, quantity).price),
        PriceScheme::Package { size, price } => (quantity / number(*size)).ceil() * number(*price),
    }
}

fn row(tiers: &[Tier], quantity: Decimal) -> Tier {
    let mut covers = tiers
        .iter()
        .filter(|tier| tier.up_to.is_none_or(|end| quantity <= number(end)));
    *covers.next().expect("the last row is open")
}

pub(super) fn number(fixed: Fixed) -> Decimal {
    fixed.to_decimal()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_figures_of_the_design() {
        let fixed = |text: &str| text.parse::<Fixed>().expect("a number");
        let tier = |up_to: Option<&str>, price: &str| Tier {
            up_to: up_to.map(fixed),
            price: fixed(price),
        };
        let q = Decimal::from(15);
        let rows = vec![tier(Some("9"), "5"), tier(None, "3")];
        assert_eq!(
            cost(&PriceScheme::Tiered { tiers: rows.clone() }, q),
            Decimal::from(63)
        );
        assert_eq!(cost(&PriceScheme::Volume { tiers: rows }, q), Decimal::from(45));
        let rows = vec![tier(Some("9"), "30"), tier(None, "100")];
        assert_eq!(
            cost(&PriceScheme::Stairstep { tiers: rows }, q),
            Decimal::from(100)
        );
    }
}
