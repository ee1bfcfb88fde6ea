//! Times as people read them: near ones relative, with the exact time on hover; far ones as dates, in the person's zone.

use chrono::{DateTime, FixedOffset, NaiveDate, Utc};
use leptos::prelude::*;

/// The instant at which the page is drawn and the zone of the person who reads it. Given as context by whoever starts the
/// rendering, which alone knows the rules of zones: an hour in July and one in January have their own offsets.
#[derive(Clone, Copy, Debug)]
pub struct PageTime {
    pub now: DateTime<Utc>,
    /// IANA name, as it is shown.
    pub zone: &'static str,
    /// The offset of the zone from UTC at an instant.
    pub offset_at: fn(&str, DateTime<Utc>) -> FixedOffset,
}

/// The instant by the reader's clock; by UTC where no page is drawn.
fn local(at: DateTime<Utc>) -> DateTime<FixedOffset> {
    match use_context::<PageTime>() {
        Some(time) => at.with_timezone(&(time.offset_at)(time.zone, at)),
        None => at.fixed_offset(),
    }
}

/// `21 Nov 2026` in the person's zone.
pub fn format_date(at: DateTime<Utc>) -> String {
    local(at).format("%-d %b %Y").to_string()
}

/// `21 Nov 2026, 14:05` in the person's zone.
pub fn format_time(at: DateTime<Utc>) -> String {
    local(at).format("%-d %b %Y, %H:%M").to_string()
}

/// `without tax, as of 21 Nov 2026, 14:05`, where it is known of when something is.
pub fn format_as_of(words: &str, at: Option<DateTime<Utc>>) -> String {
    match at {
        Some(at) => format!("{words}, as of {}", format_time(at)),
        None => words.to_owned(),
    }
}

/// `21 Nov 2026, 14:05 (Europe/Tallinn, UTC+02:00)`: for where an hour more or less matters.
pub fn format_timestamp(at: DateTime<Utc>) -> String {
    let zone = use_context::<PageTime>().map_or("UTC", |time| time.zone);
    let (time, offset) = (format_time(at), *local(at).offset());
    if offset.local_minus_utc() == 0 {
        format!("{time} ({zone})")
    } else {
        format!("{time} ({zone}, UTC{offset})")
    }
}

/// `21 Nov 2026`.
pub fn format_day(day: NaiveDate) -> String {
    day.format("%-d %b %Y").to_string()
}

#[component]
pub fn RelativeTime(at: DateTime<Utc>) -> impl IntoView {
    let exact = format_timestamp(at);
    let text = use_context::<PageTime>().map_or_else(|| format_date(at), |time| relative(at, time.now));
    view! {
        <time datetime=at.to_rfc3339() title=exact class="nowrap">
            {text}
        </time>
    }
    .into_any()
}

#[component]
pub fn DateText(at: DateTime<Utc>, #[prop(optional)] time: bool) -> impl IntoView {
    let text = if time { format_time(at) } else { format_date(at) };
    view! {
        <time datetime=at.to_rfc3339() title=format_timestamp(at) class="nowrap num">
            {text}
        </time>
    }
    .into_any()
}

/// Since when a price or terms count: the day alone where one begins then for the seller, as it was published; else the
/// time by the reader's clock, with the zone of that clock.
#[component]
pub fn FirstInstant(at: DateTime<Utc>, day: Option<NaiveDate>) -> impl IntoView {
    let text = first_instant(at, day);
    view! {
        <time datetime=at.to_rfc3339() title=format_timestamp(at) class="num">
            {text}
        </time>
    }
    .into_any()
}

fn first_instant(at: DateTime<Utc>, day: Option<NaiveDate>) -> String {
    let zone = use_context::<PageTime>().map_or("UTC", |time| time.zone);
    day.map_or_else(|| format!("{} ({zone})", format_time(at)), format_day)
}

#[component]
pub fn DayText(day: NaiveDate) -> impl IntoView {
    view! {
        <time datetime=day.to_string() class="nowrap num">
            {format_day(day)}
        </time>
    }
    .into_any()
}

/// A half-open period, shown with its last day: `[1 Nov, 1 Dec)` is "1 – 30 Nov 2026".
#[component]
pub fn PeriodText(from: NaiveDate, until: NaiveDate) -> impl IntoView {
    view! { <span class="nowrap num">{format_period(from, until)}</span> }.into_any()
}

