use super::{at, range};
use crate::period::{BillingPeriod, Proration, Window};
use crate::pricing::{PricingError, Stretch, counted_in, shares};

fn stretch(state: &'static str, from: &str, until: Option<&str>) -> Stretch<&'static str> {
    Stretch {
        from: at(from),
        until: until.map(at),
        state,
    }
}

/// `old 14/31`, one entry per portion.
fn shared(
    window: Window,
    every: BillingPeriod,
    proration: Proration,
    stretches: &[Stretch<&'static str>],
) -> Vec<String> {
    let portions = shares(window.into(), every, proration, stretches).unwrap();
    let text = |portion: &crate::pricing::Portion| {
        format!(
            "{} {}/{}",
            stretches[portion.stretch].state, portion.share.n, portion.share.of
        )
    };
    portions.iter().map(text).collect()
}

fn by_day(stretches: &[Stretch<&'static str>]) -> Vec<String> {
    shared(
        range("2025-01-01", "2025-02-01").window(),
        BillingPeriod::Month,
        Proration::Day,
        stretches,
    )
}

#[test]
fn the_day_of_a_switch_counts_for_what_came_after() {
    let switched = [
        stretch("old", "2024-11-03", Some("2025-01-15T10:00:00")),
        stretch("new", "2025-01-15T10:00:00", None),
    ];
    assert_eq!(by_day(&switched), ["old 14/31", "new 17/31"]);
    let mut unordered = switched;
    unordered.reverse();
    assert_eq!(by_day(&unordered), ["old 14/31", "new 17/31"]);
}

#[test]
fn both_the_first_and_the_last_day_count_even_for_an_instant() {
    assert_eq!(
        by_day(&[stretch("on", "2025-01-10T23:59:59", Some("2025-01-20T00:00:01"))]),
        ["on 11/31"]
    );
    assert_eq!(
        by_day(&[stretch("on", "2025-01-10", Some("2025-01-20"))]),
        ["on 10/31"]
    );
    assert_eq!(
        by_day(&[stretch("on", "2025-01-10T08:00:00", Some("2025-01-10T09:00:00"))]),
        ["on 1/31"]
    );
}

#[test]
fn the_last_day_counts_for_the_state_in_force_at_its_last_billable_instant() {
    let switched_then_ended = [
        stretch("old", "2025-01-01", Some("2025-01-20T09:00:00")),
        stretch("new", "2025-01-20T09:00:00", Some("2025-01-20T17:00:00")),
    ];
    assert_eq!(by_day(&switched_then_ended), ["old 19/31", "new 1/31"]);
}

#[test]
fn several_changes_in_a_day_leave_one_billed_state() {
    let day = [
        stretch("a", "2025-01-01", Some("2025-01-05T08:00:00")),
        stretch("b", "2025-01-05T08:00:00", Some("2025-01-05T08:30:00")),
        stretch("c", "2025-01-05T08:30:00", Some("2025-01-05T09:00:00")),
        stretch("a again", "2025-01-05T09:00:00", None),
    ];
    assert_eq!(by_day(&day), ["a 4/31", "a again 27/31"]);
}

#[test]
fn days_without_a_state_belong_to_nobody() {
    let paused = [
        stretch("on", "2024-01-01", Some("2025-01-05")),
        stretch("on", "2025-01-11", None),
    ];
    assert_eq!(by_day(&paused), ["on 4/31", "on 21/31"]);
    assert_eq!(
        by_day(&[stretch("over", "2024-01-01", Some("2025-01-01"))]),
        Vec::<String>::new()
    );
    assert_eq!(
        by_day(&[stretch("later", "2025-02-01", None)]),
        Vec::<String>::new()
    );
    assert_eq!(
        by_day(&[stretch("backwards", "2025-01-20", Some("2025-01-10"))]),
        Vec::<String>::new()
    );
}

#[test]
fn hours_are_shared_like_days() {
    let window = range("2025-01-01", "2025-02-01").window();
    let switched = [
        stretch("old", "2025-01-01", Some("2025-01-15T10:20:00")),
        stretch("new", "2025-01-15T10:20:00", None),
    ];
    let shared_by_hour = shared(window, BillingPeriod::Month, Proration::Hour, &switched);
    assert_eq!(shared_by_hour, ["old 346/744", "new 398/744"]);
    let hourly = shared(window, BillingPeriod::Hour, Proration::Day, &switched);
    assert_eq!(hourly, ["old 346/1", "new 398/1"]);
    assert_eq!(
        shared(window, BillingPeriod::Day, Proration::Day, &switched),
        ["old 14/1", "new 17/1"]
    );
    assert_eq!(
        shared(window, BillingPeriod::Day, Proration::Hour, &switched),
        ["old 346/24", "new 398/24"]
    );
}

#[test]
fn there_are_no_shares_of_periods_that_are_only_charged_whole() {
    let window = range("2025-01-01", "2025-02-01").window();
    let lived = [stretch("on", "2025-01-01", None)];
    for (every, proration) in [
        (BillingPeriod::Month, Proration::None),
        (BillingPeriod::Once, Proration::Day),
    ] {
        assert_eq!(counted_in(every, proration), None);
        let refused = shares(window.into(), every, proration, &lived);
        assert_eq!(refused, Err(PricingError::InvalidPeriod));
    }
}

#[test]
fn an_empty_or_endless_window_is_refused() {
    let lived = [stretch("on", "2025-01-01", None)];
    for window in [
        range("2025-01-01", "2025-01-01"),
        range("2025-01-01", "2035-01-01"),
    ] {
        let refused = shares(
            window.window().into(),
            BillingPeriod::Month,
            Proration::Hour,
            &lived,
        );
        assert_eq!(refused, Err(PricingError::InvalidPeriod));
    }
}
