//! Menus close when one looks elsewhere; messages go when dismissed.

use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, Node};

use super::dom::{all, closest, find, focus, on, unset};

pub(super) fn install() {
    on("click", |event: Event| {
        dismiss(&event);
        let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
        let inside_item = closest(&event, ".menu-item").is_some();
        for menu in all("details[data-menu][open]") {
            if inside_item || !menu.contains(target.as_ref()) {
                unset(&menu, "open");
            }
        }
    });
    on("keydown", |event: KeyboardEvent| {
        if event.key() != "Escape" {
            return;
        }
        if let Some(menu) = find("details[data-menu][open]") {
            unset(&menu, "open");
            if let Ok(Some(summary)) = menu.query_selector("summary") {
                focus(&summary);
            }
        }
    });
}

fn dismiss(event: &Event) {
    if closest(event, "[data-dismiss]").is_some()
        && let Some(message) = closest(event, "[data-dismissable]")
    {
        message.remove();
    }
}
