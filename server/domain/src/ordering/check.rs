//! What a draft must satisfy beside access. Every check adds to one list, so that all faults are shown at once.

use chrono::{Days, NaiveDate};
use entity::{offering, plan, project};
use model::{DurationRules, FieldFault, PricedComponent, last_day_of_term};

use super::OrderingError;
use crate::check::Check;

/// The longest name of a resource, in characters.
pub(super) const NAME: usize = 100;
/// The most faults that are told at once; the rest of a hopeless draft helps nobody.
const MOST: usize = 100;
/// An end date may lie this many days ahead at most: a hundred years.
const FARTHEST: u64 = 36_525;
/// A first day may lie this many days ahead at most.
const LATEST_START: u64 = 366;

/// Everything was in order, or all that was not.
pub(super) fn end(check: Check) -> Result<(), OrderingError> {
    check.done().map_err(invalid)
}

/// The refusal over these faults.
pub(super) fn invalid(mut faults: Vec<FieldFault>) -> OrderingError {
    faults.truncate(MOST);
    OrderingError::Invalid(faults)
}

/// The plan, if it is one of the offering's and still sold.
pub(super) fn check_plan(
    check: &mut Check,
    plan: Option<plan::Model>,
    offering: &offering::Model,
) -> Option<plan::Model> {
    let plan = plan.filter(|plan| plan.offering_id == offering.id);
    let Some(plan) = plan else {
        check.fault(
            "plan_id",
            "unknown",
            format!("{} has no such plan. Choose one of its plans.", offering.name),
        );
        return None;
    };
    if plan.archived {
        let message = format!("The plan {} is no longer sold. Choose another one.", plan.name);
        check.fault("plan_id", "archived", message);
        return None;
    }
    Some(plan)
}

/// The version of the terms that was accepted; none where the offering has no terms.
pub(super) fn check_terms(
    check: &mut Check,
    accepted: Option<i32>,
    offering: &offering::Model,
) -> Option<i32> {
    if offering.terms_of_service.trim().is_empty() {
        return None;
    }
    match accepted {
        Some(version) if version == offering.terms_version => return Some(version),
        Some(_) => check.fault(
            "accepted_terms",
            "outdated",
            "The terms of service have changed in the meantime. Read them and accept them again.",
        ),
        None => check.fault(
            "accepted_terms",
            "required",
            "Accept the terms of service to order.",
        ),
    }
    None
}

/// How long something is to be had.
#[derive(Debug, Clone, Copy)]
pub(super) struct RequestedDuration {
    pub(super) start_date: Option<NaiveDate>,
    pub(super) end_date: Option<NaiveDate>,
    pub(super) term_months: Option<u32>,
}

/// The days for which it is ordered: the first, and the last one where there is one. What is paid up front has a term in
/// months, anything else may have a last day.
pub(super) fn check_duration(
    check: &mut Check,
    asked: RequestedDuration,
    today: NaiveDate,
    project: Option<&project::Model>,
    components: &[PricedComponent],
    rules: &DurationRules,
) -> (NaiveDate, Option<NaiveDate>) {
    let start = check_start(check, asked.start_date, today, project);
    let is_prepaid = components.iter().any(|component| component.terms.prepaid);
    let Some(months) = asked.term_months else {
        if is_prepaid {
            let message = "Choose for how many months: this plan is paid up front for the whole term.";
            check.fault("term_months", "required", message);
            return (start, None);
        }
        check_end(check, "end_date", asked.end_date, (start, today), project);
        return (start, asked.end_date);
    };
    if !is_prepaid {
        let message = "Nothing of this plan is paid up front, so it has no term. Choose a last day instead.";
        check.fault("term_months", "not_possible", message);
        return (start, None);
    }
    check.ensure(
        asked.end_date.is_none(),
        "end_date",
        "not_possible",
        "The last day follows from the term. Leave it empty.",
    );
    check_months(check, "term_months", months, rules);
    let last = last_day_of_term(start, months);
    check_within(check, "term_months", last, project);
    (start, last)
}

/// The first day: that day, or today. It lies within the project.
fn check_start(
    check: &mut Check,
    start: Option<NaiveDate>,
    today: NaiveDate,
    project: Option<&project::Model>,
) -> NaiveDate {
    let Some(start) = start else { return today };
    let farthest = today.checked_add_days(Days::new(LATEST_START)).unwrap_or(today);
    check.ensure(
        start >= today,
        "start_date",
        "past",
        "Choose today or a later day.",
    );
    check.ensure(
        start <= farthest,
        "start_date",
        "too_far",
        "Choose a day within the next year.",
    );
    let last = project.and_then(|project| project.end_date);
    if let Some(last) = last.filter(|last| start > *last && start <= farthest) {
        let message = format!(
            "The project ends on {}. Choose an earlier day, or extend the project first.",
            last.format("%-d %B %Y")
        );
        check.fault("start_date", "after_project", message);
        return today;
    }
    start.clamp(today, farthest)
}

/// A term that can be had.
pub(super) fn check_months(check: &mut Check, path: &str, months: u32, rules: &DurationRules) {
    if let Err(fault) = rules.check_months(months) {
        check.fault(path, fault.code(), fault.to_string());
    }
}

/// The last day is real, within the project, and not before `first`, the day on which it begins or today. A last day
/// counts whole, so it may be today, as a project's may.
pub(super) fn check_end(
    check: &mut Check,
    path: &str,
    end: Option<NaiveDate>,
    (first, today): (NaiveDate, NaiveDate),
    project: Option<&project::Model>,
) {
    let Some(day) = end else { return };
    if day < first {
        let message = if first == today {
            "Choose today or a later day.".to_owned()
        } else {
            format!(
                "Choose the first day, {}, or a later one.",
                first.format("%-d %B %Y")
            )
        };
        check.fault(path, "past", message);
    } else if today
        .checked_add_days(Days::new(FARTHEST))
        .is_some_and(|farthest| day > farthest)
    {
        check.fault(path, "too_far", "Choose a day within the next hundred years.");
    } else {
        check_within(check, path, end, project);
    }
}

/// Nothing lasts longer than its project.
pub(super) fn check_within(
    check: &mut Check,
    path: &str,
    end: Option<NaiveDate>,
    project: Option<&project::Model>,
) {
    let last = project.and_then(|project| project.end_date);
    if let (Some(end), Some(last)) = (end, last)
        && end > last
    {
        let message = format!(
            "It would end on {}, but the project ends on {}. Choose less, or extend the project first.",
            end.format("%-d %B %Y"),
            last.format("%-d %B %Y")
        );
        check.fault(path, "after_project", message);
    }
}

/// A comment or reason at `path`, trimmed.
pub(super) fn comment(path: &str, text: &str, required: bool) -> Result<String, OrderingError> {
    crate::check::reason(path, text, required).map_err(invalid)
}
