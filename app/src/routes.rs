//! The route table. Every page is rendered to the end before it is sent (`SsrMode::Async`), so that it is whole without scripts.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Route, Router, Routes},
};

use crate::pages::{design::DesignPage, not_found::NotFoundPage, start::StartPage};

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    view! {
        <Title formatter=tab_title/>
        <Router>
            <Routes fallback=|| view! { <NotFoundPage/> }>
                <Route path=StaticSegment("") view=StartPage ssr=SsrMode::Async/>
                <Route path=StaticSegment("design") view=DesignPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

fn tab_title(page: String) -> String {
    if page.is_empty() { "Stoa".to_string() } else { format!("{page} · Stoa") }
}
