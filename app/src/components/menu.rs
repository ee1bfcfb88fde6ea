//! Menus are `<details>`: they open without a script; the island closes them on Escape and on a click elsewhere.

use leptos::prelude::*;

use super::{
    button::{ButtonKind, ButtonSize, SubmitButton, button_class},
    form::HiddenFields,
    icon::{Icon, IconView},
    link_access::can_open,
};

#[component]
pub fn Menu(
    #[prop(into)] label: String,
    children: Children,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
    #[prop(default = true)] align_end: bool,
    #[prop(optional)] icon_only: bool,
) -> impl IntoView {
    let class = if icon_only {
        format!("{} btn-icon", button_class(kind, size, false))
    } else {
        button_class(kind, size, false)
    };
    let title = icon_only.then(|| label.clone());
    let face = if icon_only {
        view! {
            <IconView icon=icon.unwrap_or(Icon::Ellipsis)/>
            <span class="visually-hidden">{label}</span>
        }
        .into_any()
    } else {
        view! {
            {icon.map(|icon| view! { <IconView icon=icon/> })}
            {label}
            <IconView icon=Icon::ChevronDown size=14/>
        }
        .into_any()
    };
    view! {
        <details class=if align_end { "menu menu-end" } else { "menu" } data-menu="">
            <summary class=class title=title>
                {face}
            </summary>
            <div class="menu-panel">{children()}</div>
        </details>
    }
    .into_any()
}

fn item_class(danger: bool) -> &'static str {
    if danger {
        "menu-item menu-danger"
    } else {
        "menu-item"
    }
}

#[component]
pub fn MenuLink(
    #[prop(into)] href: String,
    children: Children,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] danger: bool,
) -> impl IntoView {
    if !can_open(&href) {
        return ().into_any();
    }
    view! {
        <a href=href class=item_class(danger)>
            {icon.map(|icon| view! { <IconView icon=icon/> })}
            {children()}
        </a>
    }
    .into_any()
}

#[component]
pub fn MenuHeading(children: Children) -> impl IntoView {
    view! { <p class="menu-heading eyebrow">{children()}</p> }.into_any()
}

#[component]
pub fn MenuRule() -> impl IntoView {
    view! { <hr class="menu-rule"/> }.into_any()
}

/// Opens a dialog of the page from inside a menu.
#[component]
pub fn MenuDialog(
    #[prop(into)] for_id: String,
    children: Children,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] danger: bool,
) -> impl IntoView {
    view! {
        <button type="button" class=item_class(danger) popovertarget=for_id>
            {icon.map(|icon| view! { <IconView icon=icon/> })}
            {children()}
        </button>
    }
    .into_any()
}

/// A change that takes one click: a form of hidden fields and this one button.
#[component]
pub fn MenuForm(
    #[prop(into)] action: String,
    #[prop(into)] label: String,
    #[prop(optional)] icon: Option<Icon>,
    #[prop(optional)] danger: bool,
    #[prop(optional)] fields: Vec<(String, String)>,
) -> impl IntoView {
    view! {
        <form method="post" action=action data-post="">
            <HiddenFields fields=fields/>
            <button type="submit" class=item_class(danger)>
                {icon.map(|icon| view! { <IconView icon=icon/> })}
                {label}
            </button>
        </form>
    }
    .into_any()
}

/// The same outside a menu.
#[component]
pub fn PostButton(
    #[prop(into)] action: String,
    children: Children,
    #[prop(optional)] fields: Vec<(String, String)>,
    #[prop(optional)] kind: ButtonKind,
    #[prop(optional)] size: ButtonSize,
    #[prop(optional)] icon: Option<Icon>,
) -> impl IntoView {
    view! {
        <form method="post" action=action data-post="">
            <HiddenFields fields=fields/>
            {match icon {
                Some(icon) => view! { <SubmitButton kind=kind size=size icon=icon>{children()}</SubmitButton> }.into_any(),
                None => view! { <SubmitButton kind=kind size=size>{children()}</SubmitButton> }.into_any(),
            }}
        </form>
    }
    .into_any()
}
