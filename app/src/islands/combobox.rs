//! Puts a text field over a long select: entries are found as one types. The select stays in the form and keeps the value.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlOptionElement, HtmlSelectElement, KeyboardEvent};

use super::dom::{all, all_in, announce, listen, make, set, unset};

/// More matches than one reads; typing on narrows them down.
const MAX_OPTIONS: usize = 50;

#[derive(Clone)]
struct Combo {
    select: HtmlSelectElement,
    field: HtmlInputElement,
    list: Element,
}

pub(super) fn install() {
    for shell in all("[data-combo]") {
        let _ = attach(&shell);
    }
}

fn attach(shell: &Element) -> Option<()> {
    let select: HtmlSelectElement = shell.query_selector("select").ok()??.dyn_into().ok()?;
    if select.disabled() {
        return None;
    }
    let field: HtmlInputElement = make("input", "input", "")?.dyn_into().ok()?;
    let list = make("div", "combo-list", "")?;
    let id = select.id();
    list.set_id(&format!("{id}-options"));
    set(&list, "role", "listbox");
    set(&list, "hidden", "");
    for (name, value) in [
        ("role", "combobox"),
        ("autocomplete", "off"),
        ("aria-autocomplete", "list"),
        ("aria-expanded", "false"),
    ] {
        set(&field, name, value);
    }
    set(&field, "aria-controls", &list.id());
    for name in ["aria-describedby", "aria-invalid"] {
        if let Some(value) = select.get_attribute(name) {
            set(&field, name, &value);
        }
    }
    // The label and the error summary lead to the id: it goes to the field.
    select.set_id(&format!("{id}-value"));
    field.set_id(&id);
    set(&select, "hidden", "");
    field.set_placeholder(&first_text(&select));
    shell.insert_before(&field, Some(&select)).ok()?;
    shell.append_child(&list).ok()?;
    let combo = Combo { select, field, list };
    combo.restore();
    combo.listen();
    Some(())
}

fn first_text(select: &HtmlSelectElement) -> String {
    select
        .item(0)
        .and_then(|option| option.text_content())
        .unwrap_or_default()
}

impl Combo {
    fn listen(self) {
        let combo = self.clone();
        listen(&self.field, "input", move |_: Event| {
            combo.show_matches(&combo.field.value());
        });
        let combo = self.clone();
        listen(&self.field, "focus", move |_: Event| {
            combo.field.select();
            combo.show_matches("");
        });
        let combo = self.clone();
        listen(&self.field, "blur", move |_: Event| combo.finish_typing());
        let combo = self.clone();
        listen(&self.field, "keydown", move |event: KeyboardEvent| {
            combo.move_by_key(&event);
        });
        let combo = self.clone();
        // Before the field loses the focus, which would close the list under the finger.
        listen(&self.list, "pointerdown", move |event: Event| {
            event.prevent_default();
            if let Some(entry) = super::dom::closest(&event, ".combo-option") {
                combo.select_entry(&entry);
            }
        });
    }

    fn options(&self) -> Vec<HtmlOptionElement> {
        all_in(&self.select, "option")
            .into_iter()
            .filter_map(|option| option.dyn_into().ok())
            .collect()
    }

    fn show_matches(&self, typed: &str) {
        self.list.set_inner_html("");
        let typed = typed.to_lowercase();
        let found = self.options().into_iter().filter(|option| {
            !option.value().is_empty() && !option.disabled() && option.text().to_lowercase().contains(&typed)
        });
        for (at, option) in found.take(MAX_OPTIONS).enumerate() {
            let _ = self.add_entry(at, &option);
        }
        if self.list.child_element_count() == 0
            && let Some(nothing) = make("p", "combo-option", "Nothing matches")
        {
            let _ = self.list.append_child(&nothing);
        }
        unset(&self.list, "hidden");
        set(&self.field, "aria-expanded", "true");
    }

    fn add_entry(&self, at: usize, option: &HtmlOptionElement) -> Option<()> {
        let entry = make("div", "combo-option", option.text().trim())?;
        entry.set_id(&format!("{}-{at}", self.list.id()));
        set(&entry, "role", "option");
        set(&entry, "data-value", &option.value());
        set(&entry, "aria-selected", "false");
        if let Some(hint) = option.get_attribute("data-hint") {
            entry.append_child(&*make("small", "", &hint)?).ok()?;
        }
        self.list.append_child(&entry).ok()?;
        Some(())
    }

    fn close(&self) {
        set(&self.list, "hidden", "");
        set(&self.field, "aria-expanded", "false");
        unset(&self.field, "aria-activedescendant");
    }

    fn finish_typing(&self) {
        if self.field.value().trim().is_empty() {
            self.set_selected("");
        }
        self.restore();
        self.close();
    }

    /// Shows what is chosen, whatever was typed.
    fn restore(&self) {
        let value = self.select.value();
        let chosen = self
            .options()
            .into_iter()
            .find(|option| option.value() == value && !value.is_empty());
        self.field
            .set_value(chosen.map(|option| option.text()).unwrap_or_default().trim());
    }

    fn set_selected(&self, value: &str) {
        if self.select.value() != value {
            self.select.set_value(value);
            announce(&self.select, "input");
            announce(&self.select, "change");
        }
    }

    fn select_entry(&self, entry: &Element) {
        if let Some(value) = entry.get_attribute("data-value") {
            self.set_selected(&value);
            self.restore();
            self.close();
        }
    }

    fn move_by_key(&self, event: &KeyboardEvent) {
        let entries = all_in(&self.list, "[data-value]");
        let now = entries
            .iter()
            .position(|entry| entry.get_attribute("aria-selected").as_deref() == Some("true"));
        let last = entries.len().saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowDown" => now.map_or(0, |now| if now == last { 0 } else { now + 1 }),
            "ArrowUp" => now.map_or(last, |now| if now == 0 { last } else { now - 1 }),
            "Enter" if !self.list.has_attribute("hidden") => {
                event.prevent_default();
                if let Some(entry) = entries.get(now.unwrap_or(0)) {
                    self.select_entry(entry);
                }
                return;
            }
            "Escape" => {
                self.restore();
                self.close();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        if self.list.has_attribute("hidden") {
            self.show_matches("");
        }
        for (at, entry) in all_in(&self.list, "[data-value]").iter().enumerate() {
            set(entry, "aria-selected", if at == next { "true" } else { "false" });
            if at == next {
                set(&self.field, "aria-activedescendant", &entry.id());
                entry.scroll_into_view_with_bool(false);
            }
        }
    }
}
