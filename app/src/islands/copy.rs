//! Copies the value of a button to the clipboard and says so.

use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;
use web_sys::Event;

use super::dom::{after, closest, on, set, toast, unset, window};

pub(super) fn install() {
    on("click", |event: Event| {
        let Some(button) = closest(&event, "[data-copy]") else {
            return;
        };
        let value = button.get_attribute("data-copy").unwrap_or_default();
        let Some(window) = window() else { return };
        // Over plain HTTP browsers offer no clipboard.
        if !window.is_secure_context() {
            toast("Your browser does not let this page copy. Select the text instead.");
            return;
        }
        let written = window.navigator().clipboard().write_text(&value);
        spawn_local(async move {
            if JsFuture::from(written).await.is_err() {
                toast("Your browser did not let this page copy.");
                return;
            }
            toast("Copied");
            set(&button, "data-copied", "");
            after(2_000, move || unset(&button, "data-copied"));
        });
    });
}
