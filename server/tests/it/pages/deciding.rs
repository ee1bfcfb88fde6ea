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
}
