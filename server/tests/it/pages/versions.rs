//! Prices to come, as provider and buyer see them.

use testkit::{Offering, Provider, Sold, World, both_engines};

use crate::{html::Page, portal::Portal};

/// What a page says, without its markup.
fn words(html: &str) -> String {
    let text: String = html
        .split('<')
        .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
        .collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The name of its only component.
async fn offering_component(world: &World, provider: &Provider, offering: &Offering) -> String {
    let catalogue = world.domain().catalogue();
    let detail = catalogue.offering(Some(&provider.manager), &offering.slug).await;
    detail.unwrap().components.remove(0).terms.name
}

both_engines! {
    async fn a_price_to_come_is_shown_to_provider_and_buyer_until_it_is_withdrawn(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).selling(Sold::every_period("base").at("31")).await;
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let (seller, owner) = (portal.browser(&provider.manager).await, portal.browser(&buyer.owner).await);
        let plan = app::routes::offering_step(offering.id, &format!("plans?plan={}", offering.plan));
        let own = app::routes::resource(resource);
        let seen = async || [words(&seller.get(&plan).await.text), words(&owner.get(&own).await.text)];
        for page in seen().await {
            assert!(!page.contains("€310.00"), "nothing is to come: {page}");
        }
        let form = Page::of(&seller.get(&plan).await.text).form("save_plan", &[("id", &offering.plan.to_string())]);
        let dearer = form.with("price.base", "310").with("valid_from", "2026-05-01");
        let saved = seller.post(&dearer.action, &dearer.pairs()).await;
        assert_eq!(saved.header("location"), format!("{plan}#versions"), "where whom it reaches stands");
        let [versions, buyers] = seen().await;
        let told = format!("It reaches what runs, as its versions below say: {}, 1 resource of {}.", offering_component(world, &provider, &offering).await, buyer.name);
        assert!(versions.contains(&told), "{told}: {versions}");
        let listed = versions.split_once("Versions of ").unwrap().1;
        for said in ["€310.00 per period", "1 May 2026", "To come", "€31.00 per period", "In force", &format!("1 resource of {}", buyer.name)] {
            assert!(listed.contains(said), "{said}: {listed}");
        }
        for said in ["€310.00 per period", "€31.00 per period", "1 May 2026"] {
            assert!(buyers.contains(said), "{said}: {buyers}");
        }
        let withdraw = Page::of(&seller.get(&plan).await.text).form("withdraw_plan_version", &[]);
        seller.post(&withdraw.action, &withdraw.pairs()).await;
        for page in seen().await {
            assert!(!page.contains("€310.00"), "it was withdrawn: {page}");
        }
    }
}
