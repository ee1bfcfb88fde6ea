//! The document around every page: head, fonts, style sheet, hydration script, and the island of generic behaviour.

use leptos::{config::LeptosOptions, hydration::HydrationScripts, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};

use crate::{components::Banner, islands::Behaviours, router::App};

pub fn shell(options: LeptosOptions) -> impl IntoView {
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=chosen_theme()>
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                <meta name="theme-color" content="#ffffff" media="(prefers-color-scheme: light)"/>
                <meta name="theme-color" content="#1c1b18" media="(prefers-color-scheme: dark)"/>
                <link rel="preload" href="/fonts/inter-latin.woff2" r#as="font" r#type="font/woff2" crossorigin="anonymous"/>
                <link rel="icon" href="/favicon.svg" r#type="image/svg+xml"/>
                <HashedStylesheet options=options.clone() id="portal"/>
                <HydrationScripts options=options islands=true/>
                <MetaTags/>
            </head>
            <body>
                {demo_note()}
                <App/>
                <Behaviours/>
            </body>
        </html>
    }
}

/// On every page of a demonstration, refusals and the sign-in form among them.
fn demo_note() -> Option<impl IntoView> {
    #[cfg(feature = "ssr")]
    let shown = crate::ssr::shows().demo;
    #[cfg(not(feature = "ssr"))]
    let shown = false;
    shown.then(|| {
        view! {
            <aside aria-label="About this portal">
                <Banner title="This is a demonstration">
                    "People, prices and invoices are made up, and everybody knows the passwords. Enter nothing that is real."
                </Banner>
            </aside>
        }
    })
}

/// Light or dark as kept in the cookie of the theme button, so that the first paint has the right colours.
fn chosen_theme() -> Option<&'static str> {
    #[cfg(feature = "ssr")]
    {
        let parts = use_context::<http::request::Parts>()?;
        crate::theme_cookie::chosen(&parts.headers, crate::ssr::is_tls())
    }
    #[cfg(not(feature = "ssr"))]
    None
}
