//! How long a resource lasts and what happens then, in words.

use chrono::NaiveDate;
use leptos::prelude::*;
use model::{EndingSoon, Extension, Lifetime, OrderState, ResourceDetail, ResourceState};

use crate::{components::*, routes};

/// `14 April 2026`.
pub(crate) fn days(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

/// `today`, `tomorrow`, `in 7 days`, `3 days ago`.
pub(crate) fn distance(days_left: i64) -> String {
    match days_left {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        days if days > 0 => format!("in {days} days"),
        days => format!("{} days ago", days.unsigned_abs()),
    }
}

/// What is known of an end, for the words about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ending {
    last_day: NaiveDate,
    /// Negative when it is over.
    days_left: i64,
    ended_after: NaiveDate,
    extension: Extension,
    can_extend: bool,
    renewal: Option<OrderState>,
}

impl From<&EndingSoon> for Ending {
    fn from(one: &EndingSoon) -> Self {
        Self {
            last_day: one.last_day,
            days_left: one.days_left,
            ended_after: one.ended_after,
            extension: one.extension,
            can_extend: one.can_extend,
            renewal: one.renewal,
        }
    }
}

impl Ending {
    /// The end of what is in use; what never ran is neither billed nor kept, so nothing of it ends.
    fn of(lifetime: &Lifetime, state: ResourceState) -> Option<Self> {
        if state.is_terminal() {
            return None;
        }
        lifetime.first_day?;
        Some(Self {
            last_day: lifetime.last_day?,
            days_left: lifetime.days_left?,
            ended_after: lifetime.ended_after?,
            extension: lifetime.extension,
            can_extend: lifetime.can_extend,
            renewal: lifetime.renewal,
        })
    }

    fn is_over(&self) -> bool {
        self.days_left < 0
    }

    /// What happens at the end, and what to do about it.
    pub(crate) fn what_happens(&self) -> String {
        let over = if self.is_over() {
            format!("Its last day, {}, is over. ", days(self.last_day))
        } else {
            String::new()
        };
        match self.renewal {
            Some(OrderState::Executing) => format!("{over}{}", self.until_renewed()),
            Some(state) => format!("{over}{}", self.unless_renewed(state)),
            None => format!("{over}{}, with everything on it.{}", self.then(), self.advice()),
        }
    }

    /// A renewal that is being carried out keeps what it renews, however long the provider takes.
    fn until_renewed(&self) -> &'static str {
        if self.is_over() {
            "A renewal is under way and waits for the provider. Until that is done it is kept, with everything on it, and nothing is billed; the new term begins on the day on which the provider has renewed it."
        } else {
            "A renewal is under way and waits for the provider. The new term follows the last day where the provider has renewed it by then. Otherwise it is kept, with everything on it, nothing is billed for the days between, and the new term begins on the day on which the provider has renewed it."
        }
    }

    fn unless_renewed(&self, state: OrderState) -> String {
        let after = days(self.ended_after);
        let must = if state == OrderState::Erred {
            format!("A renewal could not be carried out. It must be tried again by {after}")
        } else {
            // The order may expire before: its page says when.
            format!(
                "A renewal is ordered. It must be approved before its order expires, and by {after} at the latest"
            )
        };
        format!("{must}: otherwise the resource is ended in the night after {after}, with everything on it.")
    }

    fn then(&self) -> String {
        let (last, after) = (days(self.last_day), days(self.ended_after));
        match (self.ended_after > self.last_day, self.is_over()) {
            (true, false) => {
                format!("It is billed until {last}, kept until {after} and ended in the night after")
            }
            (true, true) => {
                format!("It is no longer billed, is kept until {after} and is ended in the night after")
            }
            (false, _) => format!("It is ended in the night after {last}"),
        }
    }

    fn advice(&self) -> &'static str {
        match (self.extension, self.can_extend) {
            (Extension::Renew, true) => {
                " Renew it to keep it; a renewal that needs approval must be approved by then."
            }
            (Extension::ChangeEnd, true) => " Choose a later last day to keep it.",
            (Extension::ChangeProject, true) => " Choose a later last day for its project to keep it.",
            (Extension::ChangeProject, false) => " It can be kept once its project has a later last day.",
            // What would be refused now is no advice.
            (Extension::Renew | Extension::ChangeEnd, false) => "",
        }
    }

    /// What stands over these words. A resource in its days of grace still runs.
    fn title(&self) -> String {
        let when = distance(self.days_left);
        match self.renewal {
            Some(OrderState::Executing) => "A renewal is under way".to_owned(),
            _ if self.is_over() => format!("Its last day was {when}"),
            _ => format!("Ends {when}"),
        }
    }

    fn tone(&self) -> Tone {
        let is_kept = self.renewal == Some(OrderState::Executing);
        if self.days_left <= 1 && !is_kept {
            Tone::Bad
        } else {
            Tone::Waiting
        }
    }
}

