//! What needs the browser. `Behaviours` is one island for the whole page: it listens at the document and acts on `data-`
//! attributes that components write, so that pages stay plain HTML and pay for each behaviour once. Islands with a state of
//! their own (a calculator, a request form) stand in files beside it and are used by the pages that need them.

#[cfg(feature = "hydrate")]
mod combobox;
#[cfg(feature = "hydrate")]
mod copy;
#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod field_controls;
#[cfg(feature = "hydrate")]
mod field_errors;
#[cfg(feature = "hydrate")]
mod form_submission;
#[cfg(feature = "hydrate")]
mod form_values;
mod live_quote;
#[cfg(feature = "hydrate")]
mod live_updates;
mod live_validation;
#[cfg(feature = "hydrate")]
mod menus;
#[cfg(feature = "hydrate")]
mod palette;
#[cfg(feature = "hydrate")]
mod row_selection;
#[cfg(feature = "hydrate")]
mod shortcuts;
#[cfg(feature = "hydrate")]
mod theme;

use leptos::prelude::*;

pub use self::{live_quote::LiveQuote, live_validation::LiveValidation};

/// Stands once at the end of every page; draws only the tray for short messages.
#[island]
pub fn Behaviours() -> impl IntoView {
    #[cfg(feature = "hydrate")]
    install();
    view! { <div class="toasts" id="toasts" role="status" aria-live="polite"></div> }
}

#[cfg(feature = "hydrate")]
fn install() {
    menus::install();
    form_submission::install();
    field_controls::install();
    row_selection::install();
    copy::install();
    theme::install();
    palette::install();
    shortcuts::install();
    combobox::install();
    live_updates::install();
    if let Some(root) = dom::document().and_then(|document| document.document_element()) {
        dom::set(&root, "data-scripts", "");
    }
}
