use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::icon::{Icon, IconView};

/// Numbered pages. `base` is the path with the other parameters, ending in `?` or `&`.
#[component]
pub fn Pagination(
    page: u64,
    pages: u64,
    total: u64,
    #[prop(into)] base: String,
    #[prop(into)] noun: String,
) -> impl IntoView {
    let href = move |to: u64| format!("{base}page={to}");
    let links = shown(page, pages)
        .into_iter()
        .map(|slot| match slot {
            Some(at) if at == page => {
                view! { <li><span class="page-link" aria-current="page">{at}</span></li> }.into_any()
            }
            Some(at) => {
                view! { <li><a class="page-link" href=href(at) aria-label=format!("Page {at}")>{at}</a></li> }
                    .into_any()
            }
            None => view! { <li class="page-link" aria-hidden="true">"…"</li> }.into_any(),
        })
        .collect_view();
    view! {
        <nav class="pages" aria-label=format!("Pages of {noun}")>
            <span class="num">{total} " " {noun.clone()}</span>
            {(pages > 1)
                .then(|| {
                    view! {
                        <ul>
                            <li><Turn href=(page > 1).then(|| href(page - 1)) icon=Icon::ChevronLeft label="Previous page"/></li>
                            {links}
                            <li><Turn href=(page < pages).then(|| href(page + 1)) icon=Icon::ChevronRight label="Next page"/></li>
                        </ul>
                    }
                })}
        </nav>
    }
    .into_any()
}

/// For lists that know only what comes before and after.
#[component]
pub fn CursorPages(
    #[prop(optional, into)] previous: OptionalText,
    #[prop(optional, into)] next: OptionalText,
    #[prop(optional, into)] summary: OptionalText,
) -> impl IntoView {
    let turns = previous.is_some() || next.is_some();
    view! {
        <nav class="pages" aria-label="Earlier and later">
            <span class="num">{summary}</span>
            {turns
                .then(|| {
                    view! {
                        <ul>
                            <li><Turn href=previous.0 icon=Icon::ChevronLeft label="Previous page"/></li>
                            <li><Turn href=next.0 icon=Icon::ChevronRight label="Next page"/></li>
                        </ul>
                    }
                })}
        </nav>
    }
    .into_any()
}

#[component]
fn Turn(href: Option<String>, icon: Icon, label: &'static str) -> impl IntoView {
    match href {
        Some(href) => view! {
            <a class="page-link" href=href aria-label=label>
                <IconView icon=icon/>
            </a>
        }
        .into_any(),
        None => view! {
            <span class="page-link page-off" aria-hidden="true">
                <IconView icon=icon/>
            </span>
        }
        .into_any(),
    }
}

/// First and last, the current one and its neighbours; `None` is a gap.
fn shown(page: u64, pages: u64) -> Vec<Option<u64>> {
    let near = page.saturating_sub(1)..=page.saturating_add(1);
    let wanted: Vec<u64> = [1]
        .into_iter()
        .chain(near)
        .chain([pages])
        .filter(|at| (1..=pages).contains(at))
        .collect();
    let mut slots: Vec<Option<u64>> = Vec::new();
    let mut last = 0;
    for at in wanted {
        if at <= last {
            continue;
        }
        // A gap of one page is as long as its dots: show the page.
        match at - last {
            1 => {}
            2 => slots.push(Some(at - 1)),
            _ => slots.push(None),
        }
        slots.push(Some(at));
        last = at;
    }
    slots
}

#[cfg(test)]
mod tests {
    use super::shown;

    fn text(page: u64, pages: u64) -> String {
        let slot = |slot: Option<u64>| slot.map_or("…".to_string(), |at| at.to_string());
        shown(page, pages)
            .into_iter()
            .map(slot)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn far_pages_are_left_out_and_near_ones_kept() {
        assert_eq!(text(1, 1), "1");
        assert_eq!(text(1, 9), "1 2 … 9");
        assert_eq!(text(5, 9), "1 … 4 5 6 … 9");
        assert_eq!(text(9, 9), "1 … 8 9");
    }

    #[test]
    fn a_gap_of_one_page_shows_the_page() {
        assert_eq!(text(4, 9), "1 2 3 4 5 … 9");
        assert_eq!(text(2, 4), "1 2 3 4");
    }

    #[test]
    fn a_page_beyond_the_last_still_offers_the_way_back() {
        assert_eq!(text(40, 3), "1 2 3");
    }
}
