//! Follows the server on pages where one waits. The server stays the only one who draws: on a change the page is fetched
//! again and the live part is taken from it.

use std::{cell::Cell, rc::Rc};

use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DomParser, Element, Event, EventSource, MessageEvent, Response, SupportedType};

use super::dom::{after, all, document, find, listen, set, text, window};

/// After so many failures in a row the stream is given up and the page polled.
const MAX_FAILURES: u32 = 3;
const POLL_INTERVAL_MS: i32 = 10_000;
/// How often a part is looked at that waits for something short.
const SHORT_POLL_INTERVAL_MS: i32 = 1_500;

pub(super) fn install() {
    for part in all("[data-live]") {
        if let Some(address) = part.get_attribute("data-live")
            && let Ok(source) = EventSource::new(&address)
        {
            subscribe(&part, &source);
        }
    }
    for part in all("[data-polled]") {
        poll_while_waiting(part.id());
    }
}

fn subscribe(part: &Element, source: &EventSource) {
    let id = part.id();
    let failures = Rc::new(Cell::new(0));
    let id_changed = id.clone();
    listen(source, "changed", move |_: Event| refresh(id_changed.clone()));
    let (id_done, done) = (id.clone(), source.clone());
    listen(source, "done", move |_: Event| {
        done.close();
        refresh(id_done.clone());
    });
    let moving = part.clone();
    listen(source, "progress", move |event: MessageEvent| {
        show_progress(&moving, &text(&event.data()));
    });
    let opened = Rc::clone(&failures);
    listen(source, "open", move |_: Event| opened.set(0));
    let failing = source.clone();
    listen(source, "error", move |_: Event| {
        failures.set(failures.get() + 1);
        if failures.get() == MAX_FAILURES {
            failing.close();
            poll(id.clone());
        }
    });
}

/// Takes the part over again and again, until the server says that nothing is waited for.
fn poll_while_waiting(id: String) {
    after(SHORT_POLL_INTERVAL_MS, move || {
        spawn_local(async move {
            // A failed fetch leaves the page as it was; the next look tries again.
            let _ = replace_part(&id).await;
            if find(&format!("#{id} [data-polling]")).is_some() {
                poll_while_waiting(id);
            }
        });
    });
}

fn poll(id: String) {
    after(POLL_INTERVAL_MS, move || {
        refresh(id.clone());
        poll(id);
    });
}

fn refresh(id: String) {
    spawn_local(async move {
        // A failed fetch leaves the page as it was; the next event or poll tries again.
        let _ = replace_part(&id).await;
    });
}

async fn replace_part(id: &str) -> Option<()> {
    let window = window()?;
    let address = window.location().href().ok()?;
    let response: Response = JsFuture::from(window.fetch_with_str(&address))
        .await
        .ok()?
        .dyn_into()
        .ok()?;
    if !response.ok() {
        return None;
    }
    let page = text(&JsFuture::from(response.text().ok()?).await.ok()?);
    let page = DomParser::new()
        .ok()?
        .parse_from_string(&page, SupportedType::TextHtml)
        .ok()?;
    let fresh = page.get_element_by_id(id)?;
    document()?
        .get_element_by_id(id)?
        .set_inner_html(&fresh.inner_html());
    Some(())
}

/// `{"percent": 40, "text": "Creating account"}`
fn show_progress(part: &Element, data: &str) {
    let Ok(data) = js_sys::JSON::parse(data) else {
        return;
    };
    let field = |name: &str| js_sys::Reflect::get(&data, &name.into()).unwrap_or_default();
    if let (Some(percent), Ok(Some(bar))) = (
        field("percent").as_f64(),
        part.query_selector("[data-live-value]"),
    ) {
        set(&bar, "value", &percent.to_string());
    }
    if let (Some(words), Ok(Some(line))) =
        (field("text").as_string(), part.query_selector("[data-live-text]"))
    {
        line.set_text_content(Some(&words));
    }
}
