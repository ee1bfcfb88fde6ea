use leptos::prelude::*;

/// A part of a page that follows the server. `url` is a stream of server-sent events: `progress` moves the bar inside, `changed`
/// fetches the page again and takes this part from it, `done` does so a last time. Without scripts the page reloads itself.
#[component]
pub fn Live(#[prop(into)] url: String, #[prop(into)] id: String, children: Children) -> impl IntoView {
    view! {
        <div id=id class="stack-lg" data-live=url>
            {children()}
        </div>
        <noscript>
            <meta http-equiv="refresh" content="10"/>
        </noscript>
    }
    .into_any()
}
