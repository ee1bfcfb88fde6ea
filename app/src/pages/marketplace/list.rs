use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{Facet, SEARCH_WORDS};

use super::tiles::{CategoryTiles, OfferingTiles};
use crate::{
    address::{address, for_project, with, without},
    components::*,
    error::AppError,
    form::FormFields,
    page::{Area, page},
    routes,
    server_fns::catalogue::{MarketFacts, load_marketplace},
};

#[component]
pub fn MarketplacePage() -> impl IntoView {
    let category = use_params_map().read().get("category");
    page(Area::Market, async move {
        let facts = load_marketplace(category).await?;
        Ok::<_, AppError>(view! { <Market facts=facts/> })
    })
}

#[component]
fn Market(facts: MarketFacts) -> impl IntoView {
    let MarketFacts {
        categories,
        category,
        result,
        asked,
    } = facts;
    let title = category
        .as_ref()
        .map_or_else(|| "Marketplace".to_owned(), |one| one.name.clone());
    let lead = category
        .as_ref()
        .map(|one| one.description.clone())
        .filter(|text| !text.is_empty());
    let here = category
        .as_ref()
        .map_or_else(|| "/marketplace".to_owned(), |one| routes::category(&one.slug));
    let breadcrumbs = if category.is_some() {
        vec![
            Breadcrumb::to(
                "Marketplace",
                for_project("/marketplace".to_owned(), asked.text("project")),
            ),
            Breadcrumb::here(title.clone()),
        ]
    } else {
        Vec::new()
    };
    let project = asked.text("project").to_owned();
    let kept = Some(("project".to_owned(), project.clone())).filter(|(_, id)| !id.is_empty());
    let browsing = category.is_none() && asked.text("q").is_empty();
    let total = result.total;
    let (words, columns) = (asked.text("q").to_owned(), result.facets.clone());
    let next = result
        .next
        .map(|cursor| address(&here, &with(&asked, "cursor", &cursor)));
    let start = asked
        .has("cursor")
        .then(|| address(&here, &with(&asked, "cursor", "")));
    let found = if result.items.is_empty() {
        view! { <NothingFound asked=asked.clone()/> }.into_any()
    } else {
        view! {
            <OfferingTiles offerings=result.items project=project.clone()/>
            <CursorPages previous=start next=next summary=total.map(result_count).unwrap_or_default()/>
        }
        .into_any()
    };
    let layout = if columns.is_empty() { "stack" } else { "browse" };
    view! {
        <Title text=title.clone()/>
        <PageHeader title=title breadcrumbs=breadcrumbs lead=lead/>
        {browsing.then(|| view! { <h2 class="visually-hidden">"Categories"</h2> <CategoryTiles categories=categories project=project.clone()/> })}
        <div class=layout>
            <FilterForm action=here.clone() label="Search offerings">
                <HiddenFields fields=kept.into_iter().collect()/>
                <SearchField label="Search offerings" placeholder="What do you need?" value=words/>
                <FacetColumns facets=columns/>
            </FilterForm>
            <div class="browse-results">
                <h2 class="visually-hidden">"Offerings"</h2>
                <Chips facets=result.facets asked=asked here=here/> {found}
            </div>
        </div>
    }
}

fn result_count(total: u64) -> String {
    if total == 1 {
        "1 offering".to_owned()
    } else {
        format!("{total} offerings")
    }
}

/// The facets of a category; without one there are none.
#[component]
fn FacetColumns(facets: Vec<Facet>) -> impl IntoView {
    (!facets.is_empty())
        .then(|| view! { <Facets groups=facets.into_iter().enumerate().map(group).collect()/> })
}

/// The first ones stand open, so that one sees what they are.
const OPEN_FACETS: usize = 2;

fn group((at, facet): (usize, Facet)) -> FacetGroup {
    let selected = facet
        .values
        .iter()
        .filter(|value| value.selected)
        .map(|value| value.value.clone());
    FacetGroup {
        name: format!("f.{}", facet.key),
        label: facet.label,
        selected: selected.collect(),
        options: facet
            .values
            .into_iter()
            .map(|one| Choice::new(one.value, one.label).count(one.count))
            .collect(),
        open: at < OPEN_FACETS,
    }
}

/// What the list is narrowed down to, each to be taken away with one click.
#[component]
fn Chips(facets: Vec<Facet>, asked: FormFields, here: String) -> impl IntoView {
    let mut chips = Vec::new();
    let words = asked.text("q");
    if !words.is_empty() {
        chips.push((format!("“{words}”"), address(&here, &with(&asked, "q", ""))));
    }
    for facet in facets {
        let name = format!("f.{}", facet.key);
        for value in facet.values.into_iter().filter(|value| value.selected) {
            chips.push((
                format!("{}: {}", facet.label, value.label),
                address(&here, &without(&asked, &name, &value.value)),
            ));
        }
    }
    view! { <FilterChips chips=chips clear=here/> }
}

#[component]
fn NothingFound(asked: FormFields) -> impl IntoView {
    let searched = asked.0.keys().any(|name| name == "q" || name.starts_with("f."));
    let actions = view! {
        <LinkButton href="/marketplace" kind=ButtonKind::Primary>
            "See all offerings"
        </LinkButton>
    };
    let (title, text) = if searched {
        (
            "Nothing fits",
            format!(
                "Use fewer words or take a filter away. All words of a search must occur; more than {SEARCH_WORDS} are not looked at."
            ),
        )
    } else {
        (
            "Nothing is offered here yet",
            "As soon as a provider publishes an offering, it stands here.".to_owned(),
        )
    };
    view! {
        <EmptyState illustration=Illustration::Search title=title actions=actions.into_any()>
            {text}
        </EmptyState>
    }
}
