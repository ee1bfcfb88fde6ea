//! The days for which something is asked for: what an order form and the placing of an order both ask of them, so that no
//! price is shown for what would be refused.

use chrono::{Days, NaiveDate};

use crate::duration::{DurationRules, last_day_of_term};
use crate::problem::FieldFault;

/// An end date may lie this many days ahead at most: a hundred years.
const FARTHEST: u64 = 36_525;
/// A first day may lie this many days ahead at most.
const LATEST_START: u64 = 366;

/// How long something is to be had. What is paid up front has a term in months, anything else may have a last day.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct RequestedDays {
    /// The first day; today without.
    pub start_date: Option<NaiveDate>,
    /// The last day, which is included; open without.
    pub end_date: Option<NaiveDate>,
    /// The term.
    pub term_months: Option<u32>,
}

/// What the days are held against.
#[derive(Debug, Clone, Copy)]
pub struct DaysAround<'a> {
    /// The buyer's.
    pub today: NaiveDate,
    /// The project's last day, with which all in it ends.
    pub project_end: Option<NaiveDate>,
    /// Something of it is paid up front for a term.
    pub is_prepaid: bool,
    /// What terms can be chosen.
    pub rules: &'a DurationRules,
}

impl RequestedDays {
    /// The first day and the last one where there is one, and what is wrong with them, at `start_date`, `end_date` and
    /// `term_months`. Where a first day cannot be had, the nearest that can be stands in for it.
    pub fn checked(self, around: DaysAround<'_>) -> ((NaiveDate, Option<NaiveDate>), Vec<FieldFault>) {
        let mut faults = Vec::new();
        let start = first_day(self.start_date, around, &mut faults);
        let end = match (self.term_months, around.is_prepaid) {
            (None, true) => {
                let message = "Choose for how many months: this plan is paid up front for the whole term.";
                faults.push(FieldFault::at("term_months", "required", message));
                None
            }
            (Some(_), false) => {
                let message =
                    "Nothing of this plan is paid up front, so it has no term. Choose a last day instead.";
                faults.push(FieldFault::at("term_months", "not_possible", message));
                None
            }
            (None, false) => {
                let days = (start, around.today);
                faults.extend(end_fault("end_date", self.end_date, days, around.project_end));
                self.end_date
            }
            (Some(months), true) => {
                if self.end_date.is_some() {
                    let message = "The last day follows from the term. Leave it empty.";
                    faults.push(FieldFault::at("end_date", "not_possible", message));
                }
                faults.extend(months_fault("term_months", months, around.rules));
                let last = last_day_of_term(start, months);
                faults.extend(project_fault("term_months", last, around.project_end));
                last
            }
        };
        ((start, end), faults)
    }
}

/// That day, or today. It lies within the project.
fn first_day(start: Option<NaiveDate>, around: DaysAround<'_>, faults: &mut Vec<FieldFault>) -> NaiveDate {
    let today = around.today;
    let Some(start) = start else { return today };
    let farthest = today.checked_add_days(Days::new(LATEST_START)).unwrap_or(today);
    if start < today {
        faults.push(FieldFault::at(
            "start_date",
            "past",
            "Choose today or a later day.",
        ));
    }
    if start > farthest {
        let message = "Choose a day within the next year.";
        faults.push(FieldFault::at("start_date", "too_far", message));
    }
    if let Some(last) = around
        .project_end
        .filter(|last| start > *last && start <= farthest)
    {
        let message = format!(
            "The project ends on {}. Choose an earlier day, or extend the project first.",
            in_words(last)
        );
        faults.push(FieldFault::at("start_date", "after_project", message));
        return today;
    }
    start.clamp(today, farthest)
}

/// What is wrong with a term of so many months.
pub fn months_fault(path: &str, months: u32, rules: &DurationRules) -> Option<FieldFault> {
    let fault = rules.check_months(months).err()?;
    Some(FieldFault::at(path, fault.code(), fault.to_string()))
}

