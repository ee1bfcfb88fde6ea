use chrono::NaiveDate;
use proptest::prelude::*;

use super::{BillingPeriod, DateRange, LimitPeriod, Month, MonthError, months_left, months_started};

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn range(start: &str, end: &str) -> Option<DateRange> {
    DateRange::new(date(start), date(end))
}

#[test]
fn months_are_read_strictly_and_know_their_days() {
    let month: Month = "2024-02".parse().unwrap();
    assert_eq!((month.days(), month.last_day()), (29, date("2024-02-29")));
    assert_eq!(month.next().to_string(), "2024-03");
    assert_eq!(Month::new(2025, 1).unwrap().prev().to_string(), "2024-12");
    assert_eq!(month.title(), "February 2024");
    assert_eq!(serde_json::to_string(&month).unwrap(), "\"2024-02\"");
    for text in [
        "2024-2",
        "2024-13",
        "24-02",
        "2024/02",
        "2024-02-01",
        "",
        "0000-01",
        "+024-02",
    ] {
        assert_eq!(text.parse::<Month>(), Err(MonthError), "{text}");
    }
}

#[test]
fn the_calendar_period_contains_its_date() {
    let day = date("2025-05-17");
    assert_eq!(
        BillingPeriod::Day.containing(day),
        range("2025-05-17", "2025-05-18")
    );
    assert_eq!(
        BillingPeriod::Month.containing(day),
        range("2025-05-01", "2025-06-01")
    );
    assert_eq!(
        BillingPeriod::Quarter.containing(day),
        range("2025-04-01", "2025-07-01")
    );
    assert_eq!(
        BillingPeriod::HalfYear.containing(day),
        range("2025-01-01", "2025-07-01")
    );
    let in_daily = |period: LimitPeriod| period.billing_in(BillingPeriod::Day);
    assert_eq!(in_daily(LimitPeriod::Plan), BillingPeriod::Day);
    assert_eq!(in_daily(LimitPeriod::Year), BillingPeriod::Year);
    assert_eq!(in_daily(LimitPeriod::Total), BillingPeriod::Once);
    assert_eq!(BillingPeriod::Hour.containing(day), None);
}

#[test]
fn a_period_from_the_31st_returns_to_the_31st_after_a_short_month() {
    let anchor = date("2025-01-31");
    let month = |on: &str| BillingPeriod::Month.anniversary(anchor, date(on));
    assert_eq!(month("2025-02-27"), range("2025-01-31", "2025-02-28"));
    assert_eq!(month("2025-02-28"), range("2025-02-28", "2025-03-31"));
    assert_eq!(month("2025-03-31"), range("2025-03-31", "2025-04-30"));
    assert_eq!(month("2025-01-30"), None);
    let leap = BillingPeriod::Year.anniversary(date("2024-02-29"), date("2027-12-01"));
    assert_eq!(leap, range("2027-02-28", "2028-02-29"));
}

#[test]
fn a_started_month_counts_and_there_is_at_least_one() {
    let months = |start: &str, end: &str| months_started(date(start), date(end));
    assert_eq!(months("2025-01-01", "2025-04-01"), 3);
    assert_eq!(months("2025-01-01", "2025-04-02"), 4);
    assert_eq!(months("2025-01-15", "2025-01-16"), 1);
    assert_eq!(months("2025-01-15", "2025-01-15"), 1);
    assert_eq!(months("2025-01-31", "2025-02-28"), 1);
    assert_eq!(months("2024-11-30", "2025-11-30"), 12);
    assert_eq!(months("2025-02-28", "2025-03-28"), 1);
    assert_eq!(
        months("2025-02-28", "2025-03-31"),
        1,
        "it follows a month from 31 January"
    );
    assert_eq!(months("2025-02-28", "2025-04-30"), 2);
    assert_eq!(months("2025-02-28", "2025-04-01"), 2);
    assert_eq!(months("2025-02-27", "2025-03-31"), 2, "no month ends on the 27th");
    assert_eq!(months("2025-06-01", "2025-01-01"), 1);
}

#[test]
fn months_of_a_term_are_left_by_its_own_calendar() {
    let left = |start: &str, end: &str, on: &str| months_left(range(start, end).unwrap(), date(on));
    let from_the_31st = |on: &str| left("2024-01-31", "2024-04-30", on);
    let days = [
        "2024-01-31",
        "2024-02-28",
        "2024-02-29",
        "2024-03-30",
        "2024-03-31",
        "2024-04-29",
    ];
    assert_eq!(days.map(from_the_31st), [3, 3, 2, 2, 1, 1]);
    let follows_the_31st = |on: &str| left("2025-02-28", "2025-04-30", on);
    assert_eq!(
        ["2025-02-28", "2025-03-30", "2025-03-31"].map(follows_the_31st),
        [2, 2, 1]
    );
    let cut_short = |on: &str| left("2025-01-15", "2025-03-20", on);
    assert_eq!(
        ["2025-02-14", "2025-02-15", "2025-03-15"].map(cut_short),
        [3, 2, 1]
    );
    assert_eq!(["2024-12-01", "2026-01-01"].map(cut_short), [3, 1]);
}

#[test]
fn a_range_ends_before_its_end() {
    let range = range("2025-01-01", "2025-02-01").unwrap();
    assert!(range.contains(date("2025-01-31")) && !range.contains(date("2025-02-01")));
    assert_eq!((range.days(), range.last_day()), (31, date("2025-01-31")));
    assert_eq!(DateRange::new(date("2025-01-02"), date("2025-01-01")), None);
    let late = DateRange::new(date("2025-02-01"), date("2025-03-01")).unwrap();
    assert_eq!(range.intersect(late), None);
    assert_eq!(range.window().dates(), range);
}

proptest! {
    #[test]
    fn every_date_is_in_exactly_one_period_of_each_kind(day in 0_i64..40_000, anchor_back in 0_i64..4_000) {
        let on = date("1990-01-01") + chrono::TimeDelta::days(day);
        let anchor = on - chrono::TimeDelta::days(anchor_back);
        for every in [BillingPeriod::Day, BillingPeriod::Month, BillingPeriod::Quarter, BillingPeriod::HalfYear, BillingPeriod::Year] {
            for period in [every.containing(on).unwrap(), every.anniversary(anchor, on).unwrap()] {
                prop_assert!(period.contains(on), "{every}: {period:?} {on}");
            }
            let period = every.anniversary(anchor, on).unwrap();
            let after = every.anniversary(anchor, period.end).unwrap();
            prop_assert_eq!(after.start, period.end);
            let calendar = every.containing(on).unwrap();
            prop_assert_eq!(every.containing(calendar.end).unwrap().start, calendar.end);
        }
    }
}
