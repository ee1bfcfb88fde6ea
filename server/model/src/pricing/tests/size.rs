//! What is too large for a document is refused before it is ordered.

use std::collections::BTreeMap;

use super::quotes::{priced, request, with_cores};
use super::{cores, fixed, tier};
use crate::period::LimitPeriod;
use crate::pricing::{ChargeType, ComponentTerms, PriceScheme, QuoteError, QuoteRequest, SchemeFault, quote};
use crate::problem::Problem;

fn of(quantity: &str, price: &str, period: LimitPeriod) -> Result<String, QuoteError> {
    let asked = QuoteRequest {
        components: vec![priced(cores(period), price)],
        limits: BTreeMap::from([("cores".to_owned(), fixed(quantity))]),
        ..with_cores(cores(period))
    };
    quote(&asked).map(|quote| quote.commitment.unwrap().to_string())
}

#[test]
fn an_order_that_no_document_could_hold_is_refused() {
    let refused = of("9000000000", "1", LimitPeriod::Total).unwrap_err();
    assert_eq!(refused, QuoteError::TooLarge(crate::money::Currency::Eur));
    assert_eq!(
        Problem::from(refused).detail,
        "This would cost more than €100,000,000.00 at once, which no invoice can hold: order less."
    );
    assert!(of("9000000000", "9000000000", LimitPeriod::Month).is_err());
    // A year of it counts: a hundred million with tax.
    assert!(of("6830000", "1", LimitPeriod::Month).is_ok());
    assert!(of("6840000", "1", LimitPeriod::Month).is_err());
}

#[test]
fn the_commitment_is_the_largest_of_month_first_invoice_and_what_is_owed_once() {
    assert_eq!(of("10000", "50", LimitPeriod::Total).unwrap(), "€500,000.00");
    assert_eq!(of("10", "50", LimitPeriod::Month).unwrap(), "€500.00");
    // 73 of 92 days of the quarter are more than a third of it.
    assert_eq!(of("10", "92", LimitPeriod::Quarter).unwrap(), "€730.00");
    let prepaid = QuoteRequest {
        end: Some("2026-07-20".parse().unwrap()),
        ..with_cores(ComponentTerms {
            prepaid: true,
            ..cores(LimitPeriod::Month)
        })
    };
    assert_eq!(
        quote(&prepaid).unwrap().commitment.unwrap().to_string(),
        "€144.00"
    );
    // The setup fee of 20 and the first days come to more than a month of 22.
    assert_eq!(
        quote(&request()).unwrap().commitment.unwrap().to_string(),
        "€28.52"
    );
}

#[test]
fn a_price_table_has_at_most_a_hundred_rows() {
    let rows = |count: i32| PriceScheme::Volume {
        tiers: (1..=count)
            .map(|row| tier((row < count).then_some(row), "5"))
            .collect(),
    };
    let terms = ComponentTerms::simple("cpu", "CPU", "hour", ChargeType::Usage);
    assert_eq!(rows(100).validate_for(&terms, false), Ok(()));
    assert_eq!(
        rows(101).validate_for(&terms, false),
        Err(SchemeFault::TooManyRows)
    );
    assert!(
        rows(101).charge(fixed("7")).is_ok(),
        "what was sold before is billed"
    );
}

#[test]
fn use_without_a_cap_needs_an_open_last_row() {
    let closed = PriceScheme::Tiered {
        tiers: vec![tier(Some(10), "5"), tier(Some(20), "3")],
    };
    let by_use = ComponentTerms::simple("cpu", "CPU", "hour", ChargeType::Usage);
    let end = fixed("20");
    assert_eq!(
        closed.validate_for(&by_use, false),
        Err(SchemeFault::NotOpen { end })
    );
    let capped = |cap: &str| ComponentTerms {
        max: Some(fixed(cap)),
        ..by_use.clone()
    };
    assert_eq!(closed.validate_for(&capped("20"), false), Ok(()));
    let cap = fixed("25");
    assert_eq!(
        closed.validate_for(&capped("25"), false),
        Err(SchemeFault::BelowCap { end, cap })
    );
    assert_eq!(
        closed.validate_for(&capped("20"), true),
        Err(SchemeFault::NotOpen { end }),
        "what goes beyond a prepaid limit knows no cap"
    );
    assert_eq!(closed.validate_for(&cores(LimitPeriod::Month), false), Ok(()));
    let open = PriceScheme::Tiered {
        tiers: vec![tier(Some(10), "5"), tier(None, "3")],
    };
    assert_eq!(open.validate_for(&by_use, false), Ok(()));
}
