//! What a draft must satisfy beside access. Every check adds to one list, so that all faults are shown at once.

use chrono::{Days, NaiveDate};
use entity::{offering, plan, project};
use model::{FieldFault, PricedComponent};

use super::OrderingError;
use crate::check::Check;

/// The longest name of a resource, in characters.
pub(super) const NAME: usize = 100;
/// The most faults that are told at once; the rest of a hopeless draft helps nobody.
const MOST: usize = 100;
/// An end date may lie this many days ahead at most: a hundred years.
const FARTHEST: u64 = 36_525;

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

/// The last day is in the future, real, and within the project; a prepaid term needs one.
pub(super) fn check_end(
    check: &mut Check,
    end: Option<NaiveDate>,
    today: NaiveDate,
    project: Option<&project::Model>,
    components: &[PricedComponent],
) {
    let Some(end) = end else {
        if components.iter().any(|component| component.terms.prepaid) {
            let message = "Choose an end date: this plan is paid up front for the whole term.";
            check.fault("end_date", "required", message);
        }
        return;
    };
    let last = project.and_then(|project| project.end_date);
    if end <= today {
        check.fault("end_date", "past", "Choose a day after today.");
    } else if today
        .checked_add_days(Days::new(FARTHEST))
        .is_some_and(|farthest| end > farthest)
    {
        check.fault(
            "end_date",
            "too_far",
            "Choose a day within the next hundred years.",
        );
    } else if let Some(last) = last.filter(|last| end > *last) {
        let message = format!(
            "The project ends on {}. Choose that day or an earlier one.",
            last.format("%-d %B %Y")
        );
        check.fault("end_date", "after_project", message);
    }
}

/// A comment or reason at `path`, trimmed.
pub(super) fn comment(path: &str, text: &str, required: bool) -> Result<String, OrderingError> {
    crate::check::reason(path, text, required).map_err(invalid)
}
