use std::collections::BTreeMap;

use chrono::NaiveTime;

use super::{amounts, cores, date, fixed, flat_fee, per_unit};
use crate::fixed::Fixed;
use crate::money::Currency;
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, LimitPeriod, Proration};
use crate::pricing::{
    ChargeType, ComponentTerms, Occasion, PricedComponent, QuoteError, QuoteRequest, TaxRate, quote,
};
use crate::problem::Problem;

pub(super) fn priced(terms: ComponentTerms, price: &str) -> PricedComponent {
    PricedComponent {
        terms,
        price: per_unit("v1", price),
        amount: Fixed::ONE,
    }
}

/// Base fee 10 and cores at 3 a month, storage by use, switching fee 7; from 20 July 2025 at 22 %.
pub(super) fn request() -> QuoteRequest {
    let storage = ComponentTerms::simple("storage", "Storage", "GiB-hour", ChargeType::Usage);
    let switching = ComponentTerms::simple("switch", "Switching fee", "switch", ChargeType::OnPlanSwitch);
    QuoteRequest {
        occasion: Occasion::Create,
        currency: Currency::Eur,
        every: BillingPeriod::Month,
        proration: Proration::Day,
        mode: ChargeMode::Arrears,
        setup_fee: fixed("20"),
        components: vec![
            priced(flat_fee(), "10"),
            priced(cores(LimitPeriod::Month), "3"),
            priced(storage, "0.05"),
            priced(switching, "7"),
        ],
        limits: BTreeMap::from([("cores".to_owned(), fixed("4"))]),
        previous_limits: BTreeMap::new(),
        previous: None,
        expected: BTreeMap::new(),
        start: date("2025-07-20"),
        time: NaiveTime::MIN,
        clock: Vec::new(),
        end: None,
        paid_term: None,
        later_terms: Vec::new(),
        to_come: Vec::new(),
        tax: TaxRate {
            name: "VAT".into(),
            percent: fixed("22"),
            reverse_charge: false,
        },
    }
}

pub(super) fn with_cores(terms: ComponentTerms) -> QuoteRequest {
    QuoteRequest {
        components: vec![priced(terms, "3")],
        setup_fee: Fixed::ZERO,
        ..request()
    }
}

#[test]
fn a_quote_shows_first_invoice_full_month_and_what_is_billed_by_use() {
    let quote = quote(&request()).unwrap();
    assert_eq!(amounts(&quote.first_invoice.lines), ["3.87", "4.65", "20.00"]);
    assert_eq!(quote.first_invoice.totals.net.plain(), "28.52");
    assert_eq!(quote.first_invoice.totals.total.plain(), "34.79");
    assert_eq!(amounts(&quote.full_month.lines), ["10.00", "12.00"]);
    assert_eq!(amounts(&quote.one_time.lines), ["20.00"]);
    assert_eq!(quote.usage[0].text, "€0.05 per GiB-hour, billed by use");
    assert_eq!(
        quote.notes,
        [
            "The first month is charged from 20 July; later months are charged in full.",
            "Switching to this plan later costs €7.00 per switch (Switching fee)."
        ]
    );
}

#[test]
fn a_quarterly_limit_shows_the_prorated_quarter_and_a_third_of_it_a_month() {
    let quote = quote(&with_cores(cores(LimitPeriod::Quarter))).unwrap();
    // 20 July to 30 September are 73 of 92 days.
    assert_eq!(
        quote.first_invoice.lines[0].derivation.sentence(),
        "4 cores × 73/92 days × €3.00"
    );
    assert_eq!(amounts(&quote.first_invoice.lines), ["9.52"]);
    assert_eq!(
        quote.full_month.lines[0].derivation.sentence(),
        "4 cores × 1/3 of a quarter × €3.00"
    );
    assert_eq!(amounts(&quote.full_month.lines), ["4.00"]);
    assert!(
        quote
            .notes
            .contains(&"Cores is billed every 3 months; the monthly figure is the part of one.".to_owned())
    );
}

#[test]
fn an_early_end_shortens_the_first_period() {
    let quote = quote(&QuoteRequest {
        end: Some(date("2025-07-25")),
        ..with_cores(cores(LimitPeriod::Month))
    })
    .unwrap();
    assert_eq!(
        quote.first_invoice.lines[0].derivation.sentence(),
        "4 cores × 5/31 days × €3.00"
    );
}

#[test]
fn prepaid_needs_an_end_and_is_charged_up_front() {
    let prepaid = with_cores(ComponentTerms {
        prepaid: true,
        ..cores(LimitPeriod::Month)
    });
    assert_eq!(quote(&prepaid), Err(QuoteError::MissingTerm));
    let ended = QuoteRequest {
        end: Some(date("2025-10-20")),
        ..prepaid
    };
    let quoted = quote(&ended).unwrap();
    assert_eq!(
        (amounts(&quoted.one_time.lines), quoted.full_month.lines.len()),
        (vec!["36.00".to_owned()], 0)
    );
    let earlier = QuoteRequest {
        end: Some(date("2025-07-20")),
        ..ended.clone()
    };
    assert_eq!(quote(&earlier), Err(QuoteError::EndBeforeStart));
    let problem = Problem::from(QuoteError::EndBeforeStart);
    assert_eq!(
        problem.message_for("end"),
        Some("The last day must not be before the first day.")
    );
    let previous_limits = BTreeMap::from([("cores".to_owned(), fixed("3"))]);
    let increase = quote(&QuoteRequest {
        occasion: Occasion::ChangeLimits,
        previous_limits,
        ..ended
    })
    .unwrap();
    assert_eq!(amounts(&increase.one_time.lines), ["9.00"]);
}

