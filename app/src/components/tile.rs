use super::optional_text::OptionalText;
use leptos::prelude::*;

use super::{
    icon::{Icon, IconView},
    pattern::{PatternImage, Tint},
};

/// An offering in the catalogue. The whole tile leads to its page.
#[component]
pub fn OfferingTile(
    #[prop(into)] href: String,
    #[prop(into)] name: String,
    #[prop(into)] provider: String,
    #[prop(into)] summary: String,
    #[prop(into)] seed: String,
    #[prop(optional)] tint: Tint,
    #[prop(optional, into)] picture: OptionalText,
    #[prop(optional, into)] badge: OptionalText,
    #[prop(optional)] price: Option<AnyView>,
    /// Name, value and state of a checkbox that takes it into the comparison.
    #[prop(default = None, into)]
    compare: Option<(String, String, bool)>,
) -> impl IntoView {
    let image = match picture.0 {
        Some(source) => view! { <img src=source alt="" loading="lazy" width="320" height="84"/> }.into_any(),
        None => view! { <PatternImage seed=seed tint=tint/> }.into_any(),
    };
    let footed = price.is_some() || compare.is_some();
    view! {
        <article class=format!("tile {}", tint.class())>
            <div class="tile-image">{image}</div>
            {badge.map(|badge| view! { <span class="badge tone-neutral tile-badge">{badge}</span> })}
            <div class="tile-body">
                <h3 class="tile-name">
                    <a href=href>{name.clone()}</a>
                </h3>
                <p class="tile-by">{provider}</p>
                <p class="tile-summary">{summary}</p>
            </div>
            {footed
                .then(|| {
                    view! {
                        <div class="tile-foot">
                            <span>{price}</span>
                            {compare.map(|(field, value, checked)| view! { <CompareBox field=field value=value checked=checked name=name/> })}
                        </div>
                    }
                })}
        </article>
    }
    .into_any()
}

#[component]
fn CompareBox(field: String, value: String, checked: bool, name: String) -> impl IntoView {
    view! {
        <label class="facet">
            <input type="checkbox" name=field value=value checked=checked/>
            <span>"Compare" <span class="visually-hidden">" " {name}</span></span>
        </label>
    }
    .into_any()
}

#[component]
pub fn CategoryTile(
    #[prop(into)] href: String,
    #[prop(into)] name: String,
    count: u32,
    icon: Icon,
    #[prop(optional)] tint: Tint,
) -> impl IntoView {
    let count = match count {
        0 => "No offerings yet".to_string(),
        1 => "1 offering".to_string(),
        n => format!("{n} offerings"),
    };
    view! {
        <article class=format!("tile category {}", tint.class())>
            <span class="category-icon">
                <IconView icon=icon size=22/>
            </span>
            <div>
                <h3 class="tile-name">
                    <a href=href>{name}</a>
                </h3>
                <p class="tile-by">{count}</p>
            </div>
        </article>
    }
    .into_any()
}
