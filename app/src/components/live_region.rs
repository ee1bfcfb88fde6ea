use leptos::prelude::*;

/// A part of a page that follows the server. `url` is a stream of server-sent events: `progress` moves the bar inside, `changed`
/// fetches the page again and takes this part from it, `done` does so a last time. Without scripts the page reloads itself.
#[component]
pub fn LiveRegion(#[prop(into)] url: String, #[prop(into)] id: String, children: Children) -> impl IntoView {
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

/// A part of a page that is fetched again every few seconds while something short is `waiting` to end. Without scripts the
/// page reloads itself.
#[component]
pub fn PolledRegion(#[prop(into)] id: String, waiting: bool, children: Children) -> impl IntoView {
    view! {
        <div id=id class="stack" data-polled=waiting.then_some("")>
            {children()}
            {waiting
                .then(|| {
                    view! {
                        <span hidden=true data-polling=""></span>
                        <noscript>
                            <meta http-equiv="refresh" content="3"/>
                        </noscript>
                    }
                })}
        </div>
    }
    .into_any()
}
