use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;

use super::field::field_id;
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

/// Stands first in a refused form: what is wrong, each with a link to its field. Takes the focus when the page opens.
#[component]
pub fn ErrorSummary(
    errors: Vec<FieldError>,
    #[prop(default = "Nothing was saved yet. Please correct this:".to_string(), into)] title: String,
) -> impl IntoView {
    if !errors.is_empty() {
        refusal_is_shown();
    }
    (!errors.is_empty()).then(|| {
        let lines = errors
            .into_iter()
            .map(|error| {
                let target = if error.field.is_empty() { None } else { Some(format!("#{}", field_id(&error.field))) };
                view! {
                    <li>
                        {match target {
                            Some(href) => view! { <a href=href>{error.message}</a> }.into_any(),
                            None => view! { <span>{error.message}</span> }.into_any(),
                        }}
                    </li>
                }
            })
            .collect_view();
        view! {
            <div class="error-summary" role="alert" tabindex="-1" data-error-summary="" aria-labelledby="error-summary-title">
                <h2 id="error-summary-title">{title}</h2>
                <ul>{lines}</ul>
            </div>
        }
    })
    .into_any()
}
