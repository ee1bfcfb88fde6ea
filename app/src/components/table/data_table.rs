use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use super::columns::{Align, Column, Sort, hidden_column_classes};
use crate::components::icon::{Icon, IconView};

#[component]
pub fn DataTable(
    #[prop(into)] caption: String,
    #[prop(optional)] show_caption: bool,
    columns: Vec<Column>,
    #[prop(default = None, into)] sort: Option<Sort>,
    /// Adds a column of checkboxes; this is what its head says.
    #[prop(optional, into)]
    select: OptionalText,
    #[prop(optional)] foot: Option<AnyView>,
    #[prop(optional)] dense: bool,
    children: Children,
) -> impl IntoView {
    let class = format!(
        "data-table{}{}",
        if dense { " table-dense" } else { "" },
        hidden_column_classes(&columns, usize::from(select.is_some()))
    );
    let heads = columns
        .into_iter()
        .map(|column| view! { <Head column=column sort=sort.clone()/> })
        .collect_view();
    view! {
        <div class="table-wrap">
            <table class=class>
                <caption class=if show_caption { "nowrap" } else { "visually-hidden" }>{caption}</caption>
                <thead>
                    <tr>
                        {select
                            .map(|label| {
                                view! {
                                    <th scope="col" class="cell-select">
                                        <input type="checkbox" class="select-row js-only" data-select-all="" aria-label=label/>
                                    </th>
                                }
                            })}
                        {heads}
                    </tr>
                </thead>
                <tbody>{children()}</tbody>
                {foot.map(|foot| view! { <tfoot>{foot}</tfoot> })}
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Head(column: Column, sort: Option<Sort>) -> impl IntoView {
    let class = column.class();
    let aria = sort
        .as_ref()
        .zip(column.sort.as_ref())
        .and_then(|(sort, key)| sort.aria(key));
    let icon = match aria {
        Some("ascending") => Icon::ArrowUp,
        Some(_) => Icon::ArrowDown,
        None => Icon::ChevronsUpDown,
    };
    let content = match (sort, column.sort) {
        (Some(sort), Some(key)) => view! {
            <a class="sort" href=sort.href(&key)>
                {column.label}
                <IconView icon=icon size=13/>
            </a>
        }
        .into_any(),
        _ if column.align == Align::Actions => {
            view! { <span class="visually-hidden">{column.label}</span> }.into_any()
        }
        _ => column.label.into_any(),
    };
    view! {
        <th scope="col" class=class aria-sort=aria>
            {content}
        </th>
    }
    .into_any()
}