/// What is wrong with a last day: it is real, within the project, and not before `first`, the day on which it begins or
/// today. A last day counts whole, so it may be today, as a project's may.
pub fn end_fault(
    path: &str,
    end: Option<NaiveDate>,
    (first, today): (NaiveDate, NaiveDate),
    project_end: Option<NaiveDate>,
) -> Option<FieldFault> {
    let day = end?;
    if day < first {
        let message = if first == today {
            "Choose today or a later day.".to_owned()
        } else {
            format!("Choose the first day, {}, or a later one.", in_words(first))
        };
        return Some(FieldFault::at(path, "past", message));
    }
    let farthest = today.checked_add_days(Days::new(FARTHEST));
    if farthest.is_some_and(|farthest| day > farthest) {
        let message = "Choose a day within the next hundred years.";
        return Some(FieldFault::at(path, "too_far", message));
    }
    project_fault(path, end, project_end)
}

/// Nothing lasts longer than its project.
pub fn project_fault(
    path: &str,
    end: Option<NaiveDate>,
    project_end: Option<NaiveDate>,
) -> Option<FieldFault> {
    let (end, last) = (end?, project_end?);
    (end > last).then(|| {
        let message = format!(
            "It would end on {}, but the project ends on {}. Choose less, or extend the project first.",
            in_words(end),
            in_words(last)
        );
        FieldFault::at(path, "after_project", message)
    })
}

fn in_words(day: NaiveDate) -> String {
    day.format("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn told(asked: RequestedDays, is_prepaid: bool, project_end: Option<&str>) -> Vec<String> {
        let rules = DurationRules {
            max_months: Some(24),
            ..DurationRules::default()
        };
        let around = DaysAround {
            today: day("2026-11-10"),
            project_end: project_end.map(day),
            is_prepaid,
            rules: &rules,
        };
        let (_, faults) = asked.checked(around);
        faults
            .into_iter()
            .map(|fault| format!("{}: {}", fault.path, fault.code))
            .collect()
    }

    #[test]
    fn what_can_be_had_has_a_first_day_and_a_last_one() {
        let rules = DurationRules::default();
        let around = |is_prepaid| DaysAround {
            today: day("2026-11-10"),
            project_end: Some(day("2027-02-28")),
            is_prepaid,
            rules: &rules,
        };
        let term = RequestedDays {
            start_date: Some(day("2026-12-01")),
            term_months: Some(3),
            ..RequestedDays::default()
        };
        let end = Some(day("2027-02-28"));
        assert_eq!(term.checked(around(true)), ((day("2026-12-01"), end), vec![]));
        let open = RequestedDays::default();
        assert_eq!(open.checked(around(false)), ((day("2026-11-10"), None), vec![]));
    }

    #[test]
    fn every_fault_is_told_at_its_field() {
        let from = |start: &str| RequestedDays {
            start_date: Some(day(start)),
            ..RequestedDays::default()
        };
        let until = |end: &str| RequestedDays {
            end_date: Some(day(end)),
            ..RequestedDays::default()
        };
        let term = |months| RequestedDays {
            term_months: Some(months),
            ..RequestedDays::default()
        };
        let end = Some("2027-01-31");
        for (asked, is_prepaid, fault) in [
            (from("2026-11-09"), false, "start_date: past"),
            (from("2028-11-09"), false, "start_date: too_far"),
            (from("2027-02-01"), false, "start_date: after_project"),
            (until("2026-11-09"), false, "end_date: past"),
            (until("2200-01-01"), false, "end_date: too_far"),
            (until("2027-02-01"), false, "end_date: after_project"),
            (term(3), true, "term_months: after_project"),
            (term(3), false, "term_months: not_possible"),
            (from("2026-11-10"), true, "term_months: required"),
        ] {
            assert_eq!(told(asked, is_prepaid, end), [fault], "{asked:?}");
        }
        assert_eq!(told(term(25), true, None), ["term_months: too_large"]);
        let both = RequestedDays {
            end_date: Some(day("2026-12-31")),
            ..term(2)
        };
        assert_eq!(told(both, true, None), ["end_date: not_possible"]);
    }
}
