use super::{amounts, at, cores, date, eur, fixed, flat_fee, held, lines, per_unit, range, tier};
use crate::fixed::Fixed;
use crate::money::Currency;
use crate::period::{BillingPeriod, LimitPeriod, Proration};
use crate::pricing::{
    ChargeType, Charged, ComponentTerms, Price, PriceScheme, PricingError, Recurring, Stretch,
};

#[test]
fn twelve_of_31_days_at_ten_a_month_are_3_87() {
    let price = per_unit("p1", "10");
    let billed = lines(
        &flat_fee(),
        range("2025-07-01", "2025-08-01"),
        &[held(&price, "1", "2025-07-20T15:30:00", None)],
    );
    assert_eq!(amounts(&billed), ["3.87"]);
    assert_eq!(billed[0].exact.to_string(), "3.870967742");
    assert_eq!(billed[0].derivation.sentence(), "1 service × 12/31 days × €10.00");
    assert_eq!(billed[0].window, Some(range("2025-07-20", "2025-08-01").window()));
}

#[test]
fn from_the_10th_to_the_20th_are_11_of_31_days() {
    let price = per_unit("p1", "10");
    let life = [held(
        &price,
        "1",
        "2025-07-10T09:00:00",
        Some("2025-07-20T09:00:00"),
    )];
    let billed = lines(&flat_fee(), range("2025-07-01", "2025-08-01"), &life);
    assert_eq!(amounts(&billed), ["3.55"]);
    assert_eq!(billed[0].derivation.segments[0].share.n, 11);
}

#[test]
fn a_plan_switch_on_the_15th_gives_14_days_to_the_old_and_17_to_the_new() {
    let (old, new) = (per_unit("old", "31"), per_unit("new", "62"));
    let life = [
        held(&old, "1", "2024-05-01", Some("2025-01-15T12:00:00")),
        held(&new, "1", "2025-01-15T12:00:00", None),
    ];
    let billed = lines(&flat_fee(), range("2025-01-01", "2025-02-01"), &life);
    assert_eq!(amounts(&billed), ["14.00", "34.00"]);
    assert_eq!(billed[0].price_version, "old");
    assert_eq!(billed[1].derivation.sentence(), "1 service × 17/31 days × €62.00");
}

#[test]
fn a_quarterly_limit_raised_in_the_middle_of_the_quarter_is_150() {
    let price = per_unit("p1", "10");
    let life = [
        held(&price, "10", "2025-01-01", Some("2025-02-15")),
        held(&price, "20", "2025-02-15", None),
    ];
    let billed = lines(
        &cores(LimitPeriod::Quarter),
        range("2025-01-01", "2025-04-01"),
        &life,
    );
    assert_eq!(amounts(&billed), ["150.00"]);
    assert_eq!(billed[0].quantity, Fixed::from(15));
    assert_eq!(
        billed[0].derivation.sentence(),
        "10 cores × 45/90 days × €10.00 + 20 cores × 45/90 days × €10.00"
    );
}

#[test]
fn another_plans_days_are_not_billed_here_and_not_twice() {
    let price = per_unit("p1", "31");
    let elsewhere = Stretch {
        from: at("2025-01-15T12:00:00"),
        until: None,
        state: None,
    };
    let life = [
        held(&price, "1", "2025-01-01", Some("2025-01-15T12:00:00")),
        elsewhere,
    ];
    assert_eq!(
        amounts(&lines(&flat_fee(), range("2025-01-01", "2025-02-01"), &life)),
        ["14.00"]
    );
}

#[test]
fn nothing_is_billed_for_a_limit_of_zero_but_a_free_price_is_shown() {
    let (price, free) = (per_unit("p1", "10"), per_unit("free", "0"));
    let month = range("2025-01-01", "2025-02-01");
    assert_eq!(
        lines(
            &cores(LimitPeriod::Month),
            month,
            &[held(&price, "0", "2025-01-01", None)]
        ),
        vec![]
    );
    assert_eq!(
        amounts(&lines(
            &flat_fee(),
            month,
            &[held(&free, "1", "2025-01-01", None)]
        )),
        ["0.00"]
    );
}

#[test]
fn a_tiered_limit_is_charged_by_its_share() {
    let price = Price {
        version: "t".into(),
        scheme: PriceScheme::Tiered {
            tiers: vec![tier(Some(9), "5"), tier(None, "3")],
        },
    };
    let billed = lines(
        &cores(LimitPeriod::Month),
        range("2025-07-01", "2025-08-01"),
        &[held(&price, "15", "2025-07-20", None)],
    );
    assert_eq!(amounts(&billed), ["24.39"]);
    assert_eq!(
        billed[0].derivation.sentence(),
        "(9 cores × €5.00 + 6 cores × €3.00) × 12/31 days"
    );
    assert_eq!(billed[0].unit_price, None);
}

#[test]
fn a_price_by_the_day_is_charged_for_each_day() {
    let price = per_unit("p1", "2.5");
    let terms = flat_fee();
    let stretches = [held(&price, "2", "2025-07-20T10:00:00", None)];
    let window = range("2025-07-01", "2025-08-01").window();
    let input = Recurring {
        time: window.into(),
        every: BillingPeriod::Day,
        proration: Proration::Day,
        stretches: &stretches,
    };
    let billed = eur(&terms).recurring(&input).unwrap();
    assert_eq!(
        (amounts(&billed), billed[0].quantity),
        (vec!["60.00".to_owned()], Fixed::from(24))
    );
    assert_eq!(billed[0].derivation.sentence(), "2 services × 12 days × €2.50");
}

#[test]
fn usage_goes_through_the_scheme_and_a_fee_is_charged_once() {
    let hours = ComponentTerms::simple("cpu", "Processor time", "CPU-hour", ChargeType::Usage);
    let usage = eur(&hours)
        .usage(&per_unit("p", "0.05"), fixed("1234.5"), None)
        .unwrap();
    assert_eq!(
        (usage.amount.plain().as_str(), usage.exact),
        ("61.73", fixed("61.725"))
    );
    assert_eq!(usage.derivation.sentence(), "1,234.5 CPU-hours × €0.05");
    let fee = ComponentTerms::simple("setup", "Set-up", "setup", ChargeType::OneTime);
    let once = eur(&fee)
        .once(&per_unit("p", "20"), Fixed::ONE, date("2025-07-20"))
        .unwrap();
    assert_eq!(once.derivation.sentence(), "1 setup × €20.00");
    assert_eq!(
        eur(&fee).usage(&per_unit("p", "1"), Fixed::ONE, None),
        Err(PricingError::WrongCharge)
    );
    assert_eq!(
        eur(&hours).usage(&per_unit("p", "1"), fixed("-1"), None),
        Err(PricingError::NegativeQuantity)
    );
}

#[test]
fn yen_have_no_decimals() {
    let terms = flat_fee();
    let price = per_unit("p", "1000");
    let stretches = [held(&price, "1", "2025-07-20", None)];
    let window = range("2025-07-01", "2025-08-01").window();
    let input = Recurring {
        time: window.into(),
        every: BillingPeriod::Month,
        proration: Proration::Day,
        stretches: &stretches,
    };
    let billed = Charged {
        terms: &terms,
        currency: Currency::Jpy,
    }
    .recurring(&input)
    .unwrap();
    assert_eq!(amounts(&billed), ["387"]);
}
