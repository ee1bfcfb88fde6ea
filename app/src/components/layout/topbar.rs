use leptos::prelude::*;

use super::{
    logo::LogoLink,
    nav::{FrameData, FramePerson},
};
use crate::components::{
    icon::{Icon, IconView},
    person::Avatar,
};

#[component]
pub fn TopBar(data: FrameData) -> impl IntoView {
    let with_sidebar = !data.sidebar.is_empty();
    let (waiting, unread) = (data.waiting, data.unread);
    view! {
        <header class=if with_sidebar { "topbar topbar-with-sidebar" } else { "topbar" }>
            {with_sidebar
                .then(|| {
                    view! {
                        <button type="button" class="topbar-item sidebar-open" popovertarget="sidebar" aria-label="Open the menu">
                            <IconView icon=Icon::Menu size=20/>
                        </button>
                    }
                })}
            <div class="topbar-mark">
                <LogoLink/>
            </div>
            <form method="get" action="/marketplace" role="search" aria-label="Marketplace" class="topbar-search">
                <input type="search" name="q" value=data.query aria-label="Search the marketplace" placeholder="Services" data-search="" autocomplete="off" maxlength="200"/>
                <IconView icon=Icon::Search/>
                <kbd class="no-phone js-only">"/"</kbd>
            </form>
            <div class="topbar-end">
                <ThemeButton/>
                {match data.person {
                    Some(person) => view! {
                        <Approvals waiting=waiting/>
                        <Bell unread=unread/>
                        <PersonMenu person=person/>
                    }
                    .into_any(),
                    None => view! {
                        <a href="/sign-in" class="btn btn-primary">
                            "Sign in"
                        </a>
                    }
                    .into_any(),
                }}
            </div>
        </header>
    }
    .into_any()
}

#[component]
fn Approvals(waiting: u32) -> impl IntoView {
    let label = match waiting {
        0 => "Approvals: nothing waits for you".to_string(),
        1 => "Approvals: 1 waits for you".to_string(),
        n => format!("Approvals: {n} wait for you"),
    };
    view! {
        <a href="/approvals" class="topbar-item" aria-label=label.clone() title=label data-key="a">
            <IconView icon=Icon::Inbox size=18/>
            {(waiting > 0).then(|| view! { <span class="count count-strong">{waiting}</span> })}
        </a>
    }
    .into_any()
}

/// Above this many, how many there are is not said.
const MOST_UNREAD: u32 = 99;

#[component]
fn Bell(unread: u32) -> impl IntoView {
    let count = if unread > MOST_UNREAD {
        format!("{MOST_UNREAD}+")
    } else {
        unread.to_string()
    };
    let label = match unread {
        0 => "Notices: nothing new".to_owned(),
        1 => "Notices: 1 that you have not read".to_owned(),
        _ => format!("Notices: {count} that you have not read"),
    };
    view! {
        <a href="/notices" class="topbar-item" aria-label=label.clone() title=label data-key="n" data-test="bell">
            <IconView icon=Icon::Bell size=18/>
            {(unread > 0).then(|| view! { <span class="count count-strong">{count}</span> })}
        </a>
    }
    .into_any()
}

/// Goes round system, light, dark. Needs scripts, as the choice is kept in a cookie by the island.
#[component]
pub fn ThemeButton() -> impl IntoView {
    view! {
        <button type="button" class="topbar-item js-only no-phone" data-theme-toggle="" aria-label="Change between light and dark" title="Change between light and dark">
            <span class="theme-auto"><IconView icon=Icon::Monitor size=18/></span>
            <span class="theme-light"><IconView icon=Icon::Sun size=18/></span>
            <span class="theme-dark"><IconView icon=Icon::Moon size=18/></span>
        </button>
    }
    .into_any()
}

#[component]
fn PersonMenu(person: FramePerson) -> impl IntoView {
    let links = person
        .links
        .into_iter()
        .map(|link| {
            view! {
                <a href=link.href class="menu-item" data-go="" data-key=link.key>
                    {link.icon.map(|icon| view! { <IconView icon=icon/> })}
                    <span>{link.label}</span>
                </a>
            }
        })
        .collect_view();
    view! {
        <details class="menu menu-end" data-menu="">
            <summary class="topbar-item" aria-label=format!("{}: your account", person.name)>
                <Avatar name=person.name.clone() size=28/>
            </summary>
            <div class="menu-panel">
                <div class="person-card">
                    <Avatar name=person.name.clone() size=36/>
                    <div>
                        <p class="strong clip">{person.name}</p>
                        <p class="small muted clip">{person.email}</p>
                        <p class="small muted clip">{person.organization}</p>
                    </div>
                </div>
                {links}
                <button type="button" class="menu-item js-only only-phone" data-theme-toggle="">
                    <IconView icon=Icon::Sun/>
                    "Light or dark"
                </button>
                <hr class="menu-rule"/>
                <form method="post" action="/fn/sign_out" data-post="">
                    <button type="submit" class="menu-item">
                        <IconView icon=Icon::LogOut/>
                        "Sign out"
                    </button>
                </form>
            </div>
        </details>
    }
    .into_any()
}
