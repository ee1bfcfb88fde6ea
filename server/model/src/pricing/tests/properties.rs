use chrono::TimeDelta;
use proptest::prelude::*;
use rust_decimal::Decimal;

use super::{at, cores, eur, fixed, flat_fee, lines, range, tier};
use crate::fixed::Fixed;
use crate::money::{Currency, Money};
use crate::period::{BillingPeriod, LimitPeriod, Month, Proration};
use crate::pricing::{
    Price, PriceScheme, PricedQuantity, Recurring, Stretch, TaxRate, document_totals, shares,
};

fn schemes() -> impl Strategy<Value = PriceScheme> {
    let price = || (0_i64..100_000_000_000).prop_map(Fixed::from_nanos);
    let tiers = || {
        (price(), price(), price(), 1..50_i32, 1..50_i32).prop_map(|(a, b, c, first, more)| {
            let mut rows = vec![
                tier(Some(first), "0"),
                tier(Some(first + more), "0"),
                tier(None, "0"),
            ];
            rows.iter_mut()
                .zip([a, b, c])
                .for_each(|(row, price)| row.price = price);
            rows
        })
    };
    prop_oneof![
        price().prop_map(PriceScheme::per_unit),
        tiers().prop_map(|tiers| PriceScheme::Tiered { tiers }),
        tiers().prop_map(|tiers| PriceScheme::Volume { tiers }),
        tiers().prop_map(|tiers| PriceScheme::Stairstep { tiers }),
        (1..50_i32, price()).prop_map(|(size, price)| PriceScheme::Package {
            size: size.into(),
            price
        }),
    ]
}

fn quantities() -> impl Strategy<Value = Fixed> {
    prop_oneof![
        (0..200_i32).prop_map(Fixed::from),
        (0_i64..200_000_000_000).prop_map(Fixed::from_nanos)
    ]
}

/// Minutes after the start of March 2025 (44,640 of them).
fn minutes() -> impl Strategy<Value = i64> {
    0_i64..44_640
}

/// A life from `from` to `until`, cut at `cuts`, with the state of each piece taken from `states`.
pub(super) fn cut_life<S: Copy>(from: i64, until: i64, cuts: &[i64], states: &[S]) -> Vec<Stretch<S>> {
    let start = at("2025-03-01");
    let mut edges: Vec<i64> = cuts
        .iter()
        .copied()
        .filter(|cut| from < *cut && *cut < until)
        .collect();
    edges.extend([from, until]);
    edges.sort_unstable();
    let piece = |(index, pair): (usize, &[i64])| Stretch {
        from: start + TimeDelta::minutes(pair[0]),
        until: Some(start + TimeDelta::minutes(pair[1])),
        state: states[index % states.len()],
    };
    edges.windows(2).enumerate().map(piece).collect()
}

