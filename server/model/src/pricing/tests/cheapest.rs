//! The amount that costs least.

use super::{fixed, tier};
use crate::fixed::Fixed;
use crate::money::Currency;
use crate::pricing::{ChargeType, ComponentTerms, Price, PriceScheme, PricedComponent, Tier};

fn cheapest(terms: &ComponentTerms, scheme: PriceScheme) -> Option<Fixed> {
    let version = String::new();
    let component = PricedComponent::of(terms.clone(), Some(Price { version, scheme })).unwrap();
    component.cheapest(Currency::Eur)
}

#[test]
fn the_cheapest_amount_is_the_first_one_of_a_row() {
    let volume = |first: &str, rest: &str| -> PriceScheme {
        let tiers: Vec<Tier> = vec![tier(Some(9), first), tier(None, rest)];
        PriceScheme::Volume { tiers }
    };
    let mut terms = ComponentTerms::simple("cores", "Cores", "core", ChargeType::Limit);
    assert_eq!(cheapest(&terms, volume("50", "1")), Some(Fixed::ZERO));
    terms.min = Some(fixed("2"));
    assert_eq!(cheapest(&terms, volume("5", "1")), Some(fixed("9.000000001")));
    terms.step = Some(fixed("3"));
    assert_eq!(
        cheapest(&terms, volume("5", "1")),
        Some(fixed("2")),
        "10.00, and 11.00 for 11"
    );
    assert_eq!(
        cheapest(&terms, volume("50", "1")),
        Some(fixed("11")),
        "on the grid"
    );
    terms.max = Some(fixed("10"));
    assert_eq!(
        cheapest(&terms, volume("50", "1")),
        Some(fixed("2")),
        "no more can be had"
    );
    let ends = PriceScheme::Tiered {
        tiers: vec![tier(Some(1), "1")],
    };
    assert_eq!(cheapest(&terms, ends), Some(fixed("2")), "it has no price at all");
    assert_eq!(
        cheapest(&terms, PriceScheme::per_unit(fixed("1"))),
        Some(fixed("2"))
    );
}
