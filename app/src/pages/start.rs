//! The start page: for visitors what there is, for people who are signed in what concerns them.

mod dashboard;

use leptos::prelude::*;
use leptos_meta::Title;
use model::Category;

use self::dashboard::DashboardView;
use super::marketplace::{CategoryTiles, OfferingTiles};
use crate::{
    components::*,
    error::AppError,
    page::{Area, page},
    server_fns::catalogue::{StartFacts, load_start},
};

#[component]
pub fn StartPage() -> impl IntoView {
    page(Area::Market, async move {
        let facts = load_start().await?;
        Ok::<_, AppError>(view! { <Start facts=facts/> })
    })
}

#[component]
fn Start(facts: StartFacts) -> impl IntoView {
    let StartFacts {
        categories,
        offerings,
        mine,
    } = facts;
    let visiting = mine.is_none();
    view! {
        <Title text=""/>
        {match mine {
            Some(mine) => view! { <DashboardView mine=mine/> }.into_any(),
            None => view! { <Welcome/> }.into_any(),
        }}
        <Categories categories=categories/>
        {(visiting && !offerings.is_empty())
            .then(|| {
                let all = view! { <a class="small" href="/marketplace">"All offerings"</a> };
                view! {
                    <Section title="On offer" plain=true actions=all.into_any()>
                        <OfferingTiles offerings=offerings/>
                    </Section>
                }
            })}
        {visiting.then(|| view! { <HowItWorks/> })}
    }
}

#[component]
fn Welcome() -> impl IntoView {
    view! {
        <Hero
            title="Research and cloud services, ordered in one place"
            lead="Compare what your providers offer, see the price before you order, and follow what you use and what it costs."
        >
            <SearchField label="Search offerings" placeholder="What do you need?" action="/marketplace"/>
            <div class="cluster">
                <LinkButton href="/marketplace" kind=ButtonKind::Primary size=ButtonSize::Large>
                    "Browse the marketplace"
                </LinkButton>
                <LinkButton href="/sign-in" size=ButtonSize::Large>
                    "Sign in"
                </LinkButton>
            </div>
        </Hero>
    }
}

#[component]
fn Categories(categories: Vec<Category>) -> impl IntoView {
    (!categories.is_empty()).then(|| {
        view! {
            <Section title="Categories" plain=true>
                <CategoryTiles categories=categories/>
            </Section>
        }
    })
}

/// What one can count on, in the order in which one meets it.
const PROMISES: [(Icon, &str, &str); 4] = [
    (
        Icon::Search,
        "Choose",
        "Plans side by side, with the price of exactly what you need.",
    ),
    (
        Icon::Send,
        "Order",
        "For your project. Whoever must approve is asked, and you see why it waits.",
    ),
    (
        Icon::Server,
        "Use",
        "It is set up for you. How to reach it stands on its page.",
    ),
    (
        Icon::Receipt,
        "Know what it costs",
        "Every line of the invoice says how it came about.",
    ),
];

#[component]
fn HowItWorks() -> impl IntoView {
    let promise = |(icon, title, text): (Icon, &'static str, &'static str)| {
        view! {
            <div class="promise">
                <IconView icon=icon size=20/>
                <strong>{title}</strong>
                <p class="small muted">{text}</p>
            </div>
        }
    };
    view! {
        <Section title="How it works" plain=true>
            <div class="tiles-small">{PROMISES.into_iter().map(promise).collect_view()}</div>
        </Section>
    }
}
