//! Which invoice is the first, and what stands on it.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::properties::cut_life;
use super::quotes::{priced, request, with_cores};
use super::{amounts, at, cores, date, eur, fixed, flat_fee, held, per_unit, range};
use crate::fixed::Fixed;
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, LimitPeriod, Month, Proration};
use crate::pricing::schedule::{Scheduled, scheduled};
use crate::pricing::{Exact, Line, PricedQuantity, QuoteRequest, Recurring, Stretch, quote};

/// A base fee of 1200 a year, from 20 July 2025.
fn yearly(mode: ChargeMode) -> QuoteRequest {
    QuoteRequest {
        every: BillingPeriod::Year,
        mode,
        setup_fee: Fixed::ZERO,
        components: vec![priced(flat_fee(), "1200")],
        limits: BTreeMap::default(),
        ..request()
    }
}

fn first(request: &QuoteRequest) -> (String, Vec<String>) {
    let quoted = quote(request).unwrap();
    let month = quoted.first_invoice_month.map(|month| month.to_string());
    (month.unwrap_or_default(), amounts(&quoted.first_invoice.lines))
}

#[test]
fn a_yearly_plan_is_first_billed_in_december_or_in_advance_at_once() {
    // 20 July to 31 December are 165 of 365 days.
    let half = vec!["542.47".to_owned()];
    assert_eq!(
        first(&yearly(ChargeMode::Arrears)),
        ("2025-12".into(), half.clone())
    );
    assert_eq!(first(&yearly(ChargeMode::Advance)), ("2025-07".into(), half));
    let quoted = quote(&yearly(ChargeMode::Arrears)).unwrap();
    assert_eq!(quoted.notes[0], "The first invoice is the one for December 2025.");
}

#[test]
fn what_is_billed_once_makes_the_first_invoice_alone() {
    let with_setup = QuoteRequest {
        setup_fee: fixed("20"),
        ..yearly(ChargeMode::Arrears)
    };
    assert_eq!(first(&with_setup), ("2025-07".into(), vec!["20.00".to_owned()]));
}

#[test]
fn an_end_before_the_period_does_brings_the_invoice_forward() {
    let ending = QuoteRequest {
        end: Some(date("2025-10-01")),
        ..yearly(ChargeMode::Arrears)
    };
    // 73 days, until 30 September.
    assert_eq!(first(&ending), ("2025-09".into(), vec!["240.00".to_owned()]));
}

#[test]
fn a_month_in_which_nothing_is_to_be_paid_has_no_invoice() {
    let cheap = QuoteRequest {
        start: date("2025-07-31"),
        ..with_cores(cores(LimitPeriod::Plan))
    };
    let cheap = QuoteRequest {
        components: vec![priced(cores(LimitPeriod::Plan), "0.03")],
        ..cheap
    };
    // 4 × 1/31 × 0.03 is less than half a cent.
    assert_eq!(first(&cheap), ("2025-08".into(), vec!["0.12".to_owned()]));
}

#[test]
fn a_limit_of_a_daily_plan_is_charged_by_the_day() {
    let daily = QuoteRequest {
        every: BillingPeriod::Day,
        start: date("2025-07-31"),
        components: vec![priced(cores(LimitPeriod::Plan), "1")],
        limits: [("cores".to_owned(), fixed("3"))].into(),
        ..with_cores(cores(LimitPeriod::Plan))
    };
    assert_eq!(first(&daily), ("2025-07".into(), vec!["3.00".to_owned()]));
    let quoted = quote(&daily).unwrap();
    assert_eq!(
        quoted.full_month.lines[0].derivation.sentence(),
        "3 cores × 31 days × €1.00"
    );
}

#[test]
fn periods_of_a_month_and_less_stand_on_the_invoice_of_their_month() {
    let month = Month::new(2025, 7).unwrap();
    for every in [BillingPeriod::Hour, BillingPeriod::Day, BillingPeriod::Month] {
        for mode in [ChargeMode::Advance, ChargeMode::Arrears] {
            let expected = Scheduled {
                period: month.range(),
                in_advance: false,
            };
            assert_eq!(scheduled(every, mode, month, None), Some(expected));
        }
    }
    assert_eq!(
        scheduled(BillingPeriod::Once, ChargeMode::Advance, month, None),
        None
    );
}

