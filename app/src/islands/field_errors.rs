//! What is wrong with a field, shown at the field as the server tells it: text, `aria-invalid` and `aria-describedby`.

use web_sys::Element;

use super::dom;
use crate::components::field_id;

/// Shows what is wrong with the field called `name`, or takes back what was shown.
pub(super) fn show(name: &str, message: Option<&str>) {
    let id = field_id(name);
    let Some(control) = by_id(&id) else { return };
    let error_id = format!("{id}-error");
    let shown = by_id(&error_id);
    match (message, shown) {
        (Some(message), Some(shown)) => {
            if shown.text_content().is_none_or(|text| !text.ends_with(message)) {
                fill(&shown, message);
            }
        }
        (Some(message), None) => add(&control, &id, message),
        (None, Some(shown)) => shown.remove(),
        (None, None) => return,
    }
    describe(&control, &id, message.is_some());
}

fn by_id(id: &str) -> Option<Element> {
    dom::document()?.get_element_by_id(id)
}

fn fill(shown: &Element, message: &str) {
    shown.set_text_content(None);
    let parts = [
        dom::make("span", "visually-hidden", "Error: "),
        dom::make("span", "", message),
    ];
    for part in parts.into_iter().flatten() {
        let _ = shown.append_child(&part);
    }
}

/// Below the label and its help, above the control, where the server puts it.
fn add(control: &Element, id: &str, message: &str) {
    let Some(shown) = dom::make("p", "field-error", "") else {
        return;
    };
    shown.set_id(&format!("{id}-error"));
    fill(&shown, message);
    let shell = control.closest("[data-field]").ok().flatten();
    let label = shell.and_then(|shell| shell.query_selector("legend, label").ok().flatten());
    if let Some(before) = by_id(&format!("{id}-help")).or(label) {
        let _ = before.insert_adjacent_element("afterend", &shown);
    }
}

fn describe(control: &Element, id: &str, is_wrong: bool) {
    let help = by_id(&format!("{id}-help")).map(|_| format!("{id}-help"));
    let error = is_wrong.then(|| format!("{id}-error"));
    let ids: Vec<String> = [error, help].into_iter().flatten().collect();
    if ids.is_empty() {
        dom::unset(control, "aria-describedby");
    } else {
        dom::set(control, "aria-describedby", &ids.join(" "));
    }
    if is_wrong {
        dom::set(control, "aria-invalid", "true");
    } else {
        dom::unset(control, "aria-invalid");
    }
}
