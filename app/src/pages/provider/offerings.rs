use leptos::prelude::*;
use leptos_meta::Title;
use model::{OfferingState, OfferingSummary};

use super::provider_id;
use crate::{
    appearance,
    components::*,
    page::{Area, page},
    routes,
    server_fns::provider::{ProviderOfferings, load_provider_offerings},
};

#[component]
pub fn ProviderPage() -> impl IntoView {
    let id = provider_id();
    page(Area::Provider(id.clone()), async move {
        let facts = load_provider_offerings(id.clone()).await?;
        Ok(view! { <Offerings provider=id facts=facts/> })
    })
}

#[component]
fn Offerings(provider: String, facts: ProviderOfferings) -> impl IntoView {
    let ProviderOfferings { page, can_create } = facts;
    let base = routes::provider(&provider);
    let next = page
        .next
        .map(|cursor| format!("{base}?cursor={}", crate::address::encode(&cursor)));
    let new = move || {
        can_create.then(|| {
            view! {
                <LinkButton
                    href=routes::provider_part(&provider, "new")
                    kind=ButtonKind::Primary
                    icon=Icon::Plus
                    attr:data-test="new-offering"
                >
                    "New offering"
                </LinkButton>
            }
        })
    };
    let rows = if page.items.is_empty() {
        view! {
            <EmptyState illustration=Illustration::Shelf title="Nothing on offer yet">
                "An offering is what buyers order: a share of a cluster, a virtual machine, an hour of advice. Begin with its name."
            </EmptyState>
        }
        .into_any()
    } else {
        table(page.items).into_any()
    };
    view! {
        <Title text="Offerings"/>
        <PageHeader title="Offerings" lead="What you offer, drafts included." actions=new().into_any()/>
        <Section flush=true>{rows}</Section>
        <CursorPages next=next/>
    }
}

fn table(rows: Vec<OfferingSummary>) -> impl IntoView {
    let columns = vec![
        Column::text("Offering"),
        Column::text("State"),
        Column::text("Category"),
        Column::text("Price"),
        Column::actions(),
    ];
    view! {
        <DataTable caption="Offerings" columns=columns>
            {rows.into_iter().map(row).collect_view()}
        </DataTable>
    }
}

fn row(one: OfferingSummary) -> impl IntoView {
    let step = if one.state == OfferingState::Draft {
        "describe"
    } else {
        "publish"
    };
    let category = if one.category_name.is_empty() {
        "Not chosen yet".to_owned()
    } else {
        one.category_name
    };
    let price = if one.price_from.is_empty() {
        "No price yet".to_owned()
    } else {
        one.price_from
    };
    let missing = (one.state == OfferingState::Draft).then(|| {
        view! { <MenuLink href=routes::offering_step(one.id, "publish")>"What is missing"</MenuLink> }
    });
    let (actions, buyer) = (format!("Actions for {}", one.name), routes::offering(&one.slug));
    view! {
        <Row muted=one.state == OfferingState::Archived>
            <MainCell href=routes::offering_step(one.id, step) sub=one.summary>
                {one.name}
            </MainCell>
            <Cell label="State">
                <StateBadge tone=appearance::offering_tone(one.state) label=one.state.label()/>
            </Cell>
            <Cell label="Category">{category}</Cell>
            <Cell label="Price">{price}</Cell>
            <ActionsCell>
                <Menu label=actions icon=Icon::Ellipsis icon_only=true kind=ButtonKind::Quiet>
                    <MenuLink href=buyer>"See it as a buyer"</MenuLink>
                    {missing}
                    <MenuLink href=routes::offering_step(one.id, "plans")>"Plans and prices"</MenuLink>
                    <MenuLink href=routes::offering_step(one.id, "publish")>"Pause or archive"</MenuLink>
                </Menu>
            </ActionsCell>
        </Row>
    }
}
