use leptos::prelude::*;

use super::nav::{NavLink, Rail, RailContext, RailSection};
use crate::components::{
    badge::CountBadge,
    icon::{Icon, IconView},
};

/// The left rail: a switcher between places, then the links of the place. On a phone it is a drawer (a popover).
#[component]
pub fn RailView(rail: Rail) -> impl IntoView {
    let sections = rail
        .sections
        .into_iter()
        .map(|section| view! { <RailGroup section=section/> })
        .collect_view();
    view! {
        <div id="rail" class="rail" popover="auto">
            <RailSwitch contexts=rail.contexts/>
            <nav aria-label="Main">{sections}</nav>
        </div>
    }
    .into_any()
}

#[component]
fn RailGroup(section: RailSection) -> impl IntoView {
    let items = section
        .items
        .into_iter()
        .map(|link| view! { <RailItem link=link/> })
        .collect_view();
    view! {
        <div class="rail-group">
            {section.title.map(|title| view! { <p class="rail-title eyebrow">{title}</p> })}
            <ul>{items}</ul>
        </div>
    }
    .into_any()
}

#[component]
fn RailItem(link: NavLink) -> impl IntoView {
    view! {
        <li>
            <a href=link.href class="rail-link" aria-current=link.current.then_some("page") data-go="" data-key=link.key>
                {link.icon.map(|icon| view! { <IconView icon=icon size=17/> })}
                <span class="clip">{link.label}</span>
                {link.count.map(|count| view! { <CountBadge count=count/> })}
            </a>
        </li>
    }
    .into_any()
}

#[component]
fn RailSwitch(contexts: Vec<RailContext>) -> impl IntoView {
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
                <details class="rail-switch" data-menu="">
                    <summary>
                        <ContextFace context=current/>
                        <IconView icon=Icon::ChevronsUpDown/>
                    </summary>
                    <ul class="rail-contexts">{choices}</ul>
                </details>
            }
        })
        .into_any()
}

#[component]
fn Choice(context: RailContext) -> impl IntoView {
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
fn ContextFace(context: RailContext) -> impl IntoView {
    view! {
        <span class="rail-badge">
            <IconView icon=context.icon size=17/>
        </span>
        <span class="clip">
            <span class="rail-kind">{context.kind}</span>
            <span class="rail-name clip">{context.label}</span>
        </span>
    }
    .into_any()
}
