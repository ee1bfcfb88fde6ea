use leptos::prelude::*;

use super::nav::{NavLink, Sidebar, SidebarContext, SidebarSection};
use crate::components::{
    badge::CountBadge,
    icon::{Icon, IconView},
};

/// The left sidebar: a switcher between areas, then the links of the area. On a phone it is a drawer (a popover).
#[component]
pub fn SidebarView(sidebar: Sidebar) -> impl IntoView {
    let sections = sidebar
        .sections
        .into_iter()
        .map(|section| view! { <SidebarGroup section=section/> })
        .collect_view();
    view! {
        <div id="sidebar" class="sidebar" popover="auto">
            <ContextSwitcher contexts=sidebar.contexts/>
            <nav aria-label="Main">{sections}</nav>
        </div>
    }
    .into_any()
}

#[component]
fn SidebarGroup(section: SidebarSection) -> impl IntoView {
    let items = section
        .items
        .into_iter()
        .map(|link| view! { <SidebarItem link=link/> })
        .collect_view();
    view! {
        <div class="sidebar-group">
            {section.title.map(|title| view! { <p class="sidebar-title eyebrow">{title}</p> })}
            <ul>{items}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn SidebarItem(link: NavLink) -> impl IntoView {
    view! {
        <li>
            <a href=link.href class="sidebar-link" aria-current=link.current.then_some("page") data-go="" data-key=link.key>
                {link.icon.map(|icon| view! { <IconView icon=icon size=17/> })}
                <span class="clip">{link.label}</span>
                {link.count.map(|count| view! { <CountBadge count=count/> })}
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn ContextSwitcher(contexts: Vec<SidebarContext>) -> impl IntoView {
    let current = contexts
        .iter()
        .find(|context| context.current)
        .or(contexts.first())
        .cloned();
    current
        .map(|current| {
            let choices = contexts
                .into_iter()
                .map(|context| view! { <Choice context=context/> })
                .collect_view();
            view! {
                <details class="sidebar-switch" data-menu="">
                    <summary>
                        <ContextFace context=current/>
                        <IconView icon=Icon::ChevronsUpDown/>
                    </summary>
                    <ul class="sidebar-contexts">{choices}</ul>
                </details>
            }
        })
        .into_any()
}

#[component]
fn Choice(context: SidebarContext) -> impl IntoView {
    let current = context.current;
    view! {
        <li>
            <a href=context.href.clone() aria-current=current.then_some("true") data-go=context.kind.clone()>
                <ContextFace context=context.clone()/>
                {current.then(|| view! { <IconView icon=Icon::Check/> })}
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn ContextFace(context: SidebarContext) -> impl IntoView {
    view! {
        <span class="sidebar-badge">
            <IconView icon=context.icon size=17/>
        </span>
        <span class="clip">
            <span class="sidebar-kind">{context.kind}</span>
            <span class="sidebar-name clip">{context.label}</span>
        </span>
    }
    .into_any()
}
