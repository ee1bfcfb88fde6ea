use leptos::prelude::*;

use super::field::field_id;

/// One refused field and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// Stands first in a refused form: what is wrong, each with a link to its field. Takes the focus when the page opens.
#[component]
pub fn ErrorSummary(
    errors: Vec<FieldError>,
    #[prop(default = "Nothing was saved yet. Please correct this:".to_string(), into)] title: String,
) -> impl IntoView {
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
