use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use leptos::prelude::*;

/// What the fields at fault are called, by their ids. Given as context by whoever starts the rendering: fields tell their
/// labels while they are made, and the summary, which stands before them, reads them when it is drawn.
#[derive(Clone, Debug, Default)]
pub struct FaultLabels(Arc<Mutex<BTreeMap<String, String>>>);

impl FaultLabels {
    fn add(&self, id: &str, label: &str) {
        let mut labels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        labels.insert(id.to_owned(), label.to_owned());
    }

    /// The message with the name of its field before it: "Name: Fill this in."
    pub(super) fn named(&self, id: &str, message: String) -> String {
        let labels = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match labels.get(id) {
            Some(label) => format!("{label}: {message}"),
            None => message,
        }
    }
}

/// A field with this id and label shows what is wrong with it.
pub(super) fn name_fault(id: &str, label: &str) {
    if let Some(labels) = use_context::<FaultLabels>() {
        labels.add(id, label);
    }
}
