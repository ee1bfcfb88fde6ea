use super::{fixed, tier};
use crate::fixed::Fixed;
use crate::money::Currency;
use crate::pricing::{ChargeStep, PriceScheme, PricingError, SchemeFault};

fn cost(scheme: &PriceScheme, quantity: &str) -> String {
    scheme
        .charge(fixed(quantity))
        .unwrap()
        .amount
        .to_money(Currency::Eur)
        .unwrap()
        .plain()
}

fn table() -> Vec<crate::pricing::Tier> {
    vec![tier(Some(9), "5"), tier(None, "3")]
}

#[test]
fn tiered_charges_each_unit_in_its_row() {
    let scheme = PriceScheme::Tiered { tiers: table() };
    let costs = ["9", "10", "15", "9.5", "0"].map(|quantity| cost(&scheme, quantity));
    assert_eq!(costs, ["45.00", "48.00", "63.00", "46.50", "0.00"]);
    let steps = scheme.charge(fixed("15")).unwrap().steps;
    let units = |quantity: i32, price: i32| ChargeStep::Units {
        quantity: quantity.into(),
        price: price.into(),
    };
    assert_eq!(steps, [units(9, 5), units(6, 3)]);
}

#[test]
fn volume_charges_all_units_at_the_row_of_the_whole() {
    let scheme = PriceScheme::Volume { tiers: table() };
    assert_eq!(
        ["9", "10", "15", "0"].map(|quantity| cost(&scheme, quantity)),
        ["45.00", "30.00", "45.00", "0.00"]
    );
}

#[test]
fn stairstep_charges_the_row_once() {
    let scheme = PriceScheme::Stairstep {
        tiers: vec![tier(Some(9), "30"), tier(None, "100")],
    };
    assert_eq!(
        ["9", "10", "15", "0"].map(|quantity| cost(&scheme, quantity)),
        ["30.00", "100.00", "100.00", "0.00"]
    );
}

#[test]
fn started_packages_count() {
    let scheme = PriceScheme::Package {
        size: fixed("100"),
        price: fixed("4"),
    };
    let costs = ["0", "0.1", "100", "100.000000001", "250"].map(|quantity| cost(&scheme, quantity));
    assert_eq!(costs, ["0.00", "4.00", "4.00", "8.00", "12.00"]);
}

#[test]
fn a_quantity_without_a_price_is_an_error_and_never_free() {
    let closed = vec![tier(Some(9), "5")];
    let above = PricingError::AboveLastTier {
        limit: Fixed::from(9),
    };
    for scheme in [
        PriceScheme::Tiered {
            tiers: closed.clone(),
        },
        PriceScheme::Volume {
            tiers: closed.clone(),
        },
        PriceScheme::Stairstep { tiers: closed },
    ] {
        assert_eq!(scheme.charge(fixed("9.1")), Err(above));
        assert!(scheme.charge(fixed("9")).is_ok());
        assert_eq!(scheme.charge(fixed("-1")), Err(PricingError::NegativeQuantity));
    }
}

#[test]
fn unsound_schemes_are_refused() {
    let tiered = |tiers| PriceScheme::Tiered { tiers }.validate();
    assert_eq!(tiered(vec![]), Err(SchemeFault::NoTiers));
    assert_eq!(
        tiered(vec![tier(Some(9), "5"), tier(Some(9), "3")]),
        Err(SchemeFault::Disordered { row: 2 })
    );
    assert_eq!(
        tiered(vec![tier(None, "5"), tier(Some(9), "3")]),
        Err(SchemeFault::Disordered { row: 2 })
    );
    assert_eq!(
        tiered(vec![tier(None, "5"), tier(None, "3")]),
        Err(SchemeFault::Disordered { row: 2 })
    );
    assert_eq!(
        tiered(vec![tier(Some(0), "5")]),
        Err(SchemeFault::Disordered { row: 1 })
    );
    assert_eq!(tiered(vec![tier(None, "-5")]), Err(SchemeFault::NegativePrice));
    assert_eq!(
        PriceScheme::per_unit(fixed("-0.01")).validate(),
        Err(SchemeFault::NegativePrice)
    );
    let package = PriceScheme::Package {
        size: Fixed::ZERO,
        price: Fixed::ONE,
    };
    assert_eq!(package.validate(), Err(SchemeFault::PackageSize));
    assert_eq!(package.charge(Fixed::ONE), Err(PricingError::InvalidScheme));
}

#[test]
fn too_large_an_amount_is_an_error() {
    let most = PriceScheme::per_unit(Fixed::MAX);
    assert_eq!(
        most.charge(Fixed::MAX).unwrap().amount.to_money(Currency::Eur),
        Err(PricingError::Overflow)
    );
    assert_eq!(
        most.charge(Fixed::MAX).unwrap().amount.share(10, 1),
        Err(PricingError::Overflow)
    );
}

#[test]
fn schemes_read_as_sentences() {
    let describe = |scheme: PriceScheme| scheme.describe("core", Currency::Eur);
    assert_eq!(describe(PriceScheme::per_unit(fixed("0.05"))), "€0.05 per core");
    assert_eq!(
        describe(PriceScheme::Tiered { tiers: table() }),
        "€5.00 per core up to 9, €3.00 per core beyond (each unit at the price of its row)"
    );
    assert_eq!(
        describe(PriceScheme::Stairstep {
            tiers: vec![tier(Some(9), "30"), tier(None, "100")]
        }),
        "€30.00 for up to 9 cores, €100.00 for more"
    );
    assert_eq!(
        describe(PriceScheme::Package {
            size: fixed("10"),
            price: fixed("4")
        }),
        "€4.00 per package of 10 cores, started packages count"
    );
}

#[test]
fn a_scheme_keeps_its_shape_in_json() {
    let scheme = PriceScheme::Tiered { tiers: table() };
    let json = serde_json::to_value(&scheme).unwrap();
    let expected = serde_json::json!({"scheme": "tiered", "tiers": [
        {"up_to": "9", "price": "5"}, {"up_to": null, "price": "3"}]});
    assert_eq!(json, expected);
    assert_eq!(serde_json::from_value::<PriceScheme>(json).unwrap(), scheme);
}
