use leptos::prelude::*;

use super::{
    nav::{Flash, FrameData, FrameNotice},
    palette::Palette,
    sidebar::SidebarView,
    topbar::TopBar,
};
use crate::components::{
    banner::Banner,
    icon::{Icon, IconView},
};

/// Everything around the content of a page. `main` is the target of the skip link and takes the focus from it.
#[component]
pub fn Frame(
    data: FrameData,
    /// For boards and wide tables.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    let with_sidebar = !data.sidebar.is_empty();
    let sidebar = data.sidebar.clone();
    let notices = data.notices.clone();
    let flashes = data.flashes.clone();
    view! {
        <a href="#main" class="skip">
            "Skip to the content"
        </a>
        <TopBar data=data/>
        <Notices notices=notices/>
        <div class=if with_sidebar { "frame frame-with-sidebar" } else { "frame frame-bare" }>
            {with_sidebar.then(|| view! { <SidebarView sidebar=sidebar/> })}
            <div class="frame-body">
                <main id="main" class=if wide { "main main-wide" } else { "main" } tabindex="-1">
                    {flashes.into_iter().map(|flash| view! { <FlashMessage flash=flash/> }).collect_view()}
                    {children()}
                </main>
                <Footer/>
            </div>
        </div>
        <Palette/>
    }
    .into_any()
}

#[component]
pub fn FlashMessage(flash: Flash) -> impl IntoView {
    view! {
        <Banner tone=flash.tone dismiss=true>
            {flash.text}
        </Banner>
    }
    .into_any()
}

#[component]
fn Notices(notices: Vec<FrameNotice>) -> impl IntoView {
    (!notices.is_empty())
        .then(|| {
            let lines = notices
                .into_iter()
                .map(|notice| {
                    view! {
                        <p class=format!("notice {}", notice.tone.class())>
                            <IconView icon=notice.tone.message_icon()/>
                            <span>{notice.text}</span>
                            {notice.href.map(|href| view! { <a href=href>"Read more"</a> })}
                        </p>
                    }
                })
                .collect_view();
            view! {
                <div class="notices" role="region" aria-label="Announcements">
                    {lines}
                </div>
            }
        })
        .into_any()
}

#[component]
pub fn Footer() -> impl IntoView {
    view! {
        <footer class="foot">
            <span>"Stoa"</span>
            <a href="/marketplace">"Marketplace"</a>
            <a href="/api">"API"</a>
            <button type="button" class="cluster js-only quiet-link" data-open-keys="">
                <IconView icon=Icon::Keyboard size=14/>
                "Keyboard"
            </button>
        </footer>
    }
    .into_any()
}
