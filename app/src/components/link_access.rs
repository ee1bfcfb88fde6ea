//! Whether a link may be shown: what leads to a refusal for the reader is drawn as plain text.

use std::sync::{Arc, Mutex, PoisonError};

use leptos::prelude::*;

/// Tells whether an address opens for who reads the page. Given as context by whoever starts the rendering; without it every
/// address does.
#[derive(Clone)]
pub struct LinkAccess(pub Arc<dyn Fn(&str) -> bool + Send + Sync>);

/// Where a reader who is refused a page goes on: words and addresses. Given as context by whoever starts the rendering, who
/// draws them if it comes to a refusal.
#[derive(Clone, Debug, Default)]
pub struct WaysOn(Arc<Mutex<Vec<(&'static str, String)>>>);

impl WaysOn {
    pub fn add(&self, words: &'static str, href: String) {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((words, href));
    }

    pub fn take(&self) -> Vec<(&'static str, String)> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub fn can_open(href: &str) -> bool {
    use_context::<LinkAccess>().is_none_or(|access| (access.0)(href))
}

/// The name of a thing: a link to it where it opens for the reader, else the name alone.
pub fn link_or_text(href: String, name: String) -> AnyView {
    if can_open(&href) {
        view! { <a href=href>{name}</a> }.into_any()
    } else {
        name.into_any()
    }
}
