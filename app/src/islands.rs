//! What needs the browser. `Behaviours` is one island for the whole page: it listens at the document and acts on `data-`
//! attributes that components write, so that pages stay plain HTML and pay for each behaviour once. Islands with a state of
//! their own (a calculator, a request form) stand in files beside it and are used by the pages that need them.

#[cfg(feature = "hydrate")]
mod combo;
#[cfg(feature = "hydrate")]
mod copy;
#[cfg(feature = "hydrate")]
mod dom;
#[cfg(feature = "hydrate")]
mod fields;
#[cfg(feature = "hydrate")]
mod forms;
#[cfg(feature = "hydrate")]
mod keys;
#[cfg(feature = "hydrate")]
mod live;
mod live_quote;
mod live_validation;
#[cfg(feature = "hydrate")]
mod menus;
#[cfg(feature = "hydrate")]
mod palette;
#[cfg(feature = "hydrate")]
mod picks;
#[cfg(feature = "hydrate")]
mod reading;
#[cfg(feature = "hydrate")]
mod remarks;
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
    forms::install();
    fields::install();
    picks::install();
    copy::install();
    theme::install();
    palette::install();
    keys::install();
    combo::install();
    live::install();
    if let Some(root) = dom::document().and_then(|document| document.document_element()) {
        dom::set(&root, "data-scripts", "");
    }
}
