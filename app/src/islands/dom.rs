//! The few steps of the browser's document model that the behaviours share.

use wasm_bindgen::{JsCast, JsValue, closure::Closure, convert::FromWasmAbi};
use web_sys::{Document, Element, Event, EventTarget, HtmlElement, NodeList, Window};

pub(super) fn window() -> Option<Window> {
    web_sys::window()
}

pub(super) fn document() -> Option<Document> {
    window()?.document()
}

/// Listens for as long as the page lives.
pub(super) fn listen<E: FromWasmAbi + 'static>(
    target: &EventTarget,
    event: &str,
    handler: impl FnMut(E) + 'static,
) {
    let closure = Closure::<dyn FnMut(E)>::new(handler);
    // Fails only for a detached target, which then has nothing to say anyway.
    let _ = target.add_event_listener_with_callback(event, closure.as_ref().unchecked_ref());
    closure.forget();
}

/// Listens at the document: one listener serves all elements, also those that come later.
pub(super) fn on<E: FromWasmAbi + 'static>(event: &str, handler: impl FnMut(E) + 'static) {
    if let Some(document) = document() {
        listen(&document, event, handler);
    }
}

pub(super) fn after(milliseconds: i32, run: impl FnOnce() + 'static) {
    if let Some(window) = window() {
        let callback = Closure::once_into_js(run);
        let _ = window
            .set_timeout_with_callback_and_timeout_and_arguments_0(callback.unchecked_ref(), milliseconds);
    }
}

/// The nearest element at or above the event's target that matches.
pub(super) fn closest(event: &Event, selector: &str) -> Option<Element> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest(selector).ok().flatten()
}

pub(super) fn find(selector: &str) -> Option<Element> {
    document()?.query_selector(selector).ok().flatten()
}

pub(super) fn all(selector: &str) -> Vec<Element> {
    document()
        .and_then(|document| document.query_selector_all(selector).ok())
        .map(elements)
        .unwrap_or_default()
}

pub(super) fn all_in(root: &Element, selector: &str) -> Vec<Element> {
    root.query_selector_all(selector)
        .map(elements)
        .unwrap_or_default()
}

fn elements(list: NodeList) -> Vec<Element> {
    (0..list.length())
        .filter_map(|at| list.item(at)?.dyn_into().ok())
        .collect()
}

pub(super) fn set(element: &Element, name: &str, value: &str) {
    // Refused only for names that are no names; ours are constants.
    let _ = element.set_attribute(name, value);
}

pub(super) fn unset(element: &Element, name: &str) {
    let _ = element.remove_attribute(name);
}

pub(super) fn focus(element: &Element) {
    if let Some(element) = element.dyn_ref::<HtmlElement>() {
        let _ = element.focus();
    }
}

/// An element with a class and a text.
pub(super) fn make(tag: &str, class: &str, text: &str) -> Option<Element> {
    let element = document()?.create_element(tag).ok()?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    element.set_text_content(Some(text));
    Some(element)
}

/// Tells others that a field was changed by us and not by a key.
pub(super) fn announce(element: &Element, name: &str) {
    let init = web_sys::EventInit::new();
    init.set_bubbles(true);
    if let Ok(event) = Event::new_with_event_init_dict(name, &init) {
        let _ = element.dispatch_event(&event);
    }
}

/// Opens a popover that is closed; an open one stays.
pub(super) fn open_popover(selector: &str) {
    if let Some(element) = find(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.show_popover();
    }
}

pub(super) fn close_popover(selector: &str) {
    if let Some(element) = find(selector).and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.hide_popover();
    }
}

/// A short message at the foot of the page, read out as well.
pub(super) fn toast(text: &str) {
    let Some((tray, note)) = find("#toasts").zip(make("p", "toast", text)) else {
        return;
    };
    if tray.append_child(&note).is_ok() {
        after(3_000, move || note.remove());
    }
}

pub(super) fn text(value: &JsValue) -> String {
    value.as_string().unwrap_or_default()
}
