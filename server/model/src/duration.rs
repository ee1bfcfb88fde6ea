//! How long things last: terms that are paid up front, last days, and what happens when one is near.

use chrono::{Days, Months, NaiveDate};
use serde::{Deserialize, Serialize};

use crate::period::{BillingPeriod, DateRange, months_apart};
use crate::problem::FieldFault;
use crate::{OrderState, ProjectId, ResourceId, text_enum};

/// Terms are this many months at most, where the provider sets nothing: ten years.
pub const LONGEST_TERM: u32 = 120;
/// Days of grace at most.
pub const MOST_GRACE_DAYS: u32 = 90;

/// What a provider says about how long its offering is had. Bounds and step bind what is chosen anew only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DurationRules {
    /// The shortest term in months that can be paid up front; 1 without.
    #[serde(default)]
    pub min_months: Option<u32>,
    /// The longest; 120 without.
    #[serde(default)]
    pub max_months: Option<u32>,
    /// Terms are the shortest plus whole steps of this many months; 1 without.
    #[serde(default)]
    pub step_months: Option<u32>,
    /// For how many days after its last day a resource is kept, unbilled, so that it can still be extended.
    #[serde(default)]
    pub grace_days: u32,
}

/// Why a term cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TermFault {
    /// Shorter than the shortest.
    #[error("Choose at least {} months.", .0)]
    TooShort(u32),
    /// Longer than the longest.
    #[error("Choose at most {} months.", .0)]
    TooLong(u32),
    /// Between two steps.
    #[error("Choose {min} months, or {step} months more each time.")]
    OffStep {
        /// The shortest term.
        min: u32,
        /// The step.
        step: u32,
    },
}

impl TermFault {
    /// Stable code: `too_small`, `too_large`, `off_step`.
    pub fn code(self) -> &'static str {
        match self {
            Self::TooShort(_) => "too_small",
            Self::TooLong(_) => "too_large",
            Self::OffStep { .. } => "off_step",
        }
    }
}

impl DurationRules {
    /// The shortest term in months.
    pub fn least(&self) -> u32 {
        self.min_months.unwrap_or(1).max(1)
    }

    /// The longest term in months.
    pub fn most(&self) -> u32 {
        self.max_months.unwrap_or(LONGEST_TERM)
    }

    /// Months between two terms that can be chosen.
    pub fn step(&self) -> u32 {
        self.step_months.unwrap_or(1).max(1)
    }

    /// Whether a term of this many months can be chosen; the fault says what can.
    pub fn check_months(&self, months: u32) -> Result<(), TermFault> {
        let (min, step) = (self.least(), self.step());
        if months < min {
            Err(TermFault::TooShort(min))
        } else if months > self.most() {
            Err(TermFault::TooLong(self.most()))
        } else if !(months - min).is_multiple_of(step) {
            Err(TermFault::OffStep { min, step })
        } else {
            Ok(())
        }
    }

    /// What is wrong with the rules themselves, by field.
    pub fn faults(&self) -> Vec<FieldFault> {
        let mut faults = Vec::new();
        let mut told = |wrong: bool, field: &str, message: &str| {
            if wrong {
                faults.push(FieldFault::at(field, "out_of_range", message));
            }
        };
        let out = |months: Option<u32>| months.is_some_and(|months| !(1..=LONGEST_TERM).contains(&months));
        told(out(self.min_months), "min_months", "Enter 1 to 120 months.");
        told(out(self.max_months), "max_months", "Enter 1 to 120 months.");
        told(out(self.step_months), "step_months", "Enter 1 to 120 months.");
        let crossed = self.max_months.is_some_and(|most| most < self.least());
        told(
            crossed,
            "max_months",
            "The longest term is shorter than the shortest.",
        );
        told(
            self.grace_days > MOST_GRACE_DAYS,
            "grace_days",
            "Enter 0 to 90 days.",
        );
        faults
    }
}

/// The last day, which is included, of a term that begins on `first`: three months from 15 January end on 14 April.
/// `None` where the calendar ends.
pub fn last_day_of_term(first: NaiveDate, months: u32) -> Option<NaiveDate> {
    first.checked_add_months(Months::new(months))?.pred_opt()
}

/// The last day of a term of so many months that is added after those that are there, of which the first one comes first.
/// As [`last_day_of_term`], but a term that goes on where another ended is counted from the first of them: months that are
/// added one by one from 31 January last as long as all of them at once, though February is shorter. `None` where the
/// calendar ends.
pub fn last_day_of_further_term(
    before: impl IntoIterator<Item = DateRange>,
    first: NaiveDate,
    months: u32,
) -> Option<NaiveDate> {
    let mut row = None;
    for term in before {
        row = Some((counted_from(row, term.start), term.end));
    }
    let from = counted_from(row, first);
    last_day_of_term(from, months_apart(from, first).checked_add(months)?)
}

