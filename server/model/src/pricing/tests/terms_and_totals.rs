//! Component terms, units in words, and document totals.

use super::quotes::with_cores;
use super::{cores, date, fixed};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};
use crate::period::{BillingPeriod, LimitPeriod};
use crate::pricing::{
    ChargeType, ComponentTerms, PricingError, QuoteRequest, TaxRate, TermsFault, counted, document_totals,
    quote,
};

fn vat(percent: &str) -> TaxRate {
    TaxRate {
        name: "VAT".into(),
        percent: fixed(percent),
        reverse_charge: false,
    }
}

fn money(text: &str) -> Money {
    Money::new(text.parse().unwrap(), Currency::Eur)
}

#[test]
fn a_price_is_for_the_period_that_it_is_charged_by_and_for_a_month_of_what_is_prepaid() {
    let (month, year, once) = (BillingPeriod::Month, BillingPeriod::Year, BillingPeriod::Once);
    let limit = |limit_period, prepaid| ComponentTerms {
        prepaid,
        ..cores(limit_period)
    };
    assert_eq!(limit(LimitPeriod::Plan, false).priced_per(year), Some(year));
    assert_eq!(limit(LimitPeriod::Month, false).priced_per(year), Some(month));
    assert_eq!(limit(LimitPeriod::Total, false).priced_per(year), None);
    for every in [month, year, once] {
        for limit_period in [LimitPeriod::Plan, LimitPeriod::Year, LimitPeriod::Total] {
            assert_eq!(limit(limit_period, true).priced_per(every), Some(month));
        }
    }
    let charged = |charge| ComponentTerms::simple("a", "A", "unit", charge);
    assert_eq!(charged(ChargeType::Fixed).priced_per(year), Some(year));
    assert_eq!(charged(ChargeType::Fixed).priced_per(once), None);
    for charge in [ChargeType::Usage, ChargeType::OneTime, ChargeType::OnPlanSwitch] {
        assert_eq!(charged(charge).priced_per(year), None);
    }
}

#[test]
fn tax_is_rounded_once_per_rate() {
    let rate = vat("22");
    let totals = document_totals(
        Currency::Eur,
        &[(money("1000.00"), &rate), (money("4.00"), &rate)],
    )
    .unwrap();
    assert_eq!(
        (totals.tax.plain(), totals.total.plain()),
        ("220.88".to_owned(), "1224.88".to_owned())
    );
    assert_eq!(rate.label(), "VAT 22 %");
    // Three lines of 0.02 at 22 % are 0.0132 of tax, not three times nothing.
    let small = document_totals(Currency::Eur, &[(money("0.02"), &rate); 3]).unwrap();
    assert_eq!(small.tax.plain(), "0.01");
}

#[test]
fn a_credit_line_lowers_what_is_taxed() {
    let rate = vat("22");
    let totals = document_totals(
        Currency::Eur,
        &[(money("300.00"), &rate), (money("-183.00"), &rate)],
    )
    .unwrap();
    let shown = [totals.taxes[0].base, totals.tax, totals.total].map(Money::plain);
    assert_eq!(shown, ["117.00", "25.74", "142.74"]);
}

#[test]
fn each_rate_has_its_own_row() {
    let (normal, reduced) = (vat("22"), vat("9.5"));
    let reverse = TaxRate {
        reverse_charge: true,
        ..vat("19")
    };
    let lines = [
        (money("10.05"), &reduced),
        (money("100"), &normal),
        (money("1"), &reduced),
        (money("50"), &reverse),
    ];
    let totals = document_totals(Currency::Eur, &lines).unwrap();
    let rows: Vec<String> = totals
        .taxes
        .iter()
        .map(|row| format!("{}: {} of {}", row.rate.label(), row.tax, row.base))
        .collect();
    assert_eq!(
        rows,
        [
            "VAT 9.5 %: €1.05 of €11.05",
            "VAT 22 %: €22.00 of €100.00",
            "VAT (reverse charge): €0.00 of €50.00"
        ]
    );
    assert_eq!(
        (totals.net.plain(), totals.total.plain()),
        ("161.05".to_owned(), "184.10".to_owned())
    );
}

#[test]
fn a_document_has_one_currency() {
    let rate = vat("22");
    let dollars = Money::new(1.into(), Currency::Usd);
    assert_eq!(
        document_totals(Currency::Eur, &[(dollars, &rate)]),
        Err(PricingError::Currency)
    );
    let empty = document_totals(Currency::Eur, &[]).unwrap();
    assert_eq!((empty.total.plain().as_str(), empty.taxes.len()), ("0.00", 0));
}

