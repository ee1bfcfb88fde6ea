//! Light, dark, or as the system has it; kept in a cookie, so that the server draws the next page right from the start.

use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlDocument};

use super::dom::{closest, document, on, set, toast, unset, window};
use crate::theme_cookie;

pub(super) fn install() {
    on("click", |event: Event| {
        if closest(&event, "[data-theme-toggle]").is_some() {
            cycle_theme();
        }
    });
}

fn cycle_theme() {
    let Some(document) = document() else { return };
    let Some(root) = document.document_element() else {
        return;
    };
    let (next, words) = match root.get_attribute("data-theme").as_deref() {
        None => ("light", "Light"),
        Some("light") => ("dark", "Dark"),
        Some(_) => ("", "As your system has it"),
    };
    if next.is_empty() {
        unset(&root, "data-theme");
    } else {
        set(&root, "data-theme", next);
    }
    let protocol = window().and_then(|window| window.location().protocol().ok());
    let secure = protocol.as_deref() == Some("https:");
    if let Some(document) = document.dyn_ref::<HtmlDocument>() {
        // Without cookies the choice lasts for this page.
        let _ = document.set_cookie(&theme_cookie::set(next, secure));
    }
    toast(words);
}
