//! Narrowing a list down: groups of checkboxes inside a `FilterForm`, and chips for what is chosen.

use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    form::Choice,
    icon::{Icon, IconView},
};

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetGroup {
    pub name: String,
    pub label: String,
    pub options: Vec<Choice>,
    pub selected: Vec<String>,
    pub open: bool,
}

#[component]
pub fn Facets(groups: Vec<FacetGroup>) -> impl IntoView {
    let chosen: usize = groups.iter().map(|group| group.selected.len()).sum();
    let label = match chosen {
        0 => "Filters".to_owned(),
        some => format!("Filters ({some} in use)"),
    };
    let in_use = chosen > 0;
    let groups = groups
        .into_iter()
        .map(|group| view! { <Group group=group/> })
        .collect_view();
    view! {
        <details class="facet-fold" open=in_use>
            <summary>
                {label}
                <IconView icon=Icon::ChevronDown/>
            </summary>
            <div class="facets">{groups}</div>
        </details>
    }
    .into_any()
}

#[component]
fn Group(group: FacetGroup) -> impl IntoView {
    let open = group.open || !group.selected.is_empty();
    let name = group.name;
    let selected = group.selected;
    let options = group
        .options
        .into_iter()
        .map(|option| {
            let checked = selected.contains(&option.value);
            view! {
                <li>
                    <label class="facet">
                        <input type="checkbox" name=name.clone() value=option.value checked=checked disabled=option.disabled/>
                        <span>{option.label}</span>
                        {option.count.map(|count| view! { <span>{count}</span> })}
                    </label>
                </li>
            }
        })
        .collect_view();
    view! {
        <details class="facet-group" open=open>
            <summary>
                {group.label}
                <IconView icon=Icon::ChevronDown/>
            </summary>
            <ul class="facet-list">{options}</ul>
        </details>
    }
    .into_any()
}

/// What the list is narrowed down to; each chip leads to the list without it.
#[component]
pub fn FilterChips(
    chips: Vec<(String, String)>,
    #[prop(optional, into)] clear: OptionalText,
) -> impl IntoView {
    (!chips.is_empty())
        .then(|| {
            let chips = chips
                .into_iter()
                .map(|(label, href)| {
                    view! {
                        <li>
                            <a class="chip" href=href>
                                {label}
                                <span class="visually-hidden">", remove this filter"</span>
                                <IconView icon=Icon::X size=14/>
                            </a>
                        </li>
                    }
                })
                .collect_view();
            view! {
                <ul class="cluster" aria-label="Filters in use">
                    {chips}
                    {clear.map(|href| view! { <li><a class="small" href=href>"Clear all"</a></li> })}
                </ul>
            }
        })
        .into_any()
}
