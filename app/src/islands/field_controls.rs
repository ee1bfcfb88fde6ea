//! Small comforts of single fields: characters left, a password shown, one step more or less.

use js_sys::{Function, Reflect};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlTextAreaElement};

use super::dom::{all, announce, closest, on, set};

pub(super) fn install() {
    all("textarea[data-counted]").iter().for_each(show_length);
    on("input", |event: Event| {
        if let Some(field) = closest(&event, "textarea[data-counted]") {
            show_length(&field);
        }
    });
    on("click", |event: Event| {
        if let Some(button) = closest(&event, "[data-reveal]") {
            toggle_password(&button);
        }
        if let Some(button) = closest(&event, "[data-step-by]") {
            step_number(&button);
        }
    });
}

fn show_length(field: &Element) {
    let Some(area) = field.dyn_ref::<HtmlTextAreaElement>() else {
        return;
    };
    let shell = field.closest("[data-field]").ok().flatten();
    if let Some(note) = shell.and_then(|shell| shell.query_selector("[data-count]").ok().flatten()) {
        note.set_text_content(Some(&format!("{} of {}", area.text_length(), area.max_length())));
    }
}

fn neighbour(button: &Element) -> Option<HtmlInputElement> {
    button
        .parent_element()?
        .query_selector("input")
        .ok()??
        .dyn_into()
        .ok()
}

fn toggle_password(button: &Element) {
    let Some(input) = neighbour(button) else { return };
    let shown = input.type_() == "text";
    input.set_type(if shown { "password" } else { "text" });
    set(button, "aria-pressed", if shown { "false" } else { "true" });
}

fn step_number(button: &Element) {
    let Some(input) = neighbour(button) else { return };
    let by = if button.get_attribute("data-step-by").as_deref() == Some("1") {
        "stepUp"
    } else {
        "stepDown"
    };
    let method = Reflect::get(&input, &by.into())
        .ok()
        .and_then(|method| method.dyn_into::<Function>().ok());
    // A step of "any" cannot be stepped; the browser refuses and the value stays.
    if method.is_some_and(|method| method.call0(&input).is_ok()) {
        announce(&input, "input");
        announce(&input, "change");
    }
}
