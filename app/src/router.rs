//! The route table. Every page is rendered to the end before it is sent (`SsrMode::Async`), so that it is whole without scripts.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::{
    SsrMode, StaticSegment,
    components::{Route, Router, Routes},
};

mod ordering;
mod provider;
mod resources;
mod structure;

use self::{
    ordering::OrderingRoutes, provider::ProviderRoutes, resources::ResourceRoutes, structure::StructureRoutes,
};
use crate::pages::{design::DesignPage, not_found::NotFoundPage};

#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    #[cfg(feature = "ssr")]
    crate::ssr::content_security_policy();
    view! {
        <Title formatter=tab_title/>
        <Router>
            <Routes fallback=|| view! { <NotFoundPage/> }>
                <OrderingRoutes/>
                <ResourceRoutes/>
                <ProviderRoutes/>
                <StructureRoutes/>
                <Route path=StaticSegment("design") view=DesignPage ssr=SsrMode::Async/>
            </Routes>
        </Router>
    }
}

/// What stands in the document's title. Every title passes here, and the framework writes what comes out as it is: names that
/// people gave are text, whatever they look like.
fn tab_title(page: String) -> String {
    if page.is_empty() {
        "Stoa".to_string()
    } else {
        format!("{} · Stoa", html_escape::encode_text(&page))
    }
}

#[cfg(test)]
mod tests {
    use super::tab_title;

    #[test]
    fn a_title_is_text() {
        assert_eq!(
            tab_title("</title><meta http-equiv=refresh> & co".into()),
            "&lt;/title&gt;&lt;meta http-equiv=refresh&gt; &amp; co · Stoa"
        );
    }
}