/// The day from which a term that begins on `first` is counted, after terms that are counted from a day and end before
/// another. A term that was cut, or one after a gap, begins anew.
fn counted_from(row: Option<(NaiveDate, NaiveDate)>, first: NaiveDate) -> NaiveDate {
    let goes_on = |(from, until): &(NaiveDate, NaiveDate)| {
        let months = Months::new(months_apart(*from, first));
        *until == first && from.checked_add_months(months) == Some(first)
    };
    row.filter(goes_on).map_or(first, |(from, _)| from)
}

/// The last day of a term from `first` to `last` in a project that ends on `project_end`: it is cut there, so that nobody
/// pays for days that cannot be had. Where nothing is left of it, the day before its first.
pub fn last_day_in_project(first: NaiveDate, last: NaiveDate, project_end: Option<NaiveDate>) -> NaiveDate {
    let before = first.pred_opt().unwrap_or(first);
    project_end.map_or(last, |end| last.min(end.max(before)))
}

/// The last day until which something that ended on `last_day` is kept.
pub fn last_day_of_grace(last_day: NaiveDate, grace_days: u32) -> NaiveDate {
    last_day
        .checked_add_days(Days::new(grace_days.into()))
        .unwrap_or(last_day)
}

/// A term that was paid for, or is to be when it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Term {
    /// First day.
    pub first_day: NaiveDate,
    /// Last day, which is included.
    pub last_day: NaiveDate,
}

/// The window in which use of a prepaid limit is counted on `day`: the limit's period, from the start of the term on and
/// cut at its end; the whole term for a total. `every` is the limit's period in its plan. `None` for a day outside the
/// term.
pub fn prepaid_window(every: BillingPeriod, term: DateRange, day: NaiveDate) -> Option<DateRange> {
    if !term.contains(day) {
        return None;
    }
    match every {
        BillingPeriod::Once => Some(term),
        BillingPeriod::Hour => BillingPeriod::Day.containing(day),
        _ => every.in_term(term, day)?.intersect(term),
    }
}

/// A renewal: another term for a resource that is paid up front.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RenewDraft {
    /// The resource.
    pub resource_id: ResourceId,
    /// How many months are added.
    pub months: u32,
}

text_enum! {
    /// How the end of something can be moved.
    Extension {
        /// By an order for another term, which is paid up front.
        Renew = "renew", "Renew";
        /// By choosing another last day, which costs nothing by itself.
        ChangeEnd = "change_end", "Change the last day";
        /// By choosing another last day for the project.
        ChangeProject = "change_project", "Change the project's last day";
    }
}

/// How long a resource lasts, in the days of its buyer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Lifetime {
    /// The first day; none before it is in use.
    pub first_day: Option<NaiveDate>,
    /// The last day, its own or its project's, whichever comes first; none where it goes on until somebody ends it.
    pub last_day: Option<NaiveDate>,
    /// Days from today to the last one; negative when it is over.
    pub days_left: Option<i64>,
    /// It is ended in the night after this day: the last one and the days of grace.
    pub ended_after: Option<NaiveDate>,
    /// What moves the last day.
    pub extension: Extension,
    /// Its terms, the first one first; none where nothing is paid up front.
    pub terms: Vec<Term>,
    /// First day of a term that would be added now.
    pub next_term: NaiveDate,
    /// What terms can be chosen.
    pub rules: DurationRules,
    /// The actor may extend it now.
    pub can_extend: bool,
    /// Where an order for another term stands that is not over; none without such an order.
    #[serde(default)]
    pub renewal: Option<OrderState>,
}

text_enum! {
    /// What ends.
    EndingKind {
        /// A resource.
        Resource = "resource", "Resource";
        /// A project, with everything in it.
        Project = "project", "Project";
    }
}

/// Something that ends within 30 days, or has ended and is kept for the days of grace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct EndingSoon {
    /// What ends.
    pub kind: EndingKind,
    /// The resource; none for a project.
    pub resource_id: Option<ResourceId>,
    /// The project, or the one that the resource is in.
    pub project_id: ProjectId,
    /// Name of what ends.
    pub name: String,
    /// Name of the project.
    pub project_name: String,
    /// The last day.
    pub last_day: NaiveDate,
    /// Days from today to it; negative when it is over.
    pub days_left: i64,
    /// It is ended in the night after this day.
    pub ended_after: NaiveDate,
    /// What moves it.
    pub extension: Extension,
    /// The actor can do that now.
    pub can_extend: bool,
    /// Of a resource, where an order for another term stands that is not over; none without such an order.
    #[serde(default)]
    pub renewal: Option<OrderState>,
}

/// How many days before an end a notice is given, the latest first.
pub const NOTICE_DAYS: [u32; 3] = [1, 7, 30];

