//! `none`: a period that has begun is owed whole, whatever follows in it.

use super::{at, cores, eur, flat_fee, held, per_unit, range};
use crate::period::{BillingPeriod, LimitPeriod, Proration};
use crate::pricing::{ComponentTerms, Line, PricedQuantity, Recurring, Stretch};

fn whole(terms: &ComponentTerms, stretches: &[Stretch<Option<PricedQuantity<'_>>>]) -> Vec<Line> {
    let input = Recurring {
        time: range("2025-01-01", "2025-02-01").window().into(),
        every: BillingPeriod::Month,
        proration: Proration::None,
        stretches,
    };
    eur(terms).recurring(&input).unwrap()
}

/// Something else from then on.
fn left(from: &str) -> Stretch<Option<PricedQuantity<'static>>> {
    Stretch {
        from: at(from),
        until: None,
        state: None,
    }
}

#[test]
fn a_switch_at_the_last_hour_of_a_period_does_not_escape_it() {
    let price = per_unit("a", "100");
    let until = "2025-01-31T23:00:00";
    let lines = whole(
        &flat_fee(),
        &[held(&price, "1", "2024-11-03", Some(until)), left(until)],
    );
    assert_eq!(super::amounts(&lines), ["100.00"]);
    let days = lines[0].window.unwrap().dates();
    assert_eq!(
        days,
        range("2025-01-01", "2025-01-31"),
        "the last day is the other plan's"
    );
}

#[test]
fn an_end_does_not_shorten_what_is_owed() {
    let price = per_unit("a", "100");
    let lines = whole(
        &flat_fee(),
        &[held(
            &price,
            "1",
            "2025-01-05T10:00:00",
            Some("2025-01-07T10:00:00"),
        )],
    );
    assert_eq!(super::amounts(&lines), ["100.00"]);
    assert_eq!(
        lines[0].window.unwrap().dates(),
        range("2025-01-05", "2025-01-08")
    );
}

#[test]
fn a_lower_limit_at_the_end_does_not_escape_the_larger_one() {
    let price = per_unit("a", "10");
    let terms = cores(LimitPeriod::Plan);
    let lines = whole(
        &terms,
        &[
            held(&price, "4", "2025-01-01", Some("2025-01-10")),
            held(&price, "6", "2025-01-10", Some("2025-01-31T23:00:00")),
            held(&price, "0", "2025-01-31T23:00:00", None),
        ],
    );
    assert_eq!(super::amounts(&lines), ["60.00"]);
}

#[test]
fn a_period_costs_what_was_the_price_when_it_began() {
    let (old, new) = (per_unit("old", "100"), per_unit("new", "900"));
    let lines = whole(
        &flat_fee(),
        &[
            held(&old, "1", "2024-11-03", Some("2025-01-15")),
            held(&new, "1", "2025-01-15", None),
        ],
    );
    assert_eq!(super::amounts(&lines), ["100.00"]);
    assert_eq!(lines[0].price_version, "old");
}

#[test]
fn a_period_that_never_began_costs_nothing() {
    let price = per_unit("a", "100");
    assert_eq!(
        whole(
            &flat_fee(),
            &[held(&price, "1", "2024-11-03", Some("2025-01-01"))]
        ),
        vec![]
    );
    assert_eq!(
        whole(&flat_fee(), &[held(&price, "0", "2024-11-03", None)]),
        vec![],
        "of nothing"
    );
}