#[test]
fn a_change_bills_only_the_difference_of_a_total_limit_and_no_setup() {
    let created = QuoteRequest {
        setup_fee: fixed("20"),
        ..with_cores(cores(LimitPeriod::Total))
    };
    assert_eq!(
        amounts(&quote(&created).unwrap().one_time.lines),
        ["20.00", "12.00"]
    );
    let previous_limits = BTreeMap::from([("cores".to_owned(), fixed("6"))]);
    let changed = QuoteRequest {
        occasion: Occasion::ChangeLimits,
        previous_limits,
        ..created
    };
    assert_eq!(amounts(&quote(&changed).unwrap().one_time.lines), ["-6.00"]);
}

#[test]
fn a_switch_charges_the_switching_fee_and_no_setup() {
    let switched = quote(&QuoteRequest {
        occasion: Occasion::SwitchPlan,
        ..request()
    })
    .unwrap();
    assert_eq!(amounts(&switched.one_time.lines), ["7.00"]);
}

#[test]
fn a_plan_charged_once_has_no_monthly_cost() {
    let once = QuoteRequest {
        every: BillingPeriod::Once,
        components: vec![priced(flat_fee(), "99")],
        limits: BTreeMap::new(),
        ..request()
    };
    let quoted = quote(&once).unwrap();
    assert_eq!(amounts(&quoted.first_invoice.lines), ["20.00", "99.00"]);
    assert_eq!(quoted.full_month.lines, vec![]);
}

#[test]
fn an_hourly_plan_shows_the_hours_of_the_month() {
    let hourly = QuoteRequest {
        every: BillingPeriod::Hour,
        components: vec![priced(flat_fee(), "0.01")],
        limits: BTreeMap::new(),
        ..request()
    };
    let quoted = quote(&hourly).unwrap();
    assert_eq!(
        quoted.full_month.lines[0].derivation.sentence(),
        "1 service × 744 hours × €0.01"
    );
    assert_eq!(
        quoted.first_invoice.lines[0].derivation.sentence(),
        "1 service × 288 hours × €0.01"
    );
}

#[test]
fn all_faulty_limits_are_named_at_once() {
    let memory = ComponentTerms {
        code: "memory".into(),
        name: "Memory".into(),
        unit: "GiB".into(),
        ..cores(LimitPeriod::Month)
    };
    let limited = ComponentTerms {
        max: Some(fixed("64")),
        ..cores(LimitPeriod::Month)
    };
    let limits = BTreeMap::from([
        ("cores".to_owned(), fixed("65")),
        ("x".repeat(1_000_000), Fixed::ONE),
    ]);
    let draft = QuoteRequest {
        components: vec![priced(limited, "3"), priced(memory, "1")],
        limits,
        ..request()
    };
    let Err(QuoteError::Limits(faults)) = quote(&draft) else {
        panic!("expected faults")
    };
    let shown: Vec<(&str, &str)> = faults
        .iter()
        .map(|fault| (fault.code.as_str(), fault.message.as_str()))
        .collect();
    assert_eq!(
        shown,
        [
            ("too_large", "Enter at most 64 cores."),
            ("required", "Enter the amount of “Memory” that you want, in GiB."),
            ("unknown", "This plan has no such limit. Remove it.")
        ]
    );
    assert_eq!(faults[0].path, "limits.cores");
    assert!(faults[2].path.len() < 100);
}

#[test]
fn the_default_is_charged_where_nothing_was_chosen() {
    let defaulted = ComponentTerms {
        default: Some(fixed("2")),
        ..cores(LimitPeriod::Month)
    };
    let quoted = quote(&QuoteRequest {
        limits: BTreeMap::new(),
        ..with_cores(defaulted)
    })
    .unwrap();
    assert_eq!(amounts(&quoted.full_month.lines), ["6.00"]);
}

#[test]
fn a_quote_is_the_same_after_storage() {
    let quoted = quote(&request()).unwrap();
    let json = serde_json::to_string(&quoted).unwrap();
    assert_eq!(
        serde_json::from_str::<crate::pricing::Quote>(&json).unwrap(),
        quoted
    );
}

#[test]
fn an_order_with_a_last_day_is_not_told_of_months_that_it_does_not_have() {
    let note = |end: &str| {
        let ending = QuoteRequest {
            end: Some(date(end)),
            ..request()
        };
        let notes = quote(&ending).unwrap().notes;
        notes.into_iter().find(|note| note.contains("20 July")).unwrap()
    };
    assert_eq!(
        note("2025-07-22"),
        "Only 20 July to 21 July is charged, of what a full month costs."
    );
    assert_eq!(
        note("2025-08-11"),
        "The first month is charged from 20 July, the second and last up to 10 August."
    );
    assert_eq!(
        note("2025-09-01"),
        "The first month is charged from 20 July; the second, which is the last, in full."
    );
    assert_eq!(
        note("2025-09-11"),
        "The first month is charged from 20 July; later months are charged in full, the last up to 10 September."
    );
}
