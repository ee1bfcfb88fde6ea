//! Whether a link may be shown: what leads to a refusal for the reader is drawn as plain text.

use std::sync::Arc;

use leptos::prelude::use_context;

/// Tells whether an address opens for who reads the page. Given as context by whoever starts the rendering; without it every
/// address does.
#[derive(Clone)]
pub struct Opens(pub Arc<dyn Fn(&str) -> bool + Send + Sync>);

pub fn opens(href: &str) -> bool {
    use_context::<Opens>().is_none_or(|opens| (opens.0)(href))
}
