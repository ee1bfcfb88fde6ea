//! What needs the browser. `Behaviours` is one island for the whole page: it listens at the document and acts on `data-`
//! attributes that components write, so that pages stay plain HTML and pay for each behaviour once.

use leptos::prelude::*;

/// Stands once at the end of every page.
#[island]
pub fn Behaviours() -> impl IntoView {
    view! { <div class="toasts" id="toasts" role="status" aria-live="polite"></div> }
}
