//! What pages tell buyers of what is over, what failed and what they have no part in: as it is, and with no way to a refusal.

use model::{Role, Scope};
use testkit::{Sold, both_engines};

use crate::{api::Browser, html::Page, portal::Portal};

both_engines! {
    async fn a_project_that_is_over_is_told_in_the_past_and_takes_no_orders(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::every_period("base").at("28")).await;
        let today = domain::Clock::now(world.clock()).date_naive();
        let project = world.project(&buyer).ending(&today.to_string()).await;
        world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let owner = portal.browser(&buyer.owner).await;
        let (at, market) = (app::routes::project(project.id), format!("/marketplace?project={}", project.id));
        let before = owner.get(&at).await.text;
        assert!(before.contains("The last day of the project is "), "while it lasts");
        assert!(Page::of(&before).links.contains(&market));
        world.clock().advance(chrono::TimeDelta::days(2));
        portal.operations.ordering().end_due().await.unwrap();
        world.run_jobs().await;
        let over = portal.browser(&buyer.owner).await.get(&at).await.text;
        assert!(!Page::of(&over).links.contains(&market), "nothing can be ordered for it");
        for words in ["The last day of the project was ", "Everything in it has ended.", "Nothing runs any more"] {
            assert!(over.contains(words), "{words}");
        }
        assert!(!over.contains("to keep it"), "there is nothing left to keep");
    }

    async fn who_has_no_role_is_told_so_and_shown_neither_lists_nor_order_forms(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let project = world.project(&buyer).await;
        let here = app::routes::offering(&offering.slug);
        let form = app::routes::order_form(&offering.slug);
        for (who, has_role) in [(world.stranger().await, false), (world.member(&project).await, true)] {
            let browser = portal.browser(&who).await;
            let start = browser.get("/").await.text;
            assert_eq!(start.contains("You belong to no organization"), !has_role);
            assert_eq!(start.contains("Nothing runs yet"), has_role);
            let links = Page::of(&start).links;
            for list in ["/resources", "/orders"] {
                assert_eq!(links.iter().any(|link| link == list), has_role, "{list}");
            }
            assert!(!links.iter().any(|link| link == "/invoices"), "neither sees invoices");
            let status = if has_role { 200 } else { 403 };
            assert_eq!(browser.get("/resources").await.status, status);
            assert_eq!(browser.get("/invoices").await.status, 403);
            let page = Page::of(&browser.get(&here).await.text);
            assert_eq!(page.links.iter().any(|link| link.starts_with(&form)), has_role);
        }
    }

    async fn an_address_that_leads_nowhere_keeps_the_way_to_ones_own_things(portal: Portal) {
        let buyer = portal.world.buyer().await;
        for (browser, is_signed_in) in [(portal.browser(&buyer.owner).await, true), (Browser::new(&portal.base), false)] {
            let page = browser.get("/nowhere").await;
            assert_eq!(page.status, 404);
            assert!(page.text.contains("We could not find this page"));
            let links = Page::of(&page.text).links;
            assert_eq!(links.iter().any(|link| link == "/resources"), is_signed_in, "the sidebar");
            assert_eq!(links.iter().any(|link| link.starts_with("/sign-in")), !is_signed_in);
        }
    }

    async fn who_does_not_order_there_is_told_so_at_every_form_of_a_resource(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let project = world.project(&buyer).await;
        let resource = world.order(&buyer.owner, &project, &offering).limits([("cpu", "2")]).fulfilled().await;
        let at = app::routes::resource(resource);
        let reader = world.person(Role::ProjectReader, Scope::Project(project.id)).await;
        for who in [&provider.manager, &reader] {
            let browser = portal.browser(who).await;
            for form in ["limits", "plan", "extend", "terminate"] {
                let page = browser.get(&format!("{at}/{form}")).await;
                assert_eq!(page.status, 403, "{form}");
                assert!(page.text.contains("Your role does not include “Order”"), "{form}: {}", page.text);
            }
        }
    }

    async fn an_end_that_its_provider_did_not_agree_to_in_time_is_told_at_each_step(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let today = domain::Clock::now(world.clock()).date_naive();
        let project = world.project(&buyer).ending(&today.to_string()).await;
        let (asking, other) = (world.offering(&provider).approved_by_provider().await, world.offering(&provider).await);
        let ordering = world.domain().ordering();
        let order = world.order(&buyer.owner, &project, &asking).await;
        ordering.approve(&provider.manager, order, "").await.unwrap();
        world.run_jobs().await;
        let asked = ordering.order(&buyer.owner, order).await.unwrap().summary.resource_id.unwrap();
        let unasked = world.order(&buyer.owner, &project, &other).fulfilled().await;
        let owner = portal.browser(&buyer.owner).await;
        for (resource, is_asked) in [(asked, true), (unasked, false)] {
            let page = owner.get(&app::routes::resource_end(resource)).await.text;
            assert_eq!(page.contains("must agree to it first"), is_asked);
        }
        let end = ordering.place_terminate(&buyer.owner, asked, "", None).await.unwrap();
        let again = owner.get(&app::routes::resource_end(asked)).await;
        let links = Page::of(&again.text).links;
        assert_eq!(again.status, 409);
        for way_on in [app::routes::resource(asked), app::routes::order(end)] {
            assert!(links.contains(&way_on), "{way_on}: {links:?}");
        }
        world.clock().advance(chrono::TimeDelta::days(2));
        portal.operations.ordering().end_due().await.unwrap();
        world.run_jobs().await;
        let closed = portal.browser(&buyer.owner).await.get(&app::routes::order(end)).await.text;
        assert!(closed.contains("Closed, because it came too late") && closed.contains("nobody withdrew it"), "{closed}");
    }

    async fn who_may_create_a_project_and_has_none_is_led_to_it(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let start = async || Page::of(&portal.browser(&buyer.owner).await.get("/").await.text).links;
        let new = format!("{}#project", app::routes::organization_part(buyer.id, "projects"));
        assert!(start().await.contains(&new), "there is no project yet");
        let project = world.project(&buyer).await;
        assert!(!start().await.contains(&new), "there is one now");
        let member = portal.browser(&world.member(&project).await).await;
        assert!(!Page::of(&member.get("/").await.text).links.contains(&new));
    }

    async fn a_failed_creation_leads_to_its_order(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).provisioned_by_hand().await;
        let order = world.order(&buyer.owner, &project, &offering).await;
        portal.operations.ordering().wait_for_provider(order, "").await.unwrap();
        world.leaves_jobs();
        let ordering = world.domain().ordering();
        ordering.cannot_fulfil(&provider.manager, order, "No disks.").await.unwrap();
        let detail = ordering.order(&buyer.owner, order).await.unwrap();
        assert!(detail.can_retry);
        let at = app::routes::resource(detail.summary.resource_id.unwrap());
        let page = portal.browser(&buyer.owner).await.get(&at).await.text;
        assert!(page.contains("data-test=\"failed-creation\"") && page.contains("No disks."));
        assert!(Page::of(&page).links.contains(&app::routes::order(order)));
        assert!(!page.contains("data-test=\"ending\""), "nothing of it ends");
    }

    async fn use_of_earlier_months_can_be_seen(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).selling(Sold::used("cpu", "CPU-hour").at("0.4")).await;
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        world.clock().set("2026-02-15T09:00:00Z");
        let report = model::UsageReport {
            resource_id: resource,
            component: "cpu".into(),
            window_start: "2026-02-11T00:00:00Z".parse().unwrap(),
            window_end: "2026-02-12T00:00:00Z".parse().unwrap(),
            quantity: "7".parse().unwrap(),
            key: "february".into(),
            username: None,
        };
        let receipt = world.domain().usage().record(&provider.manager, vec![report]).await.unwrap();
        assert_eq!(receipt.recorded, 1);
        world.clock().set("2026-04-20T09:00:00Z");
        let owner = portal.browser(&buyer.owner).await;
        let at = app::routes::resource(resource);
        let newest = owner.get(&at).await.text;
        assert!(newest.contains("Nothing used in the last 30 days"));
        assert!(Page::of(&newest).links.contains(&format!("{at}?usage=2026-03#usage")), "a way to what was before");
        let february = owner.get(&format!("{at}?usage=2026-02")).await.text;
        assert!(february.contains("in February 2026") && !february.contains("Nothing used"));
        let before = owner.get(&format!("{at}?usage=2026-01")).await.text;
        assert!(before.contains("Nothing used in the last 30 days"), "it was not there yet");
    }

    async fn an_order_that_is_done_makes_no_promise_of_prices(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).selling(Sold::every_period("base").at("28")).await;
        let member = world.person(Role::ProjectMember, Scope::Project(project.id)).await;
        let order = world.order(&member, &project, &offering).await;
        let owner = portal.browser(&buyer.owner).await;
        let at = app::routes::order(order);
        let promised = async || owner.get(&at).await.text.contains("Higher prices that are published");
        assert!(promised().await, "while it waits");
        world.domain().ordering().approve(&buyer.owner, order, "").await.unwrap();
        world.run_jobs().await;
        assert!(!promised().await, "it is done");
    }
}
