use super::{cores, date, eur, fixed, held, per_unit, range, tier};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};
use crate::period::{BillingPeriod, LimitPeriod, Proration};
use crate::pricing::{
    Charged, ComponentTerms, Line, PaidUnits, PrepaidIncrease, Price, PriceScheme, PricingError, Recurring,
    TaxRate,
};

fn total(price: &Price, quantity: &str, billed: &str, limit: &str) -> Option<Line> {
    let billed = Money::new(billed.parse().unwrap(), Currency::Eur);
    let mut paid = PaidUnits::of(fixed(quantity), billed, TaxRate::none());
    let on = date("2025-07-20");
    let lines =
        eur(&cores(LimitPeriod::Total)).total_limit(price, &mut paid, (fixed(limit), &TaxRate::none()), on);
    lines.unwrap().pop().map(|(_, line)| line)
}

#[test]
fn units_are_given_back_at_the_tax_at_which_they_were_billed() {
    let terms = cores(LimitPeriod::Total);
    let price = per_unit("p", "10");
    let rate = |percent: u32| TaxRate {
        name: "VAT".into(),
        percent: Fixed::from(percent),
        reverse_charge: false,
    };
    let mut paid = PaidUnits::default();
    let mut change = |limit: &str, percent: u32| {
        let lines = eur(&terms).total_limit(
            &price,
            &mut paid,
            (fixed(limit), &rate(percent)),
            date("2025-07-20"),
        );
        let told = |(tax, line): (TaxRate, Line)| format!("{} at {}", line.amount.plain(), tax.label());
        lines.unwrap().into_iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(change("10", 22), ["100.00 at VAT 22 %"]);
    assert_eq!(change("12", 24), ["20.00 at VAT 24 %"]);
    assert_eq!(change("7", 24), ["-20.00 at VAT 24 %", "-30.00 at VAT 22 %"]);
    assert_eq!(change("8", 24), ["10.00 at VAT 24 %"]);
    assert_eq!(change("0", 9), ["-10.00 at VAT 24 %", "-70.00 at VAT 22 %"]);
    assert_eq!(change("0", 9), Vec::<String>::new());
}

/// Five and more cost 10 each, fewer 31 each.
fn cheaper_from_five() -> Price {
    Price {
        version: "v".into(),
        scheme: PriceScheme::Volume {
            tiers: vec![tier(Some(4), "31"), tier(None, "10")],
        },
    }
}

#[test]
fn what_more_units_cost_less_is_given_back_at_the_taxes_at_which_it_was_billed() {
    let terms = cores(LimitPeriod::Total);
    let price = cheaper_from_five();
    let rate = |percent: u32| TaxRate {
        name: "VAT".into(),
        percent: Fixed::from(percent),
        reverse_charge: false,
    };
    let mut paid = PaidUnits::default();
    let mut change = |limit: &str, percent: u32| {
        let wanted = (fixed(limit), &rate(percent));
        let lines = eur(&terms).total_limit(&price, &mut paid, wanted, date("2025-07-20"));
        let told = |(tax, line): (TaxRate, Line)| {
            assert!(line.follows());
            format!(
                "{} at {}: {}",
                line.amount.plain(),
                tax.label(),
                line.derivation.sentence()
            )
        };
        lines.unwrap().into_iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(change("3", 22), ["93.00 at VAT 22 %: 3 cores × €31.00"]);
    assert_eq!(
        change("9", 24),
        ["-3.00 at VAT 22 %: 9 cores × €10.00 − 3 cores × €31.00"],
        "it was billed at 22 %"
    );
    assert_eq!(
        change("12", 24),
        ["30.00 at VAT 24 %: 12 cores × €10.00 − 9 cores × €10.00"]
    );
    assert_eq!(
        change("1", 24),
        [
            "-27.00 at VAT 24 %: 3 cores × €31.00 − 12 cores × €10.00",
            "-62.00 at VAT 22 %: 1 core × €31.00 − 3 cores × €31.00",
        ]
    );
    assert_eq!(
        change("0", 24),
        [
            "-3.00 at VAT 24 %: −(1 core × €31.00), but no more than the €3.00 billed before",
            "-28.00 at VAT 22 %: −(1 core × €31.00), of which −€3.00 on another line, as billed at another tax",
        ]
    );
}

#[test]
fn fewer_units_that_cost_more_are_billed_at_the_tax_of_the_day() {
    let terms = cores(LimitPeriod::Total);
    let price = cheaper_from_five();
    let tax = |percent: u32| TaxRate {
        name: "VAT".into(),
        percent: Fixed::from(percent),
        reverse_charge: false,
    };
    let mut paid = PaidUnits::of(
        fixed("5"),
        Money::new("50".parse().unwrap(), Currency::Eur),
        tax(22),
    );
    let lines = eur(&terms).total_limit(&price, &mut paid, (fixed("4"), &tax(24)), date("2025-07-20"));
    let told: Vec<_> = lines
        .unwrap()
        .into_iter()
        .map(|(tax, line)| (line.amount.plain(), tax.label()))
        .collect();
    assert_eq!(told, [("74.00".to_owned(), "VAT 24 %".to_owned())]);
}

#[test]
fn units_are_paid_for_once_in_whatever_currency_they_were_billed() {
    let terms = cores(LimitPeriod::Total);
    let (euros, dollars) = (per_unit("e", "10"), per_unit("d", "11"));
    let mut paid = PaidUnits::default();
    let mut change = |currency: Currency, limit: &str| {
        let price = if currency == Currency::Eur {
            &euros
        } else {
            &dollars
        };
        let charged = Charged {
            terms: &terms,
            currency,
        };
        let none = TaxRate::none();
        let lines = charged
            .total_limit(price, &mut paid, (fixed(limit), &none), date("2025-07-20"))
            .unwrap();
        lines.first().map(|(_, line)| line.amount.to_string())
    };
    assert_eq!(change(Currency::Eur, "10").as_deref(), Some("€100.00"));
    assert_eq!(change(Currency::Usd, "10"), None, "the same ten");
    assert_eq!(change(Currency::Eur, "10"), None, "and back");
    assert_eq!(change(Currency::Usd, "12").as_deref(), Some("$22.00"), "two more");
    assert_eq!(
        change(Currency::Usd, "5").as_deref(),
        Some("−$22.00"),
        "what was billed in dollars; the ten stay paid for"
    );
    assert_eq!(change(Currency::Usd, "10"), None);
    assert_eq!(change(Currency::Eur, "4").as_deref(), Some("−€60.00"));
}

#[test]
fn a_limit_over_the_whole_life_is_billed_once_and_then_by_differences() {
    let price = per_unit("p", "10");
    let of = |line: Option<Line>| line.map(|line| (line.amount.plain(), line.derivation.sentence()));
    let text = |amount: &str, sentence: &str| Some((amount.to_owned(), sentence.to_owned()));
    assert_eq!(
        of(total(&price, "0", "0", "5")),
        text("50.00", "5 cores × €10.00")
    );
    assert_eq!(
        of(total(&price, "5", "50", "8")),
        text("30.00", "3 cores × €10.00")
    );
    assert_eq!(
        of(total(&price, "8", "80", "6")),
        text("-20.00", "−(2 cores × €10.00)")
    );
    assert_eq!(of(total(&price, "6", "60", "6")), None);
    assert_eq!(total(&price, "8", "80", "6").unwrap().quantity, Fixed::from(-2));
}

#[test]
fn a_decrease_gives_back_no_more_than_was_billed() {
    // Bought at 5 each, the price is 10 now.
    let line = total(&per_unit("p", "10"), "8", "40", "2").unwrap();
    assert_eq!(line.amount.plain(), "-40.00");
    assert_eq!(
        line.derivation.sentence(),
        "−(6 cores × €10.00), but no more than the €40.00 billed before"
    );
}

#[test]
fn a_tiered_total_bills_the_difference_of_two_charges() {
    let price = Price {
        version: "t".into(),
        scheme: PriceScheme::Tiered {
            tiers: vec![tier(Some(9), "5"), tier(None, "3")],
        },
    };
    let line = total(&price, "9", "45", "15").unwrap();
    assert_eq!(line.amount.plain(), "18.00");
    assert_eq!(
        line.derivation.sentence(),
        "9 cores × €5.00 + 6 cores × €3.00 − 9 cores × €5.00"
    );
}

#[test]
fn prepaid_is_price_times_limit_times_months() {
    let terms = ComponentTerms {
        prepaid: true,
        ..cores(LimitPeriod::Month)
    };
    let price = per_unit("p", "1");
    let line = eur(&terms)
        .prepaid(&price, fixed("4"), range("2025-01-01", "2025-04-01"))
        .unwrap();
    assert_eq!(
        (line.amount.plain().as_str(), line.derivation.sentence().as_str()),
        ("12.00", "4 cores × 3 months × €1.00")
    );
    let change = |old: &str, limit: &str| PrepaidIncrease {
        old: fixed(old),
        limit: fixed(limit),
        on: date("2025-02-10"),
        term: range("2025-01-01", "2025-04-01"),
    };
    let more = eur(&terms)
        .prepaid_increase(&price, &change("4", "6"))
        .unwrap()
        .unwrap();
    assert_eq!(
        (more.amount.plain().as_str(), more.derivation.sentence().as_str()),
        (
            "4.00",
            "2 more cores, 6 in all, from 10 Feb 2025: 2 cores × 2 months × €1.00"
        )
    );
    assert!(more.follows());
    // Another raise that is computed alike reads otherwise.
    let again = eur(&terms)
        .prepaid_increase(&price, &change("6", "8"))
        .unwrap()
        .unwrap();
    assert!(
        again
            .derivation
            .sentence()
            .starts_with("2 more cores, 8 in all, ")
    );
    let first = eur(&terms)
        .prepaid_increase(&price, &change("0", "2"))
        .unwrap()
        .unwrap();
    assert_eq!(first.derivation.sentence(), "2 cores × 2 months × €1.00");
    // What was kept before lines told of raises is read, and lines that are none are kept as before.
    let kept = serde_json::to_value(&first.derivation).unwrap();
    assert!(kept.get("raised_to").is_none(), "{kept}");
    assert_eq!(
        serde_json::from_value::<crate::Derivation>(kept).unwrap(),
        first.derivation
    );
    assert_eq!(eur(&terms).prepaid_increase(&price, &change("4", "2")), Ok(None));
    let stretches = [held(&price, "4", "2025-01-01", None)];
    let window = range("2025-01-01", "2025-02-01").window();
    let again = Recurring {
        time: window.into(),
        every: BillingPeriod::Month,
        proration: Proration::Day,
        stretches: &stretches,
    };
    assert_eq!(eur(&terms).recurring(&again), Err(PricingError::WrongCharge));
}
