use super::optional_text::OptionalText;
use leptos::prelude::*;
use rust_decimal::{Decimal, RoundingStrategy};

use super::{
    money::{format_quantity, format_rounded},
    tone::Tone,
};

/// How far something has come. The text beside it is what a screen reader says.
#[component]
pub fn Progress(
    value: f64,
    max: f64,
    #[prop(into)] label: String,
    #[prop(optional)] tone: Option<Tone>,
    /// At the right: "3 of 5", "64 %".
    #[prop(optional, into)]
    tail: OptionalText,
    #[prop(optional, into)] detail: OptionalText,
) -> impl IntoView {
    let class = tone.map_or_else(
        || "progress".to_string(),
        |tone| format!("progress {}", tone.class()),
    );
    view! {
        <div class=class>
            <div class="progress-head">
                <span>{label.clone()}</span>
                {tail.map(|tail| view! { <span>{tail}</span> })}
            </div>
            <progress value=value.to_string() max=max.to_string() aria-label=label data-live-value=""></progress>
            <p class="progress-detail" data-live-text="">{detail}</p>
        </div>
    }
    .into_any()
}

#[component]
pub fn Busy(#[prop(into)] label: String) -> impl IntoView {
    view! {
        <p class="busy" role="status">
            <span class="spinner"></span>
            {label}
        </p>
    }
    .into_any()
}

/// Use against a limit: amber from 80 %, red from 100 %, and said in words as well. What was `expected` is no limit: more
/// than that is amber.
#[component]
pub fn Meter(
    used: Decimal,
    #[prop(default = None, into)] limit: Option<Decimal>,
    #[prop(into)] unit: String,
    #[prop(into)] label: String,
    #[prop(optional)] expected: bool,
) -> impl IntoView {
    let percent = limit.and_then(|limit| percent(used, limit, expected));
    let tone = match percent {
        Some(101..) if expected => Tone::Waiting,
        Some(100..) if !expected => Tone::Bad,
        Some(80..) if !expected => Tone::Waiting,
        _ => Tone::Info,
    };
    let tail = match limit {
        Some(limit) => format!("{} of {} {unit}", format_rounded(used), format_quantity(limit)),
        None => format!("{} {unit}", format_rounded(used)),
    };
    let words = percent.map(|percent| share_in_words(percent, expected));
    view! {
        <div class=format!("progress {}", tone.class())>
            <div class="progress-head">
                <span>{label.clone()}</span>
                <span>{tail}</span>
            </div>
            {percent.map(|percent| view! { <progress value=percent.min(100).to_string() max="100" aria-label=label></progress> })}
            {words.map(|words| view! { <p class="progress-detail">{words}</p> })}
        </div>
    }
    .into_any()
}

fn share_in_words(percent: u32, expected: bool) -> String {
    match (percent, expected) {
        (_, true) => format!("{percent} % of what was expected"),
        (100, false) => "The limit is reached".to_string(),
        (101.., false) => format!("{percent} % of the limit: above it"),
        (_, false) => format!("{percent} % of the limit"),
    }
}

/// What one may use, where nobody counts the use.
#[component]
pub fn Allowance(#[prop(into)] label: String, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <div class="progress">
            <div class="progress-head">
                <span>{label}</span>
                <span>{text}</span>
            </div>
        </div>
    }
}

/// Rounded down, so that 100 means reached; of what was `expected`, to the nearest. Absent when there is no limit to measure by.
fn percent(used: Decimal, limit: Decimal, expected: bool) -> Option<u32> {
    let share = used.checked_mul(Decimal::ONE_HUNDRED)?.checked_div(limit)?;
    let share = if expected {
        share.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero)
    } else {
        share.trunc()
    };
    u32::try_from(share.max(Decimal::ZERO)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_expected_is_no_limit() {
        for percent in [0, 100, 140] {
            let words = share_in_words(percent, true);
            assert_eq!(words, format!("{percent} % of what was expected"));
        }
        assert_eq!(share_in_words(100, false), "The limit is reached");
    }

    #[test]
    fn a_limit_counts_as_reached_only_when_it_is() {
        let of = |used: &str, limit: &str, expected| {
            percent(used.parse().unwrap(), limit.parse().unwrap(), expected)
        };
        let percent = |used: &str, limit: &str| of(used, limit, false);
        assert_eq!(of("12.5", "100", true), Some(13));
        assert_eq!(percent("12.5", "100"), Some(12));
        assert_eq!(percent("99.99", "100"), Some(99));
        assert_eq!(percent("100", "100"), Some(100));
        assert_eq!(percent("3", "0"), None);
        assert_eq!(percent("-3", "10"), Some(0));
    }
}
