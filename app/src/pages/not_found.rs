use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::*;

/// For addresses that lead nowhere, and for things that are not there or not yours: the two are not told apart.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    #[cfg(feature = "ssr")]
    if let Some(response) = use_context::<leptos_axum::ResponseOptions>() {
        response.set_status(http::StatusCode::NOT_FOUND);
    }
    let actions = view! {
        <LinkButton href="/" kind=ButtonKind::Primary>
            "To the start page"
        </LinkButton>
        <LinkButton href="/marketplace">"Browse the marketplace"</LinkButton>
    };
    view! {
        <Title text="Not found"/>
        <Frame data=FrameData::default()>
            <PageHeader title="There is nothing here"/>
            <EmptyState illustration=Illustration::Search title="We could not find this page" actions=actions.into_any()>
                "The address may be mistyped, or what it led to was removed, or it belongs to somebody who has not shared it with you."
            </EmptyState>
        </Frame>
    }
}
