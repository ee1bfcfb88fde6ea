use leptos::prelude::*;

/// Three columns under a roof: the mark of the portal.
#[component]
pub fn Logo(#[prop(default = 26)] size: u32) -> impl IntoView {
    view! {
        <svg width=size height=size viewBox="0 0 32 32" fill="currentColor" aria-hidden="true" focusable="false">
            <path d="M15.1 3.3a2 2 0 0 1 1.8 0l11 5.4a1.2 1.2 0 0 1-.5 2.3H4.6a1.2 1.2 0 0 1-.5-2.3z"/>
            <rect x="6" y="13" width="4" height="12" rx="1"/>
            <rect x="14" y="13" width="4" height="12" rx="1"/>
            <rect x="22" y="13" width="4" height="12" rx="1"/>
            <rect x="3.5" y="27" width="25" height="2.5" rx="1.25"/>
        </svg>
    }
    .into_any()
}

#[component]
pub fn LogoLink() -> impl IntoView {
    view! {
        <a href="/" class="mark" aria-label="Stoa, to the start page">
            <Logo/>
            <span>"Stoa"</span>
        </a>
    }
    .into_any()
}
