use leptos::prelude::*;
use leptos_meta::Title;

use crate::components::*;

/// The first page of a person who is not signed in.
#[component]
pub fn StartPage() -> impl IntoView {
    view! {
        <Title text=""/>
        <Frame data=FrameData::default()>
            <div class="hero">
                <h1>"Research and cloud services, ordered in one place"</h1>
                <p class="lead">"Compare what your providers offer, see the price before you order, and follow what you use and what it costs."</p>
                <div class="cluster">
                    <LinkButton href="/marketplace" kind=ButtonKind::Primary size=ButtonSize::Large>
                        "Browse the marketplace"
                    </LinkButton>
                    <LinkButton href="/sign-in" size=ButtonSize::Large>
                        "Sign in"
                    </LinkButton>
                </div>
            </div>
        </Frame>
    }
}
