//! What stands in a form now.

use wasm_bindgen::JsCast;
use web_sys::{FormData, HtmlFormElement};

use super::dom;

/// The form with this id.
pub(super) fn find_form(id: &str) -> Option<HtmlFormElement> {
    dom::document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The texts that the form would send under `name`.
pub(super) fn values(form: &HtmlFormElement, name: &str) -> Vec<String> {
    let Ok(data) = FormData::new_with_form(form) else {
        return Vec::new();
    };
    data.get_all(name).iter().map(|value| dom::text(&value)).collect()
}
