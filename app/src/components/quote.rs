//! The quote beside an order: lines and a total.

use super::optional_text::OptionalText;
use leptos::prelude::*;

#[component]
pub fn QuoteLines(children: Children) -> impl IntoView {
    view! { <div class="quote">{children()}</div> }.into_any()
}

#[component]
pub fn QuoteLine(
    #[prop(into)] label: String,
    #[prop(optional, into)] detail: OptionalText,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="quote-line">
            <span>
                {label}
                {detail.map(|detail| view! { <span class="quote-detail">{detail}</span> })}
            </span>
            <span>{children()}</span>
        </div>
    }
    .into_any()
}

#[component]
pub fn QuoteTotal(
    #[prop(into)] label: String,
    #[prop(optional, into)] note: OptionalText,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="quote-line quote-total">
            <span>
                {label}
                {note.map(|note| view! { <span class="quote-detail">{note}</span> })}
            </span>
            <span>{children()}</span>
        </div>
    }
    .into_any()
}