/// The notice that is due when so many days are left: the latest that has come. `None` long before, and after the end.
pub fn notice_due(days_left: i64) -> Option<u32> {
    let come = |days: &&u32| days_left <= i64::from(**days);
    NOTICE_DAYS.iter().find(come).copied().filter(|_| days_left >= 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_last_day_of_a_term_is_included() {
        assert_eq!(last_day_of_term(day("2026-01-15"), 3), Some(day("2026-04-14")));
        assert_eq!(last_day_of_term(day("2026-02-01"), 1), Some(day("2026-02-28")));
        assert_eq!(last_day_of_term(day("2026-01-31"), 1), Some(day("2026-02-27")));
    }

    #[test]
    fn months_one_by_one_last_as_long_as_all_of_them_at_once() {
        let mut terms: Vec<DateRange> = Vec::new();
        let mut lasts = Vec::new();
        for _ in 0..4 {
            let first = terms.last().map_or(day("2026-01-31"), |term| term.end);
            let last = last_day_of_further_term(terms.iter().copied(), first, 1).unwrap();
            terms.push(DateRange::new(first, last.succ_opt().unwrap()).unwrap());
            lasts.push(last.to_string());
        }
        assert_eq!(lasts, ["2026-02-27", "2026-03-30", "2026-04-29", "2026-05-30"]);
        let whole = last_day_of_term(day("2026-01-31"), 4);
        assert_eq!(whole, terms.last().and_then(|term| term.end.pred_opt()));
    }

    #[test]
    fn a_term_after_a_gap_or_a_cut_is_counted_from_its_own_first_day() {
        let from_the_31st = DateRange::new(day("2026-01-31"), day("2026-02-28")).unwrap();
        let last = |before, first| last_day_of_further_term([before], day(first), 1);
        assert_eq!(last(from_the_31st, "2026-02-28"), Some(day("2026-03-30")));
        assert_eq!(last(from_the_31st, "2026-04-30"), Some(day("2026-05-29")));
        let cut = DateRange::new(day("2026-01-31"), day("2026-02-20")).unwrap();
        assert_eq!(last(cut, "2026-02-20"), Some(day("2026-03-19")));
    }

    #[test]
    fn use_in_a_term_that_follows_one_from_the_31st_is_counted_to_the_31st() {
        let term = DateRange::new(day("2026-02-28"), day("2026-04-30")).unwrap();
        let window = |on| prepaid_window(BillingPeriod::Month, term, day(on)).unwrap();
        assert_eq!(window("2026-03-30").end, day("2026-03-31"));
        assert_eq!(
            window("2026-03-31"),
            DateRange::new(day("2026-03-31"), day("2026-04-30")).unwrap()
        );
    }

    #[test]
    fn terms_are_within_bounds_and_on_steps() {
        let rules = DurationRules {
            min_months: Some(3),
            max_months: Some(12),
            step_months: Some(3),
            grace_days: 0,
        };
        let codes = [2, 3, 4, 12, 15].map(|months| rules.check_months(months).err().map(TermFault::code));
        assert_eq!(
            codes,
            [Some("too_small"), None, Some("off_step"), None, Some("too_large")]
        );
        assert_eq!(DurationRules::default().check_months(1), Ok(()));
        assert_eq!(
            DurationRules::default().check_months(0),
            Err(TermFault::TooShort(1))
        );
        assert!(rules.faults().is_empty());
        let wrong = DurationRules {
            max_months: Some(2),
            grace_days: 91,
            ..rules
        };
        let fields: Vec<String> = wrong.faults().into_iter().map(|fault| fault.path).collect();
        assert_eq!(fields, ["max_months", "grace_days"]);
    }

    #[test]
    fn use_of_a_prepaid_limit_is_counted_from_the_start_of_the_term() {
        let term = DateRange::new(day("2026-01-15"), day("2026-04-10")).unwrap();
        let window = |period, at| {
            prepaid_window(period, term, day(at))
                .map(|window| (window.start.to_string(), window.end.to_string()))
        };
        let range = |from: &str, until: &str| Some((from.to_owned(), until.to_owned()));
        assert_eq!(
            window(BillingPeriod::Month, "2026-02-14"),
            range("2026-01-15", "2026-02-15")
        );
        assert_eq!(
            window(BillingPeriod::Month, "2026-04-01"),
            range("2026-03-15", "2026-04-10")
        );
        assert_eq!(
            window(BillingPeriod::Once, "2026-04-01"),
            range("2026-01-15", "2026-04-10")
        );
        assert_eq!(window(BillingPeriod::Month, "2026-04-10"), None);
    }

    #[test]
    fn each_notice_is_due_from_its_day_on_until_the_next() {
        let due = [31, 30, 8, 7, 2, 1, 0, -1].map(notice_due);
        assert_eq!(
            due,
            [None, Some(30), Some(30), Some(7), Some(7), Some(1), Some(1), None]
        );
    }
}
