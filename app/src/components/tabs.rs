use leptos::prelude::*;

use super::{badge::CountBadge, layout::NavLink, tone::Tone};

/// Tabs are links: each has its own address, and the back button works.
#[component]
pub fn Tabs(
    items: Vec<NavLink>,
    #[prop(default = "Parts of this page".to_string(), into)] label: String,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| {
            view! {
                <li>
                    <a href=item.href class="tab" aria-current=item.current.then_some("page")>
                        {item.label}
                        {item.count.map(|count| view! { <CountBadge count=count tone=Tone::Neutral/> })}
                    </a>
                </li>
            }
        })
        .collect_view();
    view! {
        <nav class="tabs" aria-label=label>
            <ul>{items}</ul>
        </nav>
    }
    .into_any()
}

/// A few ready-made filters above a table, one of them chosen.
#[component]
pub fn QuickFilters(
    items: Vec<NavLink>,
    #[prop(default = "Quick filters".to_string(), into)] label: String,
) -> impl IntoView {
    let items = items
        .into_iter()
        .map(|item| {
            view! {
                <a href=item.href class="segment" aria-current=item.current.then_some("true")>
                    {item.label}
                    {item.count.map(|count| view! { <span class="subtle">{count}</span> })}
                </a>
            }
        })
        .collect_view();
    view! {
        <nav class="segments" aria-label=label>
            {items}
        </nav>
    }
    .into_any()
}
