use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use model::{Component, OfferingDetail, OfferingState, TermsOfServiceVersion};

use super::{compare_plans::PlanTable, order_fields::Calculator, terms::TermsLinks};
use crate::{
    address::for_project,
    appearance,
    components::*,
    error::AppError,
    page::{Area, page},
    routes,
    server_fns::catalogue::{OfferingFacts, load_offering},
};

#[component]
pub fn OfferingPage() -> impl IntoView {
    let slug = use_params_map().read().get("slug").unwrap_or_default();
    page(Area::Market, async move {
        let facts = load_offering(slug).await?;
        Ok::<_, AppError>(view! { <OfferingView facts=facts/> })
    })
}

#[component]
fn OfferingView(facts: OfferingFacts) -> impl IntoView {
    let project = facts.asked.text("project").to_owned();
    let offering = facts.offering.clone();
    let terms = view! {
        <Terms
            slug=offering.summary.slug.clone()
            version=offering.terms_version
            html=facts.terms.clone()
            earlier=facts.earlier_terms.clone()
        />
    };
    let summary = offering.summary.clone();
    let description = if facts.description.trim().is_empty() {
        view! { <p class="muted">{summary.summary}</p> }.into_any()
    } else {
        view! { <Markdown html=facts.description.clone()/> }.into_any()
    };
    let table = view! { <PlanTable plans=offering.plans.clone() components=offering.components.clone()/> };
    let aside = view! { <Calculator facts=facts/> }.into_any();
    view! {
        <Title text=summary.name/>
        <Head offering=offering.clone() project=project/>
        <StateBanner offering=offering.clone()/>
        <Split aside=aside sticky=true>
            <Section title="What it is">{description}</Section>
            <Facts offering=offering.clone()/>
            <Section title="Plans and prices" lead="Prices are without tax." plain=true id="plans">
                {table}
            </Section>
            <Components components=offering.components/>
            <AboutProvider name=summary.provider_name text=offering.provider_description/>
            {terms}
        </Split>
    }
}

/// Who sells, and what they say of themselves: plain text, each line a paragraph.
#[component]
fn AboutProvider(name: String, text: String) -> impl IntoView {
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let paragraphs = lines
        .map(|line| view! { <p>{line.to_owned()}</p> })
        .collect_view();
    view! {
        <Section title="About the provider">
            <div class="cluster">
                <OrganizationAvatar name=name.clone()/>
                <div>
                    <p class="strong">{name}</p>
                    <p class="small muted">"Sells and runs this service"</p>
                </div>
            </div>
            {paragraphs}
        </Section>
    }
}

#[component]
fn Terms(slug: String, version: i32, html: String, earlier: Vec<TermsOfServiceVersion>) -> impl IntoView {
    let present = (!html.trim().is_empty()).then(|| {
        view! {
            <Disclosure summary="Read the terms of service">
                <Markdown html=html/>
            </Disclosure>
            <p class="small muted">
                <a href=routes::terms(&slug, version)>{format!("Version {version}")}</a>
                " is what new orders accept."
            </p>
        }
    });
    let shown = present.is_some() || !earlier.is_empty();
    let before = view! { <TermsLinks slug=slug lead="Earlier versions" versions=earlier/> };
    shown.then(|| {
        view! {
            <Section title="Terms of service" id="terms">
                {present}
                {before}
            </Section>
        }
    })
}