/// Each month's lines of a quarter that is charged in advance.
fn quarter(
    proration: Proration,
    stretches: &[Stretch<Option<PricedQuantity<'_>>>],
) -> Vec<(Vec<String>, Vec<String>)> {
    let terms = flat_fee();
    let input = Recurring {
        time: range("2025-01-01", "2025-04-01").window().into(),
        every: BillingPeriod::Quarter,
        proration,
        stretches,
    };
    let month = |known: &str, before: Option<&str>| {
        let lines = eur(&terms).in_advance(&input, at(known), before.map(at)).unwrap();
        let sentences = lines.iter().map(|line| line.derivation.sentence()).collect();
        (amounts(&lines), sentences)
    };
    vec![
        month("2025-02-01", None),
        month("2025-03-01", Some("2025-02-01")),
        month("2025-04-01", Some("2025-03-01")),
    ]
}

fn text(amount: &str, sentence: &str) -> (Vec<String>, Vec<String>) {
    (vec![amount.to_owned()], vec![sentence.to_owned()])
}

#[test]
fn what_was_billed_in_advance_and_is_not_owed_is_given_back() {
    let price = per_unit("p", "90");
    let life = [held(
        &price,
        "1",
        "2025-01-01T09:00:00",
        Some("2025-02-14T12:00:00"),
    )];
    let nothing = (vec![], vec![]);
    assert_eq!(
        quarter(Proration::Day, &life),
        [
            text("90.00", "1 service × €90.00"),
            text("-45.00", "−(1 service × 45/90 days × €90.00)"),
            nothing.clone(),
        ]
    );
    assert_eq!(
        quarter(Proration::None, &life),
        [
            text("90.00", "1 service × €90.00"),
            nothing.clone(),
            nothing.clone()
        ],
        "the period is owed whole"
    );
    let switched = [
        held(&price, "1", "2025-01-01T09:00:00", Some("2025-03-17T12:00:00")),
        Stretch {
            from: at("2025-03-17T12:00:00"),
            until: None,
            state: None,
        },
    ];
    assert_eq!(
        quarter(Proration::Day, &switched)[2],
        text("-15.00", "−(1 service × 15/90 days × €90.00)")
    );
}

#[test]
fn a_new_price_within_a_period_that_was_billed_is_the_difference_from_its_month_on() {
    let (old, new) = (per_unit("old", "90"), per_unit("new", "180"));
    let life = [
        held(&old, "1", "2025-01-01T09:00:00", Some("2025-03-02")),
        held(&new, "1", "2025-03-02", None),
    ];
    let months = quarter(Proration::Day, &life);
    assert_eq!(months[0].0, ["90.00"]);
    assert_eq!(months[1].0, Vec::<String>::new());
    assert_eq!(
        months[2].0,
        ["-30.00", "60.00"],
        "30 days of the old, 30 of the new"
    );
}

proptest! {
    #[test]
    fn the_months_of_what_is_billed_in_advance_come_to_what_is_owed(
        from in -84_960_i64..44_640, length in 1_i64..130_000,
        cuts in proptest::collection::vec(-84_960_i64..44_640, 0..6), whole: bool
    ) {
        let (one, other) = (per_unit("one", "7.77"), per_unit("other", "31"));
        let state = |price, quantity: i32| Some(PricedQuantity { price, quantity: Fixed::from(quantity) });
        let states = [state(&one, 1), state(&one, 4), state(&other, 2), None];
        let life = cut_life(from, from + length, &cuts, &states);
        let input = Recurring {
            time: range("2025-01-01", "2025-04-01").window().into(),
            every: BillingPeriod::Quarter,
            proration: if whole { Proration::None } else { Proration::Day },
            stretches: &life,
        };
        let terms = flat_fee();
        let sum = |lines: &[Line]| {
            let exact = |sum: Exact, line: &Line| sum.checked_add(line.derivation.exact().unwrap()).unwrap();
            lines.iter().fold(Exact::ZERO, exact).to_fixed().unwrap()
        };
        let mut billed = Vec::new();
        for (known, before) in [("2025-02-01", None), ("2025-03-01", Some("2025-02-01")), ("2025-04-01", Some("2025-03-01"))] {
            billed.extend(eur(&terms).in_advance(&input, at(known), before.map(at)).unwrap());
        }
        prop_assert_eq!(sum(&billed), sum(&eur(&terms).recurring(&input).unwrap()));
    }
}
