use leptos::prelude::*;
use model::{Category, OfferingState, OfferingSummary};

use crate::{components::*, looks, routes};

/// All categories, each with what can be found in it.
#[component]
pub fn CategoryTiles(categories: Vec<Category>) -> impl IntoView {
    let tile = |category: Category| {
        let count = u32::try_from(category.offerings).unwrap_or(u32::MAX);
        view! {
            <CategoryTile
                href=routes::category(&category.slug)
                name=category.name
                count=count
                icon=looks::category_icon(&category.icon)
                tint=looks::tint(&category.tint)
            />
        }
    };
    view! { <div class="tiles-small">{categories.into_iter().map(tile).collect_view()}</div> }.into_any()
}

/// Offerings side by side.
#[component]
pub fn OfferingTiles(offerings: Vec<OfferingSummary>) -> impl IntoView {
    view! { <div class="tiles">{offerings.into_iter().map(tile).collect_view()}</div> }.into_any()
}

fn tile(offering: OfferingSummary) -> impl IntoView {
    let badge = (offering.state != OfferingState::Active).then(|| offering.state.label().to_owned());
    let price = view! { <span class="small strong num">{offering.price_from}</span> }.into_any();
    view! {
        <OfferingTile
            href=routes::offering(&offering.slug)
            seed=offering.slug
            name=offering.name
            provider=offering.provider_name
            summary=offering.summary
            tint=looks::tint(&offering.tint)
            badge=badge
            price=price
        />
    }
}
