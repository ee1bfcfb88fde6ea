//! Forms send once, ask before what was typed is lost, and lead to what is wrong.

use wasm_bindgen::JsCast;
use web_sys::{BeforeUnloadEvent, Element, Event, HtmlElement, HtmlFormElement, SubmitEvent};

use super::dom::{after, all, closest, find, focus, listen, on, set, unset, window};

/// After this time a form may be sent again: its answer may have been a download, which leaves the page as it is.
const RESUBMIT_AFTER_MS: i32 = 15_000;

/// Marks where a choice is being acted on. Without it the button that does so by hand stays: somebody chose before this program
/// was there.
const ACTED: &str = "data-acted";

pub(super) fn install() {
    on("submit", submit_once);
    on("input", |event: Event| {
        if let Some(form) = closest(&event, "form[data-guard]") {
            set(&form, "data-dirty", "");
        }
    });
    on("change", |event: Event| {
        if let Some(form) =
            closest(&event, "form[data-auto]").and_then(|form| form.dyn_into::<HtmlFormElement>().ok())
        {
            set(&form, ACTED, "");
            let _ = form.request_submit();
        }
        press_reload_button(&event);
    });
    if let Some(window) = window() {
        listen(&window, "beforeunload", |event: BeforeUnloadEvent| {
            if find("form[data-dirty]").is_some() {
                event.prevent_default();
            }
        });
        // The back button may show this page as it was left, with its buttons still busy.
        listen(&window, "pageshow", |_: Event| {
            all("form[data-sent]").iter().for_each(allow_resubmit);
            for part in all("[data-acted]") {
                unset(&part, ACTED);
            }
        });
    }
    if let Some(summary) = find("[data-error-summary]") {
        focus(&summary);
    }
}

/// Where another choice changes what a form asks, choosing presses the button that shows it.
fn press_reload_button(event: &Event) {
    let Some(part) = closest(event, "[data-choose]") else {
        return;
    };
    let button = part.get_attribute("data-choose");
    if let Some(button) = button.and_then(|id| find(&format!("#{id}")))
        && let Some(button) = button.dyn_ref::<HtmlElement>()
    {
        set(&part, ACTED, "");
        button.click();
    }
}

fn submit_once(event: SubmitEvent) {
    let Some(form) = closest(&event, "form[data-post]") else {
        return;
    };
    if event.default_prevented() {
        return;
    }
    if form.has_attribute("data-sent") {
        event.prevent_default();
        return;
    }
    set(&form, "data-sent", "");
    unset(&form, "data-dirty");
    if let Some(button) = event.submitter() {
        set(&button, "aria-busy", "true");
    }
    after(RESUBMIT_AFTER_MS, move || allow_resubmit(&form));
}

fn allow_resubmit(form: &Element) {
    unset(form, "data-sent");
    for button in super::dom::all_in(form, "[aria-busy]") {
        unset(&button, "aria-busy");
    }
}
