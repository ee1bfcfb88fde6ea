//! A raise that is published already, as those read it who order and who decide.

use domain::Actor;
use model::{PlanDraft, PriceDraft, PriceScheme};
use testkit::{Offering, Sold, World, both_engines};

use crate::{html::Page, portal::Portal};

const NOTE: &str = "€77.00 per seat from 12 March 2026 (now €10.00 per seat)";

/// Publishes that a seat costs 77 from 20 February on; the notice of thirty days ends on 12 March.
async fn publish(world: &World, manager: &Actor, offering: &Offering) {
    let catalogue = world.domain().catalogue();
    let mut seen = catalogue.offering(Some(manager), &offering.slug).await.unwrap();
    let plan = seen.plans.remove(0);
    let price = PriceDraft {
        component: "seats".into(),
        scheme: PriceScheme::PerUnit {
            price: "77".parse().unwrap(),
        },
    };
    let draft = PlanDraft {
        name: plan.name,
        description: plan.description,
        currency: plan.currency,
        billing_period: plan.billing_period,
        proration: plan.proration,
        charge_mode: plan.charge_mode,
        setup_fee: plan.setup_fee,
        price_changes: plan.price_changes,
        prices: vec![price],
        valid_from: Some("2026-02-20".parse().unwrap()),
    };
    let saved = catalogue
        .save_plan(manager, offering.id, Some(plan.id), draft)
        .await;
    saved.unwrap();
}

both_engines! {
    async fn a_raise_to_come_stands_wherever_the_quote_stands(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).approving_up_to("100").await;
        let offering = world.offering(&provider).selling(Sold::reserved("seats", "seat").at("10")).await;
        publish(world, &provider.manager, &offering).await;
        let manager = world.project_manager(&project).await;
        let (browser, api) = (portal.browser(&manager).await, portal.api(&manager).await);

        let at = format!("/offerings/{}/order", offering.slug);
        let form = Page::of(&browser.get(&at).await.text).form("place_order", &[]).with("limits.seats", "2");
        browser.post("/fn/recalculate_order", &form.pairs()).await;
        let drawn = browser.get(&at).await.text;
        assert!(drawn.contains(NOTE) && drawn.contains("€154.00"), "{drawn}");
        let offered = browser.get(&format!("/offerings/{}?limits.seats=2", offering.slug)).await.text;
        assert!(offered.contains(NOTE), "{offered}");

        let order = || world.order(&manager, &project, &offering).limits([("seats", "2")]);
        let draft = serde_json::to_value(order().into_draft()).unwrap();
        let quote = api.post("/quotes", draft).await.ok();
        let placed = order().await;
        let kept = api.get(&format!("/orders/{placed}")).await.ok();
        for quote in [&quote, &kept["quote"]] {
            let told = &quote["prices_to_come"][0];
            assert_eq!((&told["component"], &told["first_day"]), (&"seats".into(), &"2026-03-12".into()), "{quote}");
            assert!(quote["notes"][0].as_str().unwrap().contains(NOTE), "{quote}");
            assert_eq!(quote["commitment"]["amount"], "154.00", "{quote}");
        }
        assert_eq!(kept["summary"]["higher_price_from"], "2026-03-12");

        let owner = portal.browser(&buyer.owner).await;
        let read = owner.get(&app::routes::order(placed)).await.text;
        assert!(read.contains(NOTE), "{read}");
        let waiting = owner.get("/approvals").await.text;
        assert!(waiting.contains("a higher price is published from 12 Mar 2026"), "{waiting}");
    }
}