/// Told from 30 days before the end on.
pub(super) fn notice(resource: &ResourceDetail) -> Option<AnyView> {
    let lifetime = &resource.lifetime;
    let ending = Ending::of(lifetime, resource.summary.state).filter(|one| one.days_left <= 30)?;
    let button = lifetime.can_extend.then(|| extend(resource)).into_any();
    Some(
        view! {
            <Banner tone=ending.tone() title=ending.title() actions=button>
                <span data-test="ending">{ending.what_happens()}</span>
            </Banner>
        }
        .into_any(),
    )
}

/// The button that leads to more time.
pub(super) fn extend(resource: &ResourceDetail) -> impl IntoView + use<> {
    let href = routes::resource_extend(resource.summary.id);
    let label = resource.lifetime.extension.label();
    view! { <LinkButton href=href attr:data-test="extend">{label}</LinkButton> }
}

/// First day, last day, what happens then.
pub(super) fn facts(lifetime: &Lifetime, state: ResourceState) -> impl IntoView + use<> {
    let first = lifetime
        .first_day
        .map(|day| view! { <KeyValue label="First day"><DayText day=day/></KeyValue> });
    let last = match lifetime.last_day {
        Some(day) => view! { <KeyValue label="Last day"><DayText day=day/></KeyValue> }.into_any(),
        // When it was ended stands beside it.
        None if state.is_terminal() => ().into_any(),
        None => view! { <KeyValue label="Last day">"None: it goes on until somebody ends it"</KeyValue> }
            .into_any(),
    };
    let several = lifetime.terms.len() > 1;
    let terms: Vec<_> = (1..)
        .zip(&lifetime.terms)
        .map(|(number, term)| {
            let label = term_label(number, several);
            let text = format!("{} to {}", days(term.first_day), days(term.last_day));
            view! { <KeyValue label=label>{text}</KeyValue> }
        })
        .collect();
    let then = Ending::of(lifetime, state)
        .filter(|one| one.days_left > 30)
        .map(|one| view! { <KeyValue label="Then">{one.what_happens()}</KeyValue> });
    view! { {first} {last} {terms} {then} }
}

/// Terms are told apart where there are several.
fn term_label(number: usize, several: bool) -> String {
    if several {
        format!("Term {number}, paid up front")
    } else {
        "Paid up front".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ending(days_left: i64, renewal: Option<OrderState>) -> Ending {
        Ending {
            last_day: NaiveDate::from_ymd_opt(2026, 12, 26).unwrap(),
            days_left,
            ended_after: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
            extension: Extension::Renew,
            can_extend: renewal.is_none(),
            renewal,
        }
    }

    #[test]
    fn what_a_provider_renews_is_not_said_to_end() {
        for left in [5, -8] {
            let one = ending(left, Some(OrderState::Executing));
            let words = one.what_happens();
            assert!(!words.contains("ended in the night"), "{words}");
            assert!(
                words.contains("the day on which the provider has renewed it"),
                "{words}"
            );
            assert_eq!(
                (one.title().as_str(), one.tone()),
                ("A renewal is under way", Tone::Waiting)
            );
        }
        for (state, must) in [
            (
                OrderState::PendingBuyer,
                "before its order expires, and by 31 December 2026 at the latest",
            ),
            (OrderState::Erred, "It must be tried again by 31 December 2026"),
        ] {
            let words = ending(5, Some(state)).what_happens();
            assert!(
                words.contains(must) && words.contains("ended in the night after 31 December 2026"),
                "{words}"
            );
        }
    }

    #[test]
    fn what_is_kept_after_its_last_day_is_not_said_to_have_ended() {
        let one = ending(-2, None);
        assert_eq!(one.title(), "Its last day was 2 days ago");
        let words = one.what_happens();
        assert!(
            words.starts_with("Its last day, 26 December 2026, is over. It is no longer billed,"),
            "{words}"
        );
        assert!(
            ending(2, None)
                .what_happens()
                .starts_with("It is billed until 26 December 2026")
        );
    }

    #[test]
    fn terms_are_numbered_where_there_are_several() {
        assert_eq!(term_label(2, true), "Term 2, paid up front");
        assert_eq!(term_label(1, false), "Paid up front");
    }
}
