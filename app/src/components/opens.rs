//! Whether a link may be shown: what leads to a refusal for the reader is drawn as plain text.

use std::sync::Arc;

use leptos::prelude::*;

/// Tells whether an address opens for who reads the page. Given as context by whoever starts the rendering; without it every
/// address does.
#[derive(Clone)]
pub struct Opens(pub Arc<dyn Fn(&str) -> bool + Send + Sync>);

pub fn opens(href: &str) -> bool {
    use_context::<Opens>().is_none_or(|opens| (opens.0)(href))
}

/// The name of a thing: a link to it where it opens for the reader, else the name alone.
pub fn way(href: String, name: String) -> AnyView {
    if opens(&href) {
        view! { <a href=href>{name}</a> }.into_any()
    } else {
        name.into_any()
    }
}
