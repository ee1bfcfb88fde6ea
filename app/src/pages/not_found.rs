use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    components::*,
    page::{Area, page},
};

/// For addresses that lead nowhere, and for things that are not there or not yours: the two are not told apart.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    page(Area::Market, async move {
        let actions = view! {
            <LinkButton href="/" kind=ButtonKind::Primary>
                "To the start page"
            </LinkButton>
            <LinkButton href="/marketplace">"Browse the marketplace"</LinkButton>
        };
        Ok(view! {
            <Title text="Not found"/>
            <PageHeader title="There is nothing here"/>
            <EmptyState illustration=Illustration::Search title="We could not find this page" actions=actions.into_any()>
                "The address may be mistyped, or what it led to was removed, or it belongs to somebody who has not shared it with you."
            </EmptyState>
        })
    })
}
