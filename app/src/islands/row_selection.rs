//! Selecting rows of a table: all at once, and what can be done with them.

use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

use super::dom::{all, all_in, closest, on, set, unset};

pub(super) fn install() {
    // Browsers restore ticks when one comes back.
    all("table:has([data-select-all])")
        .iter()
        .for_each(update_bulk_bar);
    on("change", |event: Event| {
        let Some(table) = closest(&event, "table") else {
            return;
        };
        if let Some(head) =
            closest(&event, "[data-select-all]").and_then(|head| head.dyn_into::<HtmlInputElement>().ok())
        {
            for one in checkboxes(&table) {
                one.set_checked(head.checked());
            }
        }
        if closest(&event, "[data-select-row], [data-select-all]").is_some() {
            update_bulk_bar(&table);
        }
    });
}

fn checkboxes(table: &Element) -> Vec<HtmlInputElement> {
    all_in(table, "[data-select-row]")
        .into_iter()
        .filter_map(|one| one.dyn_into().ok())
        .collect()
}

fn update_bulk_bar(table: &Element) {
    let boxes = checkboxes(table);
    let chosen = boxes.iter().filter(|one| one.checked()).count();
    if let Ok(Some(head)) = table.query_selector("[data-select-all]")
        && let Some(head) = head.dyn_ref::<HtmlInputElement>()
    {
        head.set_checked(chosen > 0 && chosen == boxes.len());
        head.set_indeterminate(chosen > 0 && chosen < boxes.len());
    }
    let Ok(Some(form)) = table.closest("form") else {
        return;
    };
    for bar in all_in(&form, "[data-bulkbar]") {
        if chosen == 0 {
            unset(&bar, "data-any");
        } else {
            set(&bar, "data-any", "");
        }
        if let Ok(Some(count)) = bar.query_selector("[data-bulk-count]") {
            count.set_text_content(Some(&format!("{chosen} selected")));
        }
    }
}
