use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use crate::components::{
    button::ButtonSize,
    icon::Icon,
    menu::{Menu, MenuLink},
};

/// The line above a table: filters at the left, export and the like at the right.
#[component]
pub fn Toolbar(children: Children, #[prop(optional)] end: Option<AnyView>) -> impl IntoView {
    view! {
        <div class="toolbar no-print">
            <div class="toolbar-main">{children()}</div>
            {end.map(|end| view! { <div class="toolbar-end">{end}</div> })}
        </div>
    }
    .into_any()
}

#[component]
pub fn ExportMenu(
    #[prop(optional, into)] csv: OptionalText,
    #[prop(optional, into)] xlsx: OptionalText,
    #[prop(optional, into)] pdf: OptionalText,
    #[prop(optional)] size: ButtonSize,
) -> impl IntoView {
    let links = [(csv, "CSV"), (xlsx, "Excel (XLSX)"), (pdf, "PDF")]
        .into_iter()
        .filter_map(|(href, label)| {
            href.map(|href| view! { <MenuLink href=href icon=Icon::Download>{label}</MenuLink> })
        })
        .collect_view();
    view! {
        <Menu label="Export" icon=Icon::Download size=size>
            {links}
        </Menu>
    }
    .into_any()
}

/// What can be done with the selected rows. Stands inside the form around the table.
#[component]
pub fn BulkBar(children: Children) -> impl IntoView {
    view! {
        <div class="bulkbar" data-bulkbar="" role="group" aria-label="With the selected rows">
            <span class="js-only num" data-bulk-count=""></span>
            {children()}
        </div>
    }
    .into_any()
}
