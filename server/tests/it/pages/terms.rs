//! The terms of service that an order accepted, from its page to their text.

use serde_json::json;
use testkit::both_engines;

use crate::portal::Portal;

both_engines! {
    async fn the_page_of_an_order_leads_to_what_was_accepted(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        let id = world.order(&buyer.owner, &project, &offering).await;
        world.leaves_jobs();
        let (seller, owner) = (portal.api(&provider.manager).await, portal.api(&buyer.owner).await);
        seller.patch(&format!("/offerings/{}", offering.id), json!({ "terms_of_service": "Be kind, **always**." })).await.ok();
        let order = owner.get(&format!("/orders/{id}")).await.ok();
        let accepted = format!("/offerings/{}/terms/{}", offering.id, order["accepted_terms"]);
        assert_eq!(owner.get(&accepted).await.ok()["text"], "Use it kindly.");

        let browser = portal.browser(&buyer.owner).await;
        let link = format!("href=\"{accepted}\"");
        let page = browser.get(&app::routes::order(id)).await.text;
        assert!(page.contains(&link), "{link}: {page}");
        let shown = browser.get(&accepted).await;
        assert_eq!(shown.status, 200);
        for said in ["<p>Use it kindly.</p>", "Replaced", "version 1"] {
            assert!(shown.text.contains(said), "{said}: {}", shown.text);
        }
        assert!(!shown.text.contains("<strong>always</strong>"), "{}", shown.text);
        let earlier = format!("href=\"/offerings/{}/terms/1\"", offering.slug);
        let page = browser.get(&app::routes::offering(&offering.slug)).await.text;
        assert!(page.contains(&earlier) && page.contains("<strong>always</strong>"), "{page}");

        let provider = portal.browser(&provider.manager).await;
        let versions = provider.get(&app::routes::offering_step(offering.id, "terms")).await.text;
        for version in 1..=2 {
            let link = format!("href=\"/offerings/{}/terms/{version}\"", offering.slug);
            assert!(versions.contains(&link), "{link}: {versions}");
        }
        let stranger = portal.browser(&world.stranger().await).await;
        assert_eq!(stranger.get(&accepted).await.status, 404);
        assert!(!stranger.get(&app::routes::offering(&offering.slug)).await.text.contains(&earlier));
    }
}
