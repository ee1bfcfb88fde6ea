use model::{Action, OfferingDetail, OfferingId, Schema};

use super::FieldType;
use crate::routes;

/// Whose questions the builder changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Questions {
    /// Those that a buyer is asked.
    RequestForm,
    /// Those of the action with this key.
    OfAction(String),
}

impl Questions {
    /// Those of the action that a form names, or of the request form where it names none.
    pub fn named(action: &str) -> Self {
        if action.is_empty() {
            Self::RequestForm
        } else {
            Self::OfAction(action.to_owned())
        }
    }

    /// The hidden fields with which a form says that they are these.
    pub fn reference(&self) -> Vec<(&str, &str)> {
        match self {
            Self::RequestForm => Vec::new(),
            Self::OfAction(key) => vec![("action", key)],
        }
    }

    /// The page on which the builder of them stands.
    pub fn page(&self, offering: OfferingId) -> String {
        match self {
            Self::RequestForm => routes::offering_step(offering, "form"),
            Self::OfAction(key) => routes::offering_action(offering, key),
        }
    }

    /// The questions as they are stored; none where there is no such action.
    pub fn of(&self, offering: &OfferingDetail) -> Option<Schema> {
        match self {
            Self::RequestForm => Some(offering.request_form.clone()),
            Self::OfAction(key) => own_action(offering, key).map(|action| action.input.clone()),
        }
    }

    /// Whether they can be of this type. What is done by hand is read by several people, so actions ask for no secrets.
    pub fn takes(&self, kind: FieldType) -> bool {
        match self {
            Self::RequestForm => true,
            Self::OfAction(_) => kind != FieldType::Secret,
        }
    }
}

/// The action with this key that the provider defined.
pub fn own_action<'a>(offering: &'a OfferingDetail, key: &str) -> Option<&'a Action> {
    offering.actions.iter().find(|action| action.key == key)
}
