//! Changing the actions that a provider defines for what it delivers by hand.

use domain::access::Actor;
use model::{Action, OfferingId};

use super::{invalid, load_offering, revision, shift};
use crate::{
    error::AppError,
    form::FormFields,
    offering_form,
    ssr::{actor, domain, plugins},
};

/// Stores all of them, as they are to be.
pub(super) async fn store(
    (who, offering, revision): (&Actor, OfferingId, i32),
    actions: Vec<Action>,
) -> Result<(), AppError> {
    let (catalogue, plugins) = (domain()?.catalogue(), plugins()?);
    catalogue
        .set_actions(who, offering, actions, (&plugins, revision))
        .await?;
    Ok(())
}

/// Adds the action that the form describes, or puts it in the place of the one that the form names; what that asks for stays.
/// Answers its name.
pub async fn save(wanted: OfferingId, form: &FormFields) -> Result<String, AppError> {
    let (who, draft) = (actor()?, offering_form::action_draft(form)?);
    let offering = load_offering(&who, wanted).await?;
    let mut actions = offering.actions;
    let (title, at) = (draft.title.clone(), put(&mut actions, form.text("action"), draft));
    let stored = store((&who, offering.summary.id, revision(form)), actions).await;
    stored.map_err(|error| at_form(error, at))?;
    Ok(title)
}

/// Changes the order of the actions, or which there are; refused where the one that the form names is not there any more.
pub async fn change(
    wanted: OfferingId,
    form: &FormFields,
    change: impl FnOnce(&mut Vec<Action>, usize),
) -> Result<(), AppError> {
    let who = actor()?;
    let offering = load_offering(&who, wanted).await?;
    let mut actions = offering.actions;
    let named = form.text("action");
    let place = actions.iter().position(|action| action.key == named);
    change(&mut actions, place.ok_or_else(gone)?);
    store((&who, offering.summary.id, revision(form)), actions).await
}

/// Exchanges the action at this place with the one above or below it.
pub fn shift_action(actions: &mut [Action], at: usize, up: bool) {
    shift(actions, at, up);
}

/// The action that a form names is not there any more.
pub(super) fn gone() -> AppError {
    invalid(
        "action",
        "There is no such action any more. Look at the list of actions again.",
    )
}

/// Puts the action in the place of the one with this key, or at the end. Answers where it stands.
fn put(actions: &mut Vec<Action>, replaced: &str, draft: Action) -> usize {
    let taken = actions.iter().map(|one| one.key.clone());
    let taken = taken.filter(|key| key != replaced).collect();
    let key = if draft.key.is_empty() {
        offering_form::free_key(&draft.title, &taken)
    } else {
        draft.key.clone()
    };
    let action = Action { key, ..draft };
    let mut places = actions.iter_mut().enumerate();
    match places.find(|(_, one)| one.key == replaced) {
        Some((at, place)) => {
            let input = std::mem::take(&mut place.input);
            *place = Action { input, ..action };
            at
        }
        None => {
            actions.push(action);
            actions.len().saturating_sub(1)
        }
    }
}

/// `actions.2.title` is the form's `title`, when action 2 was changed. What is wrong with all of them has no field of its own.
fn at_form(error: AppError, changed: usize) -> AppError {
    let AppError(mut problem) = error;
    for fault in &mut problem.fields {
        let place = fault
            .path
            .strip_prefix("actions.")
            .and_then(|rest| rest.split_once('.'))
            .and_then(|(index, place)| Some((index.parse::<usize>().ok()?, place)));
        let path = match place {
            Some((index, place @ ("title" | "key" | "description" | "confirmation"))) if index == changed => {
                place
            }
            Some((index, _)) if index != changed => {
                fault.message = format!("Action {}: {}", index.saturating_add(1), fault.message);
                ""
            }
            _ => "",
        };
        fault.path = path.to_owned();
    }
    AppError(problem)
}

#[cfg(test)]
mod tests {
    use model::{Field, FieldFault, FieldKind, Problem, Schema};

    use super::*;

    #[test]
    fn an_action_that_is_changed_keeps_its_place_and_what_it_asks_for() {
        let input = Schema::new(vec![Field::new("size", "Size", FieldKind::Boolean)]);
        let mut all = vec![
            Action::new("restart", "Restart", "x").asking(input.clone()),
            Action::new("report", "Report", "x"),
        ];
        assert_eq!(put(&mut all, "restart", Action::new("", "Report", "y")), 0);
        let first = all.first().unwrap();
        assert_eq!((first.key.as_str(), &first.input), ("report_2", &input));
        assert_eq!(put(&mut all, "", Action::new("", "Report", "z")), 2);
        assert_eq!(all.last().unwrap().key, "report_3");
    }

    #[test]
    fn faults_stand_where_they_can_be_mended() {
        let fault = |path: &str| FieldFault::at(path, "x", "Wrong.");
        let faults = ["actions.1.title", "actions.0.key", "actions", "actions.1.input"].map(fault);
        let AppError(problem) = at_form(AppError(Problem::invalid(faults.to_vec())), 1);
        let told = problem
            .fields
            .iter()
            .map(|fault| (fault.path.as_str(), fault.message.as_str()));
        let wanted = [
            ("title", "Wrong."),
            ("", "Action 1: Wrong."),
            ("", "Wrong."),
            ("", "Wrong."),
        ];
        assert_eq!(told.collect::<Vec<_>>(), wanted);
    }
}
