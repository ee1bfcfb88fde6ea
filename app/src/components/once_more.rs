use leptos::prelude::*;

use super::{Checkbox, Section};

/// Asked of somebody who ordered the very same just now; ticked, it is ordered once more.
#[component]
pub fn OnceMore(#[prop(into)] error: String) -> impl IntoView {
    view! {
        <Section title="Once more?">
            <p>
                "What you ordered stands under " <a href="/orders?mine=true">"your orders"</a> "."
            </p>
            <Checkbox name="once_more" label="Yes, order the same once more" error=error/>
        </Section>
    }
    .into_any()
}
