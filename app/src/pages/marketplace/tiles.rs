use leptos::prelude::*;
use model::{Category, OfferingState, OfferingSummary};

use crate::{address::for_project, appearance, components::*, routes};

/// All categories, each with what can be found in it.
#[component]
pub fn CategoryTiles(
    categories: Vec<Category>,
    /// The project that something is looked for, by id.
    #[prop(optional, into)]
    project: String,
) -> impl IntoView {
    let tile = |category: Category| {
        let count = u32::try_from(category.offerings).unwrap_or(u32::MAX);
        view! {
            <CategoryTile
                href=for_project(routes::category(&category.slug), &project)
                name=category.name
                count=count
                icon=appearance::category_icon(&category.icon)
                tint=appearance::tint(&category.tint)
            />
        }
    };
    view! { <div class="tiles-small">{categories.into_iter().map(tile).collect_view()}</div> }.into_any()
}

/// Offerings side by side.
#[component]
pub fn OfferingTiles(
    offerings: Vec<OfferingSummary>,
    /// The project that something is looked for, by id.
    #[prop(optional, into)]
    project: String,
) -> impl IntoView {
    let tiles = offerings
        .into_iter()
        .map(|offering| tile(offering, &project))
        .collect_view();
    view! { <div class="tiles">{tiles}</div> }.into_any()
}

fn tile(offering: OfferingSummary, project: &str) -> impl IntoView + use<> {
    let badge = (offering.state != OfferingState::Active).then(|| offering.state.label().to_owned());
    let price = view! { <span class="small strong num">{offering.price_from}</span> }.into_any();
    view! {
        <OfferingTile
            href=for_project(routes::offering(&offering.slug), project)
            seed=offering.slug
            name=offering.name
            provider=offering.provider_name
            summary=offering.summary
            tint=appearance::tint(&offering.tint)
            badge=badge
            price=price
        />
    }
}
