use crate::components::{form::HiddenFields, link_access::can_open, optional_text::OptionalText};
use leptos::prelude::*;

#[component]
pub fn Row(
    children: Children,
    /// Ended, archived: drawn paler.
    #[prop(optional)]
    muted: bool,
    /// Name and value of this row's checkbox, in a table with `select`.
    #[prop(default = None, into)]
    select: Option<(String, String)>,
    /// The table has a column of checkboxes, and nothing of this row can be selected.
    #[prop(optional)]
    unselectable: bool,
    /// The checkbox is ticked from the start.
    #[prop(optional)]
    selected: bool,
    /// What the checkbox is called: the name of what the row shows.
    #[prop(optional, into)]
    select_label: OptionalText,
) -> impl IntoView {
    view! {
        <tr class=muted.then_some("row-muted")>
            {select
                .map(|(name, value)| {
                    view! {
                        <td class="cell-select">
                            <input type="checkbox" class="select-row" name=name value=value checked=selected data-select-row="" aria-label=select_label.0.map_or_else(|| "Select this row".to_string(), |name| format!("Select {name}"))/>
                        </td>
                    }
                })}
            {unselectable.then(|| view! { <td class="cell-select"></td> })}
            {children()}
        </tr>
    }
    .into_any()
}

#[expect(
    clippy::fn_params_excessive_bools,
    reason = "they are written by name, each on its own"
)]
#[component]
pub fn Cell(
    children: Children,
    /// The column's name, shown beside the value on a phone.
    #[prop(optional, into)]
    label: OptionalText,
    #[prop(optional)] num: bool,
    #[prop(optional)] nowrap: bool,
    /// Not worth its place on a phone.
    #[prop(optional)]
    hide_phone: bool,
    /// The head of its row, where that is no link.
    #[prop(optional)]
    main: bool,
) -> impl IntoView {
    let flags = [
        (main, "cell-main"),
        (num, "cell-num"),
        (nowrap, "cell-nowrap"),
        (hide_phone, "cell-hide-phone"),
    ];
    let classes: Vec<&str> = flags
        .into_iter()
        .filter_map(|(on, class)| on.then_some(class))
        .collect();
    let class = (!classes.is_empty()).then(|| classes.join(" "));
    if main {
        return view! { <th scope="row" class=class>{children()}</th> }.into_any();
    }
    view! {
        <td class=class data-label=label>
            {children()}
        </td>
    }
    .into_any()
}

/// What the row is about. Its link covers the whole row.
#[component]
pub fn MainCell(
    #[prop(optional, into)] href: OptionalText,
    children: Children,
    #[prop(optional, into)] sub: OptionalText,
    #[prop(optional)] icon: Option<AnyView>,
) -> impl IntoView {
    let name = match href.0.filter(|href| can_open(href)) {
        Some(href) => view! { <a class="row-link" href=href>{children()}</a> }.into_any(),
        None => view! { <span class="strong">{children()}</span> }.into_any(),
    };
    main_cell(name, sub, icon)
}

/// The same where opening it changes something, such as noting that it was read: a form whose button covers the row.
#[component]
pub fn PostMainCell(
    #[prop(into)] action: String,
    fields: Vec<(String, String)>,
    children: Children,
    #[prop(optional, into)] sub: OptionalText,
    #[prop(optional)] icon: Option<AnyView>,
) -> impl IntoView {
    let name = view! {
        <form method="post" action=action data-post="">
            <HiddenFields fields=fields/>
            <button type="submit" class="row-link row-button">
                {children()}
            </button>
        </form>
    };
    main_cell(name.into_any(), sub, icon)
}

fn main_cell(name: AnyView, sub: OptionalText, icon: Option<AnyView>) -> AnyView {
    view! {
        <th scope="row" class="cell-main">
            <div class="row-main">
                {icon}
                <div>
                    {name}
                    {sub.map(|sub| view! { <span class="row-sub">{sub}</span> })}
                </div>
            </div>
        </th>
    }
    .into_any()
}

#[component]
pub fn ActionsCell(children: Children) -> impl IntoView {
    view! { <td class="cell-actions">{children()}</td> }.into_any()
}

#[component]
pub fn FootRow(children: Children) -> impl IntoView {
    view! { <tr>{children()}</tr> }.into_any()
}
