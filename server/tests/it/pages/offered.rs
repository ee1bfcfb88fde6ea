//! What a provider sees of its offering in the marketplace is what buyers see.

use testkit::{Sold, both_engines};

use crate::portal::Portal;

both_engines! {
    async fn a_plan_that_is_no_longer_sold_is_not_in_the_marketplace_for_its_provider_either(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        world.project(&buyer).await;
        let (catalogue, manager) = (world.domain().catalogue(), &provider.manager);
        let plan = catalogue.offering(Some(manager), &offering.slug).await.unwrap().plans.remove(0);
        let draft = model::PlanDraft {
            name: "Sold out long ago".into(),
            description: String::new(),
            currency: plan.currency,
            billing_period: plan.billing_period,
            proration: plan.proration,
            charge_mode: plan.charge_mode,
            setup_fee: plan.setup_fee,
            price_changes: plan.price_changes,
            prices: vec![model::PriceDraft { component: "cpu".into(), scheme: plan.prices[0].price.scheme.clone() }],
            valid_from: None,
        };
        let old = catalogue.save_plan(manager, offering.id, None, draft).await.unwrap();
        let at = app::routes::offering(&offering.slug);
        let (seller, owner) = (portal.browser(manager).await, portal.browser(&buyer.owner).await);
        for browser in [&seller, &owner] {
            assert!(browser.get(&at).await.text.contains("Sold out long ago"), "while it is sold");
        }
        catalogue.archive_plan(manager, offering.id, old).await.unwrap();
        for browser in [&seller, &owner] {
            let page = browser.get(&at).await;
            assert_eq!(page.status, 200);
            assert!(!page.text.contains("Sold out long ago"), "no longer");
        }
        let own = seller.get(&app::routes::offering_step(offering.id, "plans")).await;
        assert!(own.text.contains("Sold out long ago"), "where it is kept, it is shown");
    }
}
