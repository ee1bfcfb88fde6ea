//! A change is quoted as a change; and what the buyer expects to use is told apart from what is sure.

use std::collections::BTreeMap;

use super::quotes::{priced, request};
use super::{amounts, cores, date, fixed, flat_fee};
use crate::fixed::Fixed;
use crate::money::Currency;
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, LimitPeriod, Proration};
use crate::pricing::{
    ChargeType, ComponentTerms, ExpectedUse, Occasion, PreviousPlan, QuoteError, QuoteRequest, quote,
};

fn limits(cores: &str) -> BTreeMap<String, Fixed> {
    BTreeMap::from([("cores".to_owned(), fixed(cores))])
}

/// From 4 cores to 6 on 20 July, at 3 a month, beside a base fee of 10.
fn more_cores() -> QuoteRequest {
    QuoteRequest {
        occasion: Occasion::ChangeLimits,
        limits: limits("6"),
        previous_limits: limits("4"),
        ..request()
    }
}

#[test]
fn a_change_of_limits_shows_what_it_adds_and_not_what_stays() {
    let quoted = quote(&more_cores()).unwrap();
    // Two cores for twelve days: 0.774 × 3.
    assert_eq!(amounts(&quoted.first_invoice.lines), ["2.32"]);
    assert_eq!(
        quoted.first_invoice.lines[0].derivation.sentence(),
        "6 cores × 12/31 days × €3.00 − 4 cores × 12/31 days × €3.00"
    );
    assert_eq!(amounts(&quoted.one_time.lines), Vec::<String>::new());
    assert_eq!(amounts(&quoted.added_month.unwrap().lines), ["6.00"]);
    assert_eq!(amounts(&quoted.full_month.lines), ["10.00", "18.00"]);
    let fewer = quote(&QuoteRequest {
        limits: limits("3"),
        ..more_cores()
    })
    .unwrap();
    assert_eq!(amounts(&fewer.added_month.unwrap().lines), ["-3.00"]);
}

fn to_plan(currency: Currency) -> QuoteRequest {
    QuoteRequest {
        occasion: Occasion::SwitchPlan,
        currency,
        components: vec![priced(
            ComponentTerms {
                name: "Base".into(),
                ..flat_fee()
            },
            "62",
        )],
        limits: BTreeMap::new(),
        previous: Some(PreviousPlan {
            currency: Currency::Eur,
            every: BillingPeriod::Month,
            proration: Proration::Day,
            mode: ChargeMode::Arrears,
            components: vec![priced(flat_fee(), "31")],
        }),
        ..request()
    }
}

#[test]
fn a_switch_shows_the_days_of_the_new_plan_and_takes_off_those_of_the_old() {
    let mut switch = to_plan(Currency::Eur);
    if let Some(left) = &mut switch.previous {
        left.components[0].price.version = "v0".into();
    }
    let quoted = quote(&switch).unwrap();
    assert_eq!(amounts(&quoted.first_invoice.lines), ["24.00", "-12.00"]);
    assert_eq!(amounts(&quoted.added_month.unwrap().lines), ["62.00", "-31.00"]);
    assert_eq!(quoted.commitment.unwrap().to_string(), "€62.00");
}

#[test]
fn a_switch_of_currency_shows_only_what_is_billed_in_the_new_one() {
    let quoted = quote(&to_plan(Currency::Usd)).unwrap();
    assert_eq!(amounts(&quoted.first_invoice.lines), ["24.00"]);
    assert_eq!(quoted.added_month, None);
    assert!(
        quoted
            .notes
            .contains(&"Until today you are billed in EUR, on an invoice of its own.".to_owned())
    );
}

#[test]
fn a_change_of_a_total_limit_adds_nothing_a_month() {
    let quoted = quote(&QuoteRequest {
        components: vec![priced(cores(LimitPeriod::Total), "3")],
        ..more_cores()
    })
    .unwrap();
    assert_eq!(amounts(&quoted.first_invoice.lines), ["6.00"]);
    assert_eq!(amounts(&quoted.added_month.unwrap().lines), Vec::<String>::new());
    assert_eq!(quoted.commitment.unwrap().to_string(), "€6.00");
}

/// Storage at 0.05 that asks in this way, with a cap of 50,000.
fn asking(expected_use: ExpectedUse, default: Option<&str>) -> QuoteRequest {
    let storage = ComponentTerms {
        expected_use,
        default: default.map(fixed),
        max: Some(fixed("50000")),
        ..ComponentTerms::simple("storage", "Storage", "GiB-hour", ChargeType::Usage)
    };
    QuoteRequest {
        components: vec![priced(flat_fee(), "10"), priced(storage, "0.05")],
        limits: BTreeMap::new(),
        start: date("2025-07-01"),
        ..request()
    }
}

fn expecting(request: QuoteRequest, quantity: &str) -> QuoteRequest {
    QuoteRequest {
        expected: BTreeMap::from([("storage".to_owned(), fixed(quantity))]),
        ..request
    }
}

#[test]
fn expected_use_is_an_estimate_apart_and_counts_in_the_commitment() {
    let asked = asking(ExpectedUse::Optional, None);
    let quoted = quote(&expecting(asked.clone(), "10000")).unwrap();
    assert_eq!(amounts(&quoted.expected.unwrap().lines), ["500.00"]);
    assert_eq!(amounts(&quoted.full_month.lines), ["10.00"], "only what is sure");
    assert_eq!(quoted.commitment.unwrap().to_string(), "€510.00");
    let silent = quote(&asked).unwrap();
    assert_eq!(
        (silent.expected, silent.commitment.unwrap().plain()),
        (None, "30.00".into())
    );
    let started = quote(&asking(ExpectedUse::Default, Some("2000"))).unwrap();
    assert_eq!(amounts(&started.expected.unwrap().lines), ["100.00"]);
}

#[test]
fn what_is_asked_today_does_not_stand_in_the_way_of_a_change() {
    let change = |request: QuoteRequest| {
        quote(&QuoteRequest {
            occasion: Occasion::ChangeLimits,
            ..request
        })
        .unwrap()
    };
    assert_eq!(change(asking(ExpectedUse::Required, None)).expected, None);
    assert_eq!(
        change(expecting(asking(ExpectedUse::Off, None), "5")).expected,
        None
    );
    let kept = change(expecting(asking(ExpectedUse::Optional, None), "60000"));
    assert_eq!(amounts(&kept.expected.unwrap().lines), ["3000.00"]);
}

#[test]
fn expected_use_is_checked_as_it_is_asked() {
    let told = |request: &QuoteRequest| match quote(request) {
        Err(QuoteError::Limits(faults)) => {
            let fault = &faults[0];
            (fault.path.clone(), fault.message.clone())
        }
        other => panic!("{other:?}"),
    };
    let text = |path: &str, message: &str| (path.to_owned(), message.to_owned());
    assert_eq!(
        told(&asking(ExpectedUse::Required, None)),
        text(
            "expected_use.storage",
            "Enter what you expect to use of “Storage” a month, in GiB-hours."
        )
    );
    assert_eq!(
        told(&expecting(asking(ExpectedUse::Optional, None), "50001")),
        text(
            "expected_use.storage",
            "At most 50000 GiB-hours can be used a month."
        )
    );
    assert_eq!(
        told(&expecting(asking(ExpectedUse::Off, None), "1")),
        text(
            "expected_use.storage",
            "Expected use of this is not asked for. Remove it."
        )
    );
}
