//! The keyboard: `/` to search, `g` and a letter to go, `?` for this list, Ctrl K for the palette.

use std::{cell::Cell, rc::Rc};

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

use super::{
    dom::{after, all, closest, find, focus, make, on, open_popover},
    palette,
};

/// How long `g` waits for its letter.
const SEQUENCE_TIMEOUT_MS: i32 = 1_500;

pub(super) fn install() {
    let waits_for_letter = Rc::new(Cell::new(false));
    on("keydown", move |event: KeyboardEvent| {
        let key = event.key();
        if (event.ctrl_key() || event.meta_key()) && key.eq_ignore_ascii_case("k") {
            event.prevent_default();
            palette::open();
            return;
        }
        if event.ctrl_key() || event.meta_key() || event.alt_key() || typing(&event) {
            return;
        }
        if waits_for_letter.replace(false) {
            if let Some(link) =
                find(&format!("[data-key={key:?}]")).and_then(|link| link.dyn_into::<HtmlElement>().ok())
            {
                event.prevent_default();
                link.click();
            }
            return;
        }
        match key.as_str() {
            "/" => {
                if let Some(field) = find("[data-search]") {
                    event.prevent_default();
                    focus(&field);
                }
            }
            "?" => open_shortcut_list(),
            "g" => {
                waits_for_letter.set(true);
                let waits_for_letter = Rc::clone(&waits_for_letter);
                after(SEQUENCE_TIMEOUT_MS, move || waits_for_letter.set(false));
            }
            _ => {}
        }
    });
    on("click", |event: Event| {
        if closest(&event, "[data-open-keys]").is_some() {
            open_shortcut_list();
        }
    });
}

fn typing(event: &Event) -> bool {
    closest(event, "input, textarea, select, [contenteditable]")
        .is_some_and(|field| !is_checkbox_or_radio(&field))
}

fn is_checkbox_or_radio(field: &Element) -> bool {
    matches!(field.get_attribute("type").as_deref(), Some("checkbox" | "radio"))
}

fn open_shortcut_list() {
    if let Some(list) = find("[data-keys-list]") {
        list.set_inner_html("");
        for link in all("[data-key]") {
            let _ = append_shortcut(&list, &link);
        }
    }
    open_popover("#keys");
}

fn append_shortcut(list: &Element, link: &Element) -> Option<()> {
    let label = palette::label_of(link);
    let meaning = make("dd", "", "")?;
    for key in ["g", &link.get_attribute("data-key")?] {
        meaning.append_child(&*make("kbd", "", key)?).ok()?;
    }
    list.append_child(&*make("dt", "", &label)?).ok()?;
    list.append_child(&meaning).ok()?;
    Some(())
}