proptest! {
    #[test]
    fn every_lived_slot_belongs_to_exactly_one_stretch(
        from in minutes(), length in 1_i64..44_640, cuts in proptest::collection::vec(minutes(), 0..8), hourly: bool
    ) {
        let window = range("2025-03-01", "2025-04-01").window();
        let proration = if hourly { Proration::Hour } else { Proration::Day };
        let share_of = |cuts: &[i64]| {
            let life = cut_life(from, from + length, cuts, &[()]);
            shares(window.into(), BillingPeriod::Month, proration, &life).unwrap()
        };
        let (whole, parts) = (share_of(&[]), share_of(&cuts));
        prop_assert_eq!(whole.len(), 1);
        prop_assert_eq!(parts.iter().map(|part| part.share.n).sum::<u32>(), whole[0].share.n);
        prop_assert!(parts.windows(2).all(|pair| pair[0].window.end <= pair[1].window.start));
        prop_assert_eq!(whole[0].share.of, if hourly { 744 } else { 31 });
    }

    #[test]
    fn splitting_a_life_by_changes_of_nothing_costs_the_same(
        scheme in schemes(), quantity in quantities(), from in minutes(), length in 1_i64..60_000,
        cuts in proptest::collection::vec(minutes(), 0..8)
    ) {
        let price = Price { version: "v".into(), scheme };
        let state = Some(PricedQuantity { price: &price, quantity });
        let month = range("2025-03-01", "2025-04-01");
        let whole = lines(&cores(LimitPeriod::Month), month, &cut_life(from, from + length, &[], &[state]));
        let split = lines(&cores(LimitPeriod::Month), month, &cut_life(from, from + length, &cuts, &[state]));
        prop_assert_eq!(whole, split);
    }

    #[test]
    fn the_parts_of_a_switched_month_add_up_to_the_month_before_rounding(
        price in 0_i64..1_000_000_000_000, cuts in proptest::collection::vec(minutes(), 0..8)
    ) {
        let version = |name: &str| Price { version: name.into(), scheme: PriceScheme::per_unit(Fixed::from_nanos(price)) };
        let (old, new) = (version("old"), version("new"));
        let states = [Some(PricedQuantity { price: &old, quantity: Fixed::ONE }), Some(PricedQuantity { price: &new, quantity: Fixed::ONE })];
        let billed = lines(&flat_fee(), range("2025-03-01", "2025-04-01"), &cut_life(0, 44_640, &cuts, &states));
        let shares: u32 = billed.iter().flat_map(|line| &line.derivation.segments).map(|segment| segment.share.n).sum();
        prop_assert_eq!(shares, 31);
        let sum: Decimal = billed.iter().map(|line| line.amount.amount).sum();
        let month = Money::from_fixed(Fixed::from_nanos(price), Currency::Eur).rounded().amount;
        // Each of the two lines is rounded once, so they are off by at most half a cent each, and the month as well.
        prop_assert!((sum - month).abs() <= Decimal::new(15, 3));
    }

    #[test]
    fn every_full_month_costs_the_same_whatever_its_days(price in 1_i64..1_000_000_000_000, quantity in 1_i64..200_000_000_000) {
        let price = Price { version: "v".into(), scheme: PriceScheme::per_unit(Fixed::from_nanos(price)) };
        let state = Some(PricedQuantity { price: &price, quantity: Fixed::from_nanos(quantity) });
        let life = [Stretch { from: at("2024-01-01"), until: None, state }];
        let month = |number: u32| lines(&cores(LimitPeriod::Month), Month::new(2025, number).unwrap().range(), &life);
        prop_assert_eq!(month(1)[0].amount, month(2)[0].amount);
        prop_assert_eq!(month(1)[0].quantity, Fixed::from_nanos(quantity));
    }

    #[test]
    fn a_derivation_computes_its_line_again_after_storage(
        scheme in schemes(), quantity in quantities(), cuts in proptest::collection::vec(minutes(), 0..4)
    ) {
        let price = Price { version: "v".into(), scheme };
        let states = [Some(PricedQuantity { price: &price, quantity }), None, Some(PricedQuantity { price: &price, quantity: Fixed::ONE })];
        for line in lines(&cores(LimitPeriod::Month), range("2025-03-01", "2025-04-01"), &cut_life(0, 44_640, &cuts, &states)) {
            let json = serde_json::to_string(&line).unwrap();
            let read: crate::pricing::Line = serde_json::from_str(&json).unwrap();
            prop_assert_eq!(&read, &line);
            prop_assert_eq!(read.derivation.exact().unwrap().to_money(Currency::Eur).unwrap(), line.amount);
            prop_assert!((line.exact.to_decimal() - line.amount.amount).abs() <= Decimal::new(5_000_000_001, 12));
        }
    }

    #[test]
    fn totals_are_sums_of_what_is_printed(
        lines in proptest::collection::vec((-10_000_000_i64..10_000_000, 0..3_usize), 0..30)
    ) {
        let rates = ["22", "9.5", "0"].map(|percent| TaxRate { name: "VAT".into(), percent: fixed(percent), reverse_charge: false });
        let money = |cents: i64| Money::new(Decimal::new(cents, 2), Currency::Eur);
        let printed: Vec<(Money, &TaxRate)> = lines.iter().map(|(cents, rate)| (money(*cents), &rates[*rate])).collect();
        let totals = document_totals(Currency::Eur, &printed).unwrap();
        prop_assert_eq!(totals.net.amount, printed.iter().map(|(amount, _)| amount.amount).sum::<Decimal>());
        prop_assert_eq!(totals.net.amount, totals.taxes.iter().map(|row| row.base.amount).sum::<Decimal>());
        prop_assert_eq!(totals.tax.amount, totals.taxes.iter().map(|row| row.tax.amount).sum::<Decimal>());
        prop_assert_eq!(totals.total.amount, totals.net.amount + totals.tax.amount);
        prop_assert!(totals.taxes.iter().all(|row| row.tax.is_rounded()));
    }

    #[test]
    fn no_input_panics(
        nanos in any::<i64>(), quantity in any::<i64>(), from in any::<i32>(), until in any::<i32>(), hourly: bool
    ) {
        let price = Price { version: "v".into(), scheme: PriceScheme::per_unit(Fixed::from_nanos(nanos)) };
        let moment = |minute: i32| at("2025-03-01") + TimeDelta::minutes(minute.into());
        let state = Some(PricedQuantity { price: &price, quantity: Fixed::from_nanos(quantity) });
        let stretches = [Stretch { from: moment(from), until: Some(moment(until)), state }];
        let window = range("2025-03-01", "2025-04-01").window();
        let proration = if hourly { Proration::Hour } else { Proration::Day };
        let terms = cores(LimitPeriod::Month);
        let _ = eur(&terms).recurring(&Recurring { time: window.into(), every: BillingPeriod::Month, proration, stretches: &stretches });
    }
}