pub fn format_period(from: NaiveDate, until: NaiveDate) -> String {
    let last = until.pred_opt().unwrap_or(until).max(from);
    if from == last {
        return format_day(from);
    }
    let pattern = if (from.format("%Y-%m").to_string()) == last.format("%Y-%m").to_string() {
        "%-d"
    } else if from.format("%Y").to_string() == last.format("%Y").to_string() {
        "%-d %b"
    } else {
        "%-d %b %Y"
    };
    format!("{} – {}", from.format(pattern), format_day(last))
}

/// Within a week in words; beyond, the date.
fn relative(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let seconds = now.signed_duration_since(at).num_seconds();
    let count = |n: i64, unit: &str| {
        if n == 1 {
            format!("1 {unit}")
        } else {
            format!("{n} {unit}s")
        }
    };
    let distance = match seconds.abs() {
        0..45 => {
            return if seconds < 0 {
                "in a moment".into()
            } else {
                "just now".into()
            };
        }
        s @ 45..3_570 => count((s + 30) / 60, "minute"),
        s @ 3_570..84_600 => count((s + 1_800) / 3_600, "hour"),
        s @ 84_600..604_800 => count((s + 43_200) / 86_400, "day"),
        _ => return format_date(at),
    };
    if seconds < 0 {
        format!("in {distance}")
    } else {
        format!("{distance} ago")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn near_times_are_told_in_words() {
        let now = at("2026-11-21T12:00:00Z");
        for (then, words) in [
            ("2026-11-21T11:59:40Z", "just now"),
            ("2026-11-21T11:59:00Z", "1 minute ago"),
            ("2026-11-21T11:00:20Z", "1 hour ago"),
            ("2026-11-20T13:00:00Z", "23 hours ago"),
            ("2026-11-18T12:00:00Z", "3 days ago"),
            ("2026-11-21T12:30:00Z", "in 30 minutes"),
            ("2026-10-01T12:00:00Z", "1 Oct 2026"),
        ] {
            assert_eq!(relative(at(then), now), words, "{then}");
        }
    }

    /// Tallinn, as far as these tests need its rules.
    fn tallinn(_zone: &str, at: DateTime<Utc>) -> FixedOffset {
        let summer = (3..10).contains(&chrono::Datelike::month0(&at));
        FixedOffset::east_opt(if summer { 10_800 } else { 7_200 }).unwrap()
    }

    #[test]
    fn each_instant_has_the_offset_of_its_own_day_whenever_it_is_looked_at() {
        for now in ["2026-01-15T12:00:00Z", "2026-07-15T12:00:00Z"] {
            let owner = Owner::new();
            owner.with(|| {
                provide_context(PageTime {
                    now: at(now),
                    zone: "Europe/Tallinn",
                    offset_at: tallinn,
                });
                let (summer, winter) = (at("2026-07-01T09:00:00Z"), at("2026-01-01T09:00:00Z"));
                assert_eq!(
                    format_timestamp(summer),
                    "1 Jul 2026, 12:00 (Europe/Tallinn, UTC+03:00)"
                );
                assert_eq!(
                    format_timestamp(winter),
                    "1 Jan 2026, 11:00 (Europe/Tallinn, UTC+02:00)"
                );
                assert_eq!(format_date(at("2026-06-30T21:30:00Z")), "1 Jul 2026");
                assert_eq!(
                    first_instant(winter, winter.date_naive().succ_opt()),
                    "2 Jan 2026"
                );
                assert_eq!(first_instant(winter, None), "1 Jan 2026, 11:00 (Europe/Tallinn)");
            });
        }
    }

    #[test]
    fn periods_name_their_last_day() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(
            format_period(day("2026-11-01"), day("2026-12-01")),
            "1 – 30 Nov 2026"
        );
        assert_eq!(
            format_period(day("2026-11-15"), day("2026-12-15")),
            "15 Nov – 14 Dec 2026"
        );
        assert_eq!(
            format_period(day("2026-12-15"), day("2027-01-15")),
            "15 Dec 2026 – 14 Jan 2027"
        );
        assert_eq!(format_period(day("2026-11-15"), day("2026-11-16")), "15 Nov 2026");
    }
}
