use crate::components::optional_text::OptionalText;
use leptos::prelude::*;

/// A titled part of a page. Its body is a card; `plain` leaves the box away, `flush` lets a table reach its edges.
#[component]
pub fn Section(
    #[prop(optional, into)] title: OptionalText,
    #[prop(optional, into)] lead: OptionalText,
    #[prop(optional)] actions: Option<AnyView>,
    #[prop(optional, into)] id: OptionalText,
    #[prop(optional)] plain: bool,
    #[prop(optional)] flush: bool,
    children: Children,
) -> impl IntoView {
    let headed = title.is_some() || actions.is_some();
    let body = match (plain, flush) {
        (true, _) => "stack",
        (false, true) => "card",
        (false, false) => "card card-pad",
    };
    view! {
        <section class="section" id=id>
            {headed
                .then(|| {
                    view! {
                        <div class="section-head">
                            <div>
                                {title.map(|title| view! { <h2>{title}</h2> })}
                                {lead.map(|lead| view! { <p>{lead}</p> })}
                            </div>
                            {actions.map(|actions| view! { <div class="cluster no-print">{actions}</div> })}
                        </div>
                    }
                })}
            <div class=body>{children()}</div>
        </section>
    }
    .into_any()
}

#[component]
pub fn Card(
    #[prop(default = true)] pad: bool,
    /// Makes the whole card a link; then it must hold no other link or button.
    #[prop(optional, into)]
    href: OptionalText,
    children: Children,
) -> impl IntoView {
    let class = if pad { "card card-pad" } else { "card" };
    match href.0 {
        Some(href) => view! { <a class=class href=href>{children()}</a> }.into_any(),
        None => view! { <div class=class>{children()}</div> }.into_any(),
    }
}

/// A main column and what goes along with it (a quote, facts); the aside comes below on narrow screens.
#[component]
pub fn Split(aside: AnyView, #[prop(optional)] sticky: bool, children: Children) -> impl IntoView {
    view! {
        <div class=if sticky { "split split-sticky" } else { "split" }>
            <div class="split-main">{children()}</div>
            <aside class="split-aside">{aside}</aside>
        </div>
    }
    .into_any()
}
