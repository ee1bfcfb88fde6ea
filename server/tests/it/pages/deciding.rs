use domain::access::Actor;
use model::OrderState;
use testkit::{Project, World, both_engines};

use crate::{html::Page, portal::Portal};

/// A project whose owner decides, and two orders of a member that wait for it.
async fn two_waiting(world: &World) -> (Actor, Project, [model::OrderId; 2]) {
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let project = world.project(&buyer).await;
    let offering = world.offering(&provider).await;
    let member = world.member(&project).await;
    let first = world.order(&member, &project, &offering).named("Ice runs").await;
    let second = world.order(&member, &project, &offering).named("Snow runs").await;
    (buyer.owner, project, [first, second])
}

async fn state(portal: &Portal, who: &Actor, order: model::OrderId) -> OrderState {
    portal
        .operations
        .domain()
        .ordering()
        .order(who, order)
        .await
        .unwrap()
        .summary
        .state
}

both_engines! {
    async fn what_an_order_commits_to_is_told_in_the_same_words_with_its_price_and_at_the_limit(portal: Portal) {
        let (owner, project, [order, _]) = two_waiting(&portal.world).await;
        let browser = portal.browser(&owner).await;
        let projects = app::routes::organization_part(project.organization_id, "projects");
        for at in [app::routes::order(order), app::routes::project_part(project.id, "settings"), projects] {
            let page = browser.get(&at).await;
            assert!(page.text.contains(model::COMMITMENT), "{at}: {}", page.text);
        }
    }

    async fn two_orders_are_approved_at_once(portal: Portal) {
        let (owner, _, [first, second]) = two_waiting(&portal.world).await;
        let browser = portal.browser(&owner).await;
        let (one, other) = (first.to_string(), second.to_string());
        let sent = [("order", one.as_str()), ("order", other.as_str()), ("comment", "Go on."), ("verdict", "approve")];
        let answer = browser.post("/fn/decide_orders", &sent).await;
        assert_eq!((answer.status, answer.header("location")), (302, "/approvals"), "{answer:?}");
        for order in [first, second] {
            assert_ne!(state(&portal, &owner, order).await, OrderState::PendingBuyer);
        }
        let page = Page::of(&browser.get("/approvals").await.text);
        assert!(page.notes.iter().any(|note| note == "2 orders approved."), "{:?}", page.notes);
        assert!(page.alerts.is_empty(), "{:?}", page.alerts);
    }

    async fn one_that_can_no_longer_be_decided_does_not_hold_up_the_rest_and_is_told_by_name(portal: Portal) {
        let (owner, _, [first, second]) = two_waiting(&portal.world).await;
        portal.operations.domain().ordering().reject(&owner, first, "Not now.").await.unwrap();
        let browser = portal.browser(&owner).await;
        let (one, other) = (first.to_string(), second.to_string());
        let sent = [("order", one.as_str()), ("order", other.as_str()), ("verdict", "approve")];
        browser.post("/fn/decide_orders", &sent).await;
        assert_ne!(state(&portal, &owner, second).await, OrderState::PendingBuyer);
        let page = Page::of(&browser.get("/approvals").await.text);
        assert!(page.notes.iter().any(|note| note == "1 order approved."), "{:?}", page.notes);
        let name = portal.operations.domain().ordering().order(&owner, first).await.unwrap().summary.resource_name;
        assert!(page.alerts.iter().any(|alert| alert.contains(&name)), "{:?}", page.alerts);
    }

    async fn rejecting_without_a_word_or_deciding_on_nothing_is_told_once(portal: Portal) {
        let (owner, _, [first, second]) = two_waiting(&portal.world).await;
        let browser = portal.browser(&owner).await;
        let (one, other) = (first.to_string(), second.to_string());
        let sent = [("order", one.as_str()), ("order", other.as_str()), ("verdict", "reject")];
        browser.post("/fn/decide_orders", &sent).await;
        let page = Page::of(&browser.get("/approvals").await.text);
        assert_eq!(page.alerts.len(), 1, "{:?}", page.alerts);
        for order in [first, second] {
            assert_eq!(state(&portal, &owner, order).await, OrderState::PendingBuyer);
        }
        browser.post("/fn/decide_orders", &[("verdict", "approve")]).await;
        let page = Page::of(&browser.get("/approvals").await.text);
        assert!(page.alerts.iter().any(|alert| alert.contains("Select at least one")), "{:?}", page.alerts);
    }

    async fn work_by_hand_waits_for_its_provider_and_is_not_selected_for_a_decision(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).provisioned_by_hand().await;
        let order = world.order(&buyer.owner, &project, &offering).named("Rack of ours").await;
        portal.operations.ordering().wait_for_provider(order, "somebody racks the server").await.unwrap();
        world.leaves_jobs();
        let manager = portal.browser(&provider.manager).await;
        let orders = app::routes::provider_part(provider.id, "orders");
        let filter = format!("{orders}?state=mine");
        let all = manager.get(&orders).await.text;
        assert!(Page::of(&all).links.contains(&filter), "the filter is there");
        let waiting = Page::of(&manager.get(&filter).await.text);
        let handled = app::routes::provider_order(provider.id, order);
        assert!(waiting.links.contains(&handled), "{:?}", waiting.links);

        let html = manager.get("/approvals").await.text;
        assert!(html.contains("Rack of ours"));
        assert!(!html.contains("Select Rack of ours"), "it cannot be approved or rejected");
        let whole = app::routes::order(order);
        for list in ["/approvals", "/", &whole] {
            let page = Page::of(&manager.get(list).await.text);
            assert!(page.links.contains(&handled), "{list} leads to the work: {:?}", page.links);
        }
        let buyers = Page::of(&portal.browser(&buyer.owner).await.get(&whole).await.text);
        assert!(!buyers.links.contains(&handled), "{:?}", buyers.links);
    }

    async fn secret_answers_are_shown_to_who_carries_the_order_out_when_asked_for(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let token = model::Field::new("token", "Access token", model::FieldKind::Secret).required();
        let form = model::Schema::new(vec![token]);
        let offering = world.offering(&provider).provisioned_by_hand().asking(form).await;
        let answers = serde_json::json!({ "token": "very-secret-9" });
        let order = world.order(&buyer.owner, &project, &offering).answers(answers).await;
        portal.operations.ordering().wait_for_provider(order, "").await.unwrap();
        world.leaves_jobs();
        let here = app::routes::provider_order(provider.id, order);
        let scope = model::Scope::Offering(offering.id);
        let manager = portal.browser(&world.person(model::Role::OfferingManager, scope).await).await;
        let closed = manager.get(&here).await.text;
        assert!(!closed.contains("very-secret-9"));
        Page::of(&closed).form("fulfil_order", &[]);
        let (provider, id) = (provider.id.to_string(), order.to_string());
        let sent = [("provider", provider.as_str()), ("order", id.as_str())];
        manager.post("/fn/show_secret_answers", &sent).await;
        assert!(manager.get(&here).await.text.contains("very-secret-9"));
        assert!(!manager.get(&here).await.text.contains("very-secret-9"), "once for each time it is asked for");
        let whole = portal.browser(&buyer.owner).await.get(&app::routes::order(order)).await.text;
        assert!(!whole.contains("very-secret-9"));
        assert_eq!(whole.matches("Secret answers read").count(), 1);
    }

    async fn who_may_not_order_is_not_led_to_the_marketplace_by_a_project(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let reader = world.person(model::Role::ProjectReader, model::Scope::Project(project.id)).await;
        let at = app::routes::project(project.id);
        for (who, may) in [(&buyer.owner, true), (&reader, false)] {
            let page = Page::of(&portal.browser(who).await.get(&at).await.text);
            let link = format!("/marketplace?project={}", project.id);
            assert_eq!(page.links.contains(&link), may, "{:?}", page.links);
        }
    }

    async fn the_cost_so_far_says_as_of_when_it_is_and_what_has_ended_is_neither_counted_nor_listed(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).selling(testkit::Sold::every_period("base").at("28")).await;
        world.order(&buyer.owner, &project, &offering).named("Stays here").fulfilled().await;
        let gone = world.order(&buyer.owner, &project, &offering).named("Has gone").fulfilled().await;
        world.domain().ordering().place_terminate(&buyer.owner, gone, "", None).await.unwrap();
        world.run_jobs().await;
        world.clock().set("2026-02-20T09:00:00Z");
        portal.operations.billing().accrue_open().await.unwrap();
        world.clock().set("2026-02-20T09:04:00Z");
        let owner = portal.browser(&buyer.owner).await;
        for at in ["/".to_owned(), app::routes::project(project.id), app::routes::organization(buyer.id)] {
            let page = owner.get(&at).await.text;
            assert!(page.contains("without tax, as of 20 Feb 2026, "), "{at}");
        }
        let page = owner.get(&app::routes::project(project.id)).await.text;
        let resources = page.split("<caption").find(|part| part.contains(">Resources</caption>")).unwrap();
        assert!(resources.contains("Stays here") && !resources.contains("Has gone"), "{resources}");
    }
}
