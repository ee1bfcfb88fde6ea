use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;

use super::{Aggregation, Reading, Sample, UsageError, aggregate, counter_increase, hold};
use crate::fixed::Fixed;

fn start() -> DateTime<Utc> {
    "2025-06-01T00:00:00Z".parse().unwrap()
}

fn days(count: i64) -> DateTime<Utc> {
    start() + TimeDelta::days(count)
}

fn reading(day: i64, quantity: i32) -> Reading {
    Reading {
        at: days(day),
        quantity: Fixed::from(quantity),
    }
}

fn sample(from: i64, until: i64, quantity: i32) -> Sample {
    Sample {
        from: days(from),
        until: days(until),
        quantity: Fixed::from(quantity),
    }
}

#[test]
fn sum_maximum_and_last_of_a_period() {
    let samples = [sample(0, 1, 4), sample(5, 6, 9), sample(1, 5, 2)];
    let all = |how| aggregate(how, (start(), days(30)), &samples).unwrap();
    assert_eq!(all(Aggregation::Sum), Fixed::from(15));
    assert_eq!(all(Aggregation::Maximum), Fixed::from(9));
    assert_eq!(all(Aggregation::Last), Fixed::from(9));
    assert_eq!(
        aggregate(Aggregation::Sum, (start(), days(30)), &[]),
        Ok(Fixed::ZERO)
    );
}

#[test]
fn the_average_weighs_by_time() {
    // 10 users for 10 days, 20 for 15, 15 for 5.
    let readings = [reading(0, 10), reading(10, 20), reading(25, 15)];
    let average = aggregate(
        Aggregation::TimeWeightedAverage,
        (start(), days(30)),
        &hold(&readings, days(30)),
    );
    assert_eq!(average.unwrap().to_string(), "15.833333333");
}

#[test]
fn a_gauge_is_carried_over_from_before_the_period() {
    let samples = hold(&[reading(-5, 6), reading(15, 0)], days(30));
    let average = aggregate(Aggregation::TimeWeightedAverage, (start(), days(30)), &samples);
    assert_eq!(average, Ok(Fixed::from(3)));
}

#[test]
fn the_last_of_several_readings_at_one_instant_holds() {
    assert_eq!(
        hold(&[reading(0, 1), reading(0, 7)], days(1)),
        vec![sample(0, 1, 7)]
    );
    assert_eq!(hold(&[reading(2, 1)], days(1)), vec![]);
}

#[test]
fn bad_measurements_are_refused() {
    let period = (start(), days(30));
    let sum = |samples: &[Sample]| aggregate(Aggregation::Sum, period, samples);
    assert_eq!(sum(&[sample(0, 1, -1)]), Err(UsageError::Negative));
    assert_eq!(sum(&[sample(2, 1, 1)]), Err(UsageError::Backwards));
    let most = Sample {
        quantity: Fixed::MAX,
        ..sample(0, 1, 0)
    };
    assert_eq!(sum(&[most, most]), Err(UsageError::Overflow));
    assert_eq!(
        aggregate(Aggregation::Sum, (start(), start()), &[]),
        Err(UsageError::Backwards)
    );
    let twice = [sample(0, 10, 1), sample(5, 15, 1)];
    assert_eq!(
        aggregate(Aggregation::TimeWeightedAverage, period, &twice),
        Err(UsageError::Overlap)
    );
}

#[test]
fn a_counter_survives_its_resets() {
    let counter = [
        reading(0, 100),
        reading(1, 150),
        reading(2, 20),
        reading(3, 50),
        reading(4, 0),
        reading(5, 5),
    ];
    assert_eq!(counter_increase(&counter), Ok(Fixed::from(50 + 20 + 30 + 5)));
    assert_eq!(counter_increase(&[reading(0, 100)]), Ok(Fixed::ZERO));
    assert_eq!(counter_increase(&[]), Ok(Fixed::ZERO));
    assert_eq!(counter_increase(&[reading(0, -1)]), Err(UsageError::Negative));
}

proptest! {
    #[test]
    fn splitting_a_stretch_in_two_leaves_the_average(quantity in 0_i32..1_000_000, cut in 1_i64..29) {
        let average = |samples: &[Sample]| aggregate(Aggregation::TimeWeightedAverage, (start(), days(30)), samples);
        prop_assert_eq!(
            average(&[sample(0, 30, quantity)]),
            average(&[sample(cut, 30, quantity), sample(0, cut, quantity)])
        );
    }

    #[test]
    fn a_counter_without_resets_grows_by_last_less_first(mut values in proptest::collection::vec(0_i32..1_000_000, 2..20)) {
        values.sort_unstable();
        let readings: Vec<Reading> = (0_i64..).zip(&values).map(|(day, value)| reading(day, *value)).collect();
        let grown = Fixed::from(values[values.len() - 1] - values[0]);
        prop_assert_eq!(counter_increase(&readings), Ok(grown));
    }
}