#[component]
fn Head(offering: OfferingDetail, project: String) -> impl IntoView {
    let summary = offering.summary;
    let orderable = summary.state == OfferingState::Active && can_open(&routes::order_form(&summary.slug));
    let actions = orderable.then(|| order_link(&summary.slug, &project));
    let edit = offering.can_edit.then(|| {
        view! { <LinkButton href=format!("/provider/offerings/{}", summary.id) icon=Icon::Pencil>"Edit"</LinkButton> }
    });
    // A draft has no summary yet.
    let lead = [summary.provider_name.as_str(), summary.summary.as_str()];
    let lead: Vec<&str> = lead.into_iter().filter(|part| !part.is_empty()).collect();
    let lead = lead.join(" · ");
    let image = view! { <PatternImage seed=summary.slug.clone() tint=appearance::tint(&summary.tint)/> };
    let state = (summary.state != OfferingState::Active).then(
        || view! { <StateBadge tone=appearance::offering_tone(summary.state) label=summary.state.label()/> },
    );
    view! {
        <PageHeader
            title=summary.name.clone()
            breadcrumbs=vec![
                Breadcrumb::to("Marketplace", for_project("/marketplace".to_owned(), &project)),
                Breadcrumb::to(
                    summary.category_name,
                    for_project(routes::category(&summary.category_slug), &project),
                ),
                Breadcrumb::here(summary.name),
            ]
            lead=lead
            state=state.into_any()
            actions=view! { {edit} {actions} }.into_any()
            image=image.into_any()
        />
    }
}

fn order_link(slug: &str, project: &str) -> AnyView {
    view! {
        <LinkButton href=for_project(routes::order_form(slug), project) kind=ButtonKind::Primary attr:data-test="order">
            "Order"
        </LinkButton>
    }
    .into_any()
}

/// Why it cannot be ordered now.
#[component]
fn StateBanner(offering: OfferingDetail) -> impl IntoView {
    let reason = offering.state_reason;
    let (tone, title, text) = match offering.summary.state {
        OfferingState::Active => return ().into_any(),
        OfferingState::Paused => (
            Tone::Waiting,
            "No new orders at the moment",
            if offering.components.iter().any(|one| one.terms.prepaid) {
                "What you have already goes on as before, and can be renewed."
            } else {
                "What you have already goes on as before."
            },
        ),
        OfferingState::Archived => (
            Tone::Ended,
            "No longer offered",
            "What you have already goes on; what is paid up front ends with its term.",
        ),
        OfferingState::Draft => (
            Tone::Info,
            "Not published yet",
            "Only people of the provider and those who run the portal see this page.",
        ),
    };
    let text = if reason.is_empty() {
        text.to_owned()
    } else {
        // People write reasons with and without a full stop.
        let stop = if reason.trim_end().ends_with(['.', '!', '?', '…']) {
            ""
        } else {
            "."
        };
        format!("{}{stop} {text}", reason.trim_end())
    };
    view! { <Banner tone=tone title=title>{text}</Banner> }.into_any()
}

/// The attributes of the category with this offering's values.
#[component]
fn Facts(offering: OfferingDetail) -> impl IntoView {
    let rows = offering.attribute_schema.display(&offering.attributes);
    (!rows.is_empty()).then(|| {
        let rows = rows
            .into_iter()
            .map(|row| view! { <KeyValue label=row.label>{row.text}</KeyValue> })
            .collect_view();
        view! {
            <Section title="At a glance">
                <KeyValues columns=true>{rows}</KeyValues>
            </Section>
        }
    })
}

/// What is measured or reserved.
#[component]
fn Components(components: Vec<Component>) -> impl IntoView {
    (!components.is_empty()).then(|| {
        let rows = components.into_iter().map(component_row).collect_view();
        let columns = vec![
            Column::text("What"),
            Column::text("Charged"),
            Column::text("Unit"),
            Column::text("You can choose"),
        ];
        view! {
            <Section title="What you pay for" flush=true>
                <DataTable caption="What you pay for" columns=columns>
                    {rows}
                </DataTable>
            </Section>
        }
    })
}

fn component_row(component: Component) -> impl IntoView {
    let range = super::order_fields::range_text(&component.terms).unwrap_or_else(|| "—".to_owned());
    view! {
        <Row>
            <MainCell sub=component.description>{component.terms.name}</MainCell>
            <Cell label="Charged">{component.terms.charge.label()}</Cell>
            <Cell label="Unit">{component.terms.unit}</Cell>
            <Cell label="You can choose">{range}</Cell>
        </Row>
    }
}
