//! The command palette: everything that this page links to as a place, found as one types, and the marketplace's search.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, KeyboardEvent};

use super::dom::{all, all_in, close_popover, closest, find, focus, make, on, open_popover, set};

pub(super) fn install() {
    on("input", |event: Event| {
        if closest(&event, "#palette").is_some() {
            fill();
        }
    });
    on("keydown", |event: KeyboardEvent| {
        if closest(&event, "#palette").is_some() {
            move_by_key(&event);
        }
    });
}

pub(super) fn open() {
    open_popover("#palette");
    if let Some(field) = field() {
        field.set_value("");
        focus(&field);
    }
    fill();
}

fn field() -> Option<HtmlInputElement> {
    find("#palette input")?.dyn_into().ok()
}

fn fill() {
    let Some((list, field)) = find("#palette-list").zip(field()) else {
        return;
    };
    list.set_inner_html("");
    let typed = field.value();
    let words: Vec<String> = typed.split_whitespace().map(str::to_lowercase).collect();
    let mut seen = Vec::new();
    for link in all("[data-go]") {
        let label = label_of(&link);
        let address = link.get_attribute("href").unwrap_or_default();
        let kind = link.get_attribute("data-go").unwrap_or_default();
        let said = format!("{label} {kind}").to_lowercase();
        if words.iter().all(|word| said.contains(word)) && !seen.contains(&address) {
            let icon = link.query_selector("svg").ok().flatten();
            let _ = add(&list, &label, &kind, &address, icon);
            seen.push(address);
        }
    }
    if !typed.trim().is_empty() {
        let address = format!(
            "/marketplace?q={}",
            String::from(js_sys::encode_uri_component(typed.trim()))
        );
        let icon = find("#palette svg");
        let _ = add(
            &list,
            &format!("Search the marketplace for “{}”", typed.trim()),
            "",
            &address,
            icon,
        );
    }
    select(&list, 0);
}

/// The words of a link without its count.
pub(super) fn label_of(link: &Element) -> String {
    let name = link.query_selector(".sidebar-name, .clip").ok().flatten();
    let text = name.as_ref().unwrap_or(link).text_content().unwrap_or_default();
    let text = text.trim();
    if text.is_empty() {
        link.get_attribute("title").unwrap_or_default()
    } else {
        text.to_string()
    }
}

fn add(list: &Element, label: &str, kind: &str, address: &str, icon: Option<Element>) -> Option<()> {
    let item = make("a", "palette-item", "")?;
    set(&item, "href", address);
    set(&item, "role", "option");
    set(&item, "tabindex", "-1");
    set(&item, "id", &format!("palette-{}", list.child_element_count()));
    if let Some(icon) = icon.and_then(|icon| icon.clone_node_with_deep(true).ok()) {
        item.append_child(&icon).ok()?;
    }
    item.append_child(&*make("span", "", label)?).ok()?;
    if !kind.is_empty() {
        item.append_child(&*make("span", "", kind)?).ok()?;
    }
    list.append_child(&item).ok()?;
    Some(())
}

fn select(list: &Element, wanted: usize) {
    for (at, item) in all_in(list, ".palette-item").iter().enumerate() {
        set(item, "aria-selected", if at == wanted { "true" } else { "false" });
        if at == wanted {
            if let Some(field) = field() {
                set(&field, "aria-activedescendant", &item.id());
            }
            item.scroll_into_view_with_bool(false);
        }
    }
}

fn move_by_key(event: &KeyboardEvent) {
    let Some(list) = find("#palette-list") else { return };
    let items = all_in(&list, ".palette-item");
    let now = items
        .iter()
        .position(|item| item.get_attribute("aria-selected").as_deref() == Some("true"))
        .unwrap_or(0);
    let lowest = items.len().saturating_sub(1);
    match event.key().as_str() {
        "ArrowDown" => select(&list, if now == lowest { 0 } else { now + 1 }),
        "ArrowUp" => select(&list, if now == 0 { lowest } else { now - 1 }),
        "Enter" => {
            if let Some(item) = items.get(now).and_then(|item| item.dyn_ref::<HtmlElement>()) {
                close_popover("#palette");
                item.click();
            }
        }
        _ => return,
    }
    event.prevent_default();
}
