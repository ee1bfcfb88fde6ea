use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::TermsOfServiceVersion;

use crate::{
    components::*,
    error::AppError,
    page::{Area, page},
    routes,
    server_fns::catalogue::{TermsFacts, load_terms},
};

/// What a version of an offering's terms of service says: for who sees an order that accepted it, and the present one for
/// all who see the offering.
#[component]
pub fn TermsVersionPage() -> impl IntoView {
    let params = use_params_map();
    let named = |name: &str| params.with_untracked(|params| params.get(name).unwrap_or_default());
    let (slug, version) = (named("slug"), named("version"));
    page(Area::Market, async move {
        let facts = load_terms(slug, version).await?;
        Ok::<_, AppError>(view! { <TermsView facts=facts/> })
    })
}

#[component]
fn TermsView(facts: TermsFacts) -> impl IntoView {
    let TermsFacts {
        terms,
        html,
        is_shown,
        versions,
    } = facts;
    let (slug, version) = (terms.offering_slug, terms.version);
    let mut breadcrumbs = vec![Breadcrumb::to("Marketplace", "/marketplace")];
    if is_shown {
        breadcrumbs.push(Breadcrumb::to(
            terms.offering_name.clone(),
            routes::offering(&slug),
        ));
    }
    let here = format!("Terms of service, version {}", version.version);
    breadcrumbs.push(Breadcrumb::here(here.clone()));
    let title = format!("{}: {}", terms.offering_name, here.to_lowercase());
    let others: Vec<_> = versions
        .into_iter()
        .filter(|other| other.version != version.version)
        .collect();
    view! {
        <Title text=title.clone()/>
        <PageHeader
            title=title
            breadcrumbs=breadcrumbs
            lead=version.created_at.map(|at| format!("Written on {}", format_date(at)))
            state=state(&version).into_any()
        />
        <Section>{text(html)}</Section>
        <TermsLinks slug=slug lead="Other versions" versions=others/>
    }
}

fn state(version: &TermsOfServiceVersion) -> impl IntoView + use<> {
    if version.is_present {
        view! { <Badge tone=Tone::Good>"For new orders"</Badge> }
    } else {
        view! { <Badge tone=Tone::Ended>"Replaced"</Badge> }
    }
}

fn text(html: Option<String>) -> AnyView {
    match html {
        Some(html) if html.trim().is_empty() => {
            view! { <p class="muted">"There were no terms of service then."</p> }.into_any()
        }
        Some(html) => view! { <Markdown html=html/> }.into_any(),
        None => view! {
            <p class="muted">
                "This version was replaced before earlier versions were kept here. Ask the provider for its text."
            </p>
        }
        .into_any(),
    }
}

/// Links to versions of an offering's terms of service; nothing where there are none.
#[component]
pub(super) fn TermsLinks(
    slug: String,
    lead: &'static str,
    versions: Vec<TermsOfServiceVersion>,
) -> impl IntoView {
    (!versions.is_empty()).then(|| {
        let links = versions.into_iter().map(|one| {
            let written = one
                .created_at
                .map(|at| format!(" of {}", format_date(at)))
                .unwrap_or_default();
            view! {
                " "
                <a href=routes::terms(&slug, one.version)>{format!("version {}{written}", one.version)}</a>
                " "
            }
        });
        view! { <p class="small muted">{lead} ":" {links.collect_view()}</p> }
    })
}
