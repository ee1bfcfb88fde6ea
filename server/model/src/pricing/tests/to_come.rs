//! What is published and comes later: told, and part of what is agreed to.

use super::quotes::{priced, request, with_cores};
use super::{cores, date, fixed};
use crate::fixed::Fixed;
use crate::offering::ChargeMode;
use crate::period::{BillingPeriod, LimitPeriod, Proration};
use crate::pricing::{
    ClockOffset, Coming, ComponentTerms, PlanTerms, PriceChanges, Quote, QuoteRequest, ToCome, quote,
};

/// Four cores at 3 a month from 20 July 2025.
fn four_cores() -> QuoteRequest {
    with_cores(cores(LimitPeriod::Month))
}

fn price(from: Option<&str>, terms: ComponentTerms, price: &str) -> ToCome {
    ToCome {
        from: from.map(|from| from.parse().unwrap()),
        day: from.map(|from| date(from.split('T').next().unwrap())),
        coming: Coming::Price(Box::new(priced(terms, price))),
    }
}

fn dearer(from: &str, at: &str) -> ToCome {
    price(Some(from), cores(LimitPeriod::Month), at)
}

fn with(to_come: Vec<ToCome>) -> QuoteRequest {
    QuoteRequest {
        to_come,
        ..four_cores()
    }
}

fn commits(request: &QuoteRequest) -> String {
    quote(request).unwrap().committed().plain()
}

#[test]
fn the_dearest_month_counts_wherever_it_comes_in_time() {
    let falls_again = with(vec![
        dearer("2025-09-01T00:00:00Z", "30"),
        dearer("2025-11-01T00:00:00Z", "2"),
    ]);
    let quoted = quote(&falls_again).unwrap();
    assert_eq!(quoted.committed().plain(), "120.00");
    assert_eq!(
        quoted.notes[..2],
        [
            "Cores: €30.00 per core from 1 September 2025 (now €3.00 per core).",
            "Cores: €2.00 per core from 1 November 2025 (now €30.00 per core).",
        ]
    );
    assert_eq!(quoted.higher_price_from(), Some(date("2025-09-01")));
    assert_eq!(quoted.faults(), Vec::<String>::new());
    // Fourteen months from 20 July 2025, or until it ends.
    assert_eq!(
        commits(&with(vec![dearer("2026-09-19T00:00:00Z", "30")])),
        "120.00"
    );
    let far = with(vec![dearer("2026-09-20T00:00:00Z", "30")]);
    assert_eq!(commits(&far), "12.00");
    assert_eq!(
        quote(&far).unwrap().prices_to_come.len(),
        1,
        "it is told all the same"
    );
    let ends = QuoteRequest {
        end: Some(date("2027-01-01")),
        ..far
    };
    assert_eq!(commits(&ends), "120.00");
}

#[test]
fn a_price_comes_on_the_day_of_the_buyer() {
    let at_ten_in_the_evening = dearer("2025-08-31T22:00:00Z", "30");
    let ahead = ClockOffset {
        from: date("2025-01-01").and_time(chrono::NaiveTime::MIN),
        seconds: 3 * 60 * 60,
    };
    let request = QuoteRequest {
        clock: vec![ahead],
        ..with(vec![at_ten_in_the_evening])
    };
    let told = quote(&request).unwrap().prices_to_come;
    assert_eq!(told[0].first_day, Some(date("2025-09-01")));
}

#[test]
fn other_terms_are_told_where_they_change_what_is_charged() {
    let terms = |billing_period, setup_fee| ToCome {
        from: Some("2025-09-01T00:00:00Z".parse().unwrap()),
        day: Some(date("2025-09-01")),
        coming: Coming::Terms(PlanTerms {
            billing_period,
            proration: Proration::Day,
            charge_mode: ChargeMode::Arrears,
            setup_fee: fixed(setup_fee),
            price_changes: PriceChanges::default(),
        }),
    };
    let fee_alone = quote(&with(vec![terms(BillingPeriod::Month, "5")])).unwrap();
    assert_eq!(fee_alone.prices_to_come, []);
    let yearly = quote(&with(vec![
        terms(BillingPeriod::Year, "0"),
        dearer("2025-09-01T00:00:00Z", "36"),
    ]));
    let yearly = yearly.unwrap();
    assert_eq!(
        yearly.notes[0],
        "Terms: Yearly from 1 September 2025 (now Monthly)."
    );
    assert_eq!(
        yearly.committed().plain(),
        "144.00",
        "its limit is one of a month"
    );
}

#[test]
fn expected_use_counts_at_the_price_to_come() {
    let storage = |price: &str| {
        let terms = request().components[2].terms.clone();
        let expected_use = crate::pricing::ExpectedUse::Optional;
        priced(
            ComponentTerms {
                expected_use,
                ..terms
            },
            price,
        )
    };
    let dear = storage("0.50");
    let asking = QuoteRequest {
        components: vec![storage("0.05")],
        setup_fee: Fixed::ZERO,
        limits: [].into(),
        expected: [("storage".to_owned(), fixed("100"))].into(),
        to_come: vec![price(Some("2025-09-01T00:00:00Z"), dear.terms, "0.50")],
        ..request()
    };
    assert_eq!(commits(&asking), "50.00");
}

#[test]
fn a_quote_from_before_prices_to_come_were_told_is_still_read() {
    let made = quote(&with(vec![dearer("2025-09-01T00:00:00Z", "2")])).unwrap();
    let mut stored = serde_json::to_value(&made).unwrap();
    let fields = stored.as_object_mut().unwrap();
    for field in ["prices_to_come", "dearest_month"] {
        fields.remove(field).unwrap();
    }
    let read: Quote = serde_json::from_value(stored).unwrap();
    assert_eq!(read.faults(), Vec::<String>::new());
    assert_eq!(
        (read.committed(), read.prices_to_come.len()),
        (made.committed(), 0)
    );
}