#[test]
fn limits_name_the_bound_that_was_overstepped() {
    let terms = ComponentTerms {
        min: Some(fixed("2")),
        max: Some(fixed("64")),
        step: Some(fixed("4")),
        ..cores(LimitPeriod::Month)
    };
    let message = |amount: &str| terms.check_limit(fixed(amount)).unwrap_err().to_string();
    assert_eq!(message("1"), "Enter at least 2 cores.");
    assert_eq!(message("65"), "Enter at most 64 cores.");
    assert_eq!(
        message("7"),
        "Enter 2 or more in steps of 4: the nearest are 6 and 10."
    );
    assert_eq!(terms.check_limit(fixed("6")), Ok(()));
    assert!(cores(LimitPeriod::Month).check_limit(fixed("-1")).is_err());
    assert!(cores(LimitPeriod::Month).check_limit(Fixed::MAX).is_ok());
}

#[test]
fn a_term_that_is_paid_up_front_has_no_later_months() {
    let prepaid = ComponentTerms {
        prepaid: true,
        ..cores(LimitPeriod::Month)
    };
    let request = QuoteRequest {
        end: Some(date("2025-10-20")),
        ..with_cores(prepaid)
    };
    assert_eq!(
        quote(&request).unwrap().notes,
        ["Paid up front from 20 July 2025 to 19 October 2025, the last day included."]
    );
}

#[test]
fn unsound_terms_are_all_reported() {
    use TermsFault::{Bounds, Code, Default, Factor, NegativeBound, PrepaidWithoutLimit, Step, Unit};
    assert_eq!(cores(LimitPeriod::Month).validate(), []);
    let broken = ComponentTerms {
        code: "a b".into(),
        unit: " ".into(),
        charge: ChargeType::Usage,
        prepaid: true,
        min: Some(fixed("5")),
        max: Some(fixed("-1")),
        default: Some(fixed("9")),
        step: Some(Fixed::ZERO),
        factor: Fixed::ZERO,
        ..cores(LimitPeriod::Month)
    };
    assert_eq!(
        broken.validate(),
        [
            Code,
            Unit,
            NegativeBound,
            Bounds,
            Step,
            Default,
            Factor,
            PrepaidWithoutLimit
        ]
    );
}

#[test]
fn the_backends_unit_is_converted() {
    let terms = ComponentTerms {
        factor: fixed("1024"),
        ..cores(LimitPeriod::Month)
    };
    assert_eq!(terms.to_priced(fixed("1536")), Ok(fixed("1.5")));
    let broken = ComponentTerms {
        factor: Fixed::ZERO,
        ..terms
    };
    assert_eq!(broken.to_priced(Fixed::ONE), Err(PricingError::InvalidFactor));
}

#[test]
fn units_have_a_plural_and_symbols_do_not() {
    let two = |unit: &str| counted(Fixed::from(2), unit);
    let words = [
        "CPU-hour",
        "core",
        "GiB",
        "TB-month",
        "entry",
        "key",
        "batch",
        "node hours",
        "%",
        "service",
        "TB read",
        "GiB month",
    ]
    .map(two);
    assert_eq!(
        words,
        [
            "2 CPU-hours",
            "2 cores",
            "2 GiB",
            "2 TB-months",
            "2 entries",
            "2 keys",
            "2 batches",
            "2 node hours",
            "2 %",
            "2 services",
            "2 TB read",
            "2 GiB months"
        ]
    );
    assert_eq!(counted(Fixed::ONE, "core"), "1 core");
    assert_eq!(counted(fixed("1234567.5"), "core"), "1,234,567.5 cores");
}

#[test]
fn a_price_says_what_it_is_for_and_the_time_that_it_pays_for() {
    let said = |charge, prepaid, every| {
        let terms = ComponentTerms {
            prepaid,
            ..ComponentTerms::simple("space", "Space", "TB", charge)
        };
        terms.price_in_words("€4.00 per TB", every)
    };
    let (month, year) = (BillingPeriod::Month, BillingPeriod::Year);
    assert_eq!(
        said(ChargeType::Limit, false, month),
        "Space: €4.00 per TB a month"
    );
    assert_eq!(said(ChargeType::Limit, false, year), "Space: €4.00 per TB a year");
    assert_eq!(said(ChargeType::Limit, true, year), "Space: €4.00 per TB a month");
    assert_eq!(said(ChargeType::Usage, false, month), "Space: €4.00 per TB");
}
