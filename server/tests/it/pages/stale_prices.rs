//! A form that was drawn at other prices than those of now.

use model::PriceScheme;
use testkit::{Offering, Provider, Sold, World, both_engines};

use crate::{html::Page, portal::Portal};

/// The provider sells what the plan has at another price from now on.
async fn sells_at(world: &World, provider: &Provider, offering: &Offering, price: &str) {
    let (catalogue, manager) = (world.domain().catalogue(), &provider.manager);
    let mut draft = catalogue
        .plan_on(manager, offering.id, offering.plan, None)
        .await
        .unwrap();
    for one in &mut draft.prices {
        one.scheme = PriceScheme::per_unit(price.parse().unwrap());
    }
    let saved = catalogue.save_plan(manager, offering.id, Some(offering.plan), draft);
    saved.await.unwrap();
}

both_engines! {
    async fn nobody_orders_at_a_price_that_the_form_did_not_show(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        world.project(&buyer).await;
        let browser = portal.browser(&buyer.owner).await;
        let at = app::routes::order_form(&offering.slug);
        let form = Page::of(&browser.get(&at).await.text).form("place_order", &[]);
        let typed = form.with("name", "Ice runs").with("limits.cpu", "2").with("accept_terms", "true");
        world.clock().advance(chrono::TimeDelta::minutes(5));
        sells_at(world, &provider, &offering, "9").await;
        let back = browser.post(&typed.action, &typed.pairs()).await.header("location").to_owned();
        let shown = browser.get(back.split('#').next().unwrap()).await.text;
        assert!(shown.contains("Prices changed while this form was open"), "{shown}");
        let orders = || async {
            let filter = domain::ordering::OrderFilter::default();
            world.domain().ordering().orders(&buyer.owner, &filter, model::PageRequest::first(10)).await.unwrap().items.len()
        };
        assert_eq!(orders().await, 0);
        let again = Page::of(&shown).form("place_order", &[("name", "Ice runs"), ("limits.cpu", "2"), ("accept_terms", "true")]);
        let placed = browser.post(&again.action, &again.pairs()).await.header("location").to_owned();
        let alerts = Page::of(&browser.get(placed.split('#').next().unwrap()).await.text).alerts;
        assert!(placed.starts_with("/orders/"), "{placed} {alerts:?}");
        assert_eq!(orders().await, 1);
        // Sent once more after yet another price, it is the same order.
        world.clock().advance(chrono::TimeDelta::minutes(5));
        sells_at(world, &provider, &offering, "10").await;
        assert_eq!(browser.post(&again.action, &again.pairs()).await.header("location"), placed);
        world.leaves_jobs();
    }

    async fn nobody_renews_at_a_price_that_the_form_did_not_show(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let up_front = Sold::reserved("cpu", "CPU").at("1").with(|terms| terms.prepaid = true);
        let offering = world.offering(&provider).selling(up_front).await;
        let project = world.project(&buyer).await;
        let order = world.order(&buyer.owner, &project, &offering).limits([("cpu", "2")]);
        let resource = order.for_months(1).fulfilled().await;
        let browser = portal.browser(&buyer.owner).await;
        let at = app::routes::resource_extend(resource);
        let form = Page::of(&browser.get(&at).await.text).form("renew_resource", &[]);
        world.clock().advance(chrono::TimeDelta::minutes(5));
        sells_at(world, &provider, &offering, "9").await;
        let back = browser.post(&form.action, &form.pairs()).await.header("location").to_owned();
        let shown = browser.get(back.split('#').next().unwrap()).await.text;
        assert!(shown.contains("Prices changed while this form was open"), "{shown}");
        let again = Page::of(&shown).form("renew_resource", &[]);
        let placed = browser.post(&again.action, &again.pairs()).await.header("location").to_owned();
        assert!(placed.starts_with("/orders/"), "{placed}");
        world.leaves_jobs();
    }

    async fn nobody_switches_to_a_plan_at_a_price_that_the_form_did_not_show(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let (catalogue, manager) = (world.domain().catalogue(), &provider.manager);
        let mut other = catalogue.plan_on(manager, offering.id, offering.plan, None).await.unwrap();
        other.name = "Other".into();
        let other = Offering { plan: catalogue.save_plan(manager, offering.id, None, other).await.unwrap(), ..offering.clone() };
        let project = world.project(&buyer).await;
        let resource = world.order(&buyer.owner, &project, &offering).limits([("cpu", "2")]).fulfilled().await;
        let browser = portal.browser(&buyer.owner).await;
        let at = app::routes::resource_plan(resource);
        let form = Page::of(&browser.get(&at).await.text).form("switch_plan", &[]);
        world.clock().advance(chrono::TimeDelta::minutes(5));
        sells_at(world, &provider, &other, "9").await;
        browser.post(&form.action, &form.pairs()).await;
        let shown = browser.get(&at).await.text;
        assert!(shown.contains("Prices changed while this form was open"), "{shown}");
        let again = Page::of(&shown).form("switch_plan", &[]);
        let placed = browser.post(&again.action, &again.pairs()).await.header("location").to_owned();
        assert!(placed.starts_with("/orders/"), "{placed}");
        world.leaves_jobs();
    }
}
