use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;

use super::{fault_labels::FaultLabels, field::field_id};
pub use crate::form::FieldError;

/// Refusals that a page was handed and has not drawn yet. Given as context by whoever starts the rendering, who says what is
/// left of them on top of the page: a form may not be there any more when its refusal is.
#[derive(Clone, Debug, Default)]
pub struct UnshownErrors(Arc<Mutex<Vec<String>>>);

impl UnshownErrors {
    pub fn add(&self, messages: impl IntoIterator<Item = String>) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend(messages);
    }

    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The page has drawn the refusal that it was handed.
pub fn refusal_is_shown() {
    if let Some(unshown) = use_context::<UnshownErrors>() {
        unshown.take();
    }
}

/// Stands first in a refused form: what is wrong, each with a link to its field and its name. Takes the focus when the page opens.
#[component]
pub fn ErrorSummary(
    errors: Vec<FieldError>,
    #[prop(default = "Nothing was saved yet. Please correct this:".to_string(), into)] title: String,
) -> impl IntoView {
    if !errors.is_empty() {
        refusal_is_shown();
    }
    (!errors.is_empty()).then(|| {
        let labels = use_context::<FaultLabels>().unwrap_or_default();
        let lines = errors.into_iter().map(|error| line(error, labels.clone())).collect_view();
        view! {
            <div class="error-summary" role="alert" tabindex="-1" data-error-summary="" aria-labelledby="error-summary-title">
                <h2 id="error-summary-title">{title}</h2>
                <ul>{lines}</ul>
            </div>
        }
    })
    .into_any()
}

fn line(error: FieldError, labels: FaultLabels) -> impl IntoView {
    let FieldError { field, message } = error;
    if field.is_empty() {
        return view! { <li><span>{message}</span></li> }.into_any();
    }
    let id = field_id(&field);
    let href = format!("#{id}");
    // Read only when it is drawn: the field is made after the summary.
    let text = move || labels.named(&id, message.clone());
    view! { <li><a href=href>{text}</a></li> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::components::TextField;

    #[test]
    fn the_summary_names_the_fields_that_come_after_it() {
        let owner = Owner::new();
        owner.set();
        provide_context(FaultLabels::default());
        let errors = ["name", "unit", ""].map(|field| FieldError::new(field, "Please fill this in."));
        let html = view! {
            <ErrorSummary errors=errors.to_vec()/>
            <TextField name="name" label="Name" error="Please fill this in."/>
            <TextField name="unit" label="Unit" error="Please fill this in."/>
        }
        .to_html();
        for said in [
            "Name: Please fill this in.",
            "Unit: Please fill this in.",
            "<span>Please fill this in.",
        ] {
            assert!(html.contains(said), "{said}: {html}");
        }
    }
}
