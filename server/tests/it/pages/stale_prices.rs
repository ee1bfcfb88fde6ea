//! A form that was drawn at other prices than those of now.

use model::{PlanDraft, PriceDraft, PriceScheme};
use testkit::{Offering, Provider, Sold, World, both_engines};

use crate::{html::Page, portal::Portal};

/// The provider sells CPUs at another price from now on.
async fn sells_at(world: &World, provider: &Provider, offering: &Offering, price: &str) {
    let catalogue = world.domain().catalogue();
    let seen = catalogue
        .offering(Some(&provider.manager), &offering.slug)
        .await
        .unwrap();
    let plan = seen
        .plans
        .into_iter()
        .find(|plan| plan.id == offering.plan)
        .unwrap();
    let draft = PlanDraft {
        name: plan.name,
        description: plan.description,
        currency: plan.currency,
        billing_period: plan.billing_period,
        proration: plan.proration,
        charge_mode: plan.charge_mode,
        setup_fee: plan.setup_fee,
        price_changes: plan.price_changes,
        prices: vec![PriceDraft {
            component: "cpu".into(),
            scheme: PriceScheme::per_unit(price.parse().unwrap()),
        }],
        valid_from: None,
    };
    let saved = catalogue.save_plan(&provider.manager, offering.id, Some(offering.plan), draft);
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
}
