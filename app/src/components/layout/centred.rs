use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

use super::{frame::Footer, logo::LogoLink};

/// A page that is one card: sign-in, an invitation, an error outside the frame.
#[component]
pub fn CentredFrame(
    #[prop(into)] title: String,
    #[prop(optional, into)] lead: OptionalText,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="centred">
            <header class="centred-top">
                <LogoLink/>
            </header>
            <main id="main" class="centred-main" tabindex="-1">
                <div class="centred-card">
                    <div class="stack-sm">
                        <h1>{title}</h1>
                        {lead.map(|lead| view! { <p class="lead">{lead}</p> })}
                    </div>
                    {children()}
                </div>
            </main>
            <Footer/>
        </div>
    }
    .into_any()
}
