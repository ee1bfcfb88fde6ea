//! What a draft must satisfy beside access. Every check adds to one list, so that all faults are shown at once.

use chrono::NaiveDate;
use entity::{offering, plan, project};
use model::{DaysAround, DurationRules, FieldFault, PricedComponent, RequestedDays};

use super::OrderingError;
use crate::check::Check;

/// The longest name of a resource, in characters.
pub(super) const NAME: usize = 100;
/// The most faults that are told at once; the rest of a hopeless draft helps nobody.
const MOST: usize = 100;

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

/// The days for which it is ordered: the first, and the last one where there is one.
pub(super) fn check_duration(
    check: &mut Check,
    asked: RequestedDays,
    today: NaiveDate,
    project: Option<&project::Model>,
    components: &[PricedComponent],
    rules: &DurationRules,
) -> (NaiveDate, Option<NaiveDate>) {
    let (days, faults) = asked.checked(DaysAround {
        today,
        project_end: project.and_then(|project| project.end_date),
        is_prepaid: components.iter().any(|component| component.terms.prepaid),
        rules,
    });
    check.extend(faults);
    days
}

/// A comment or reason at `path`, trimmed.
pub(super) fn comment(path: &str, text: &str, required: bool) -> Result<String, OrderingError> {
    crate::check::reason(path, text, required).map_err(invalid)
}
