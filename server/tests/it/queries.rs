//! How many statements a request costs: the same however many rows there are.

use chrono::TimeDelta;
use serde_json::json;
use testkit::both_engines;

use crate::{portal::Portal, shop};

/// Requests whose answers grow with the rows.
const LISTS: [&str; 9] = [
    "/offerings?limit=100",
    "/offerings?category=compute&q=offering&limit=100",
    "/orders?limit=100",
    "/resources?limit=100",
    "/projects?limit=100",
    "/organizations?limit=100",
    "/invoices?limit=100",
    "/audit?limit=100",
    "/jobs?limit=100",
];

async fn add_rows(portal: &Portal, project: &testkit::Project, actor: &domain::Actor) {
    let world = &portal.world;
    for _ in 0..3 {
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let buyer = world.buyer().await;
        world.project(&buyer).await;
        world.order(actor, project, &offering).fulfilled().await;
    }
}

both_engines! {
    async fn a_list_costs_the_same_with_more_rows(portal: Portal) {
        let staff = portal.api(&portal.world.staff().await).await;
        let buyer = portal.world.buyer().await;
        let project = portal.world.project(&buyer).await;
        let mut costs: Vec<Vec<usize>> = Vec::new();
        for _ in 0..2 {
            add_rows(&portal, &project, &buyer.owner).await;
            portal.world.clock().advance(TimeDelta::days(2));
            portal.operations.billing().accrue_open().await.unwrap();
            staff.get("/me").await.ok();
            let mut round = Vec::new();
            for path in LISTS {
                let (cost, answer) = portal.statements(staff.get(path)).await;
                let rows = answer.ok()["items"].as_array().unwrap().len();
                assert!(rows >= 3, "{path} shows rows");
                assert!(cost <= 9, "{path}: {cost} statements");
                round.push(cost);
            }
            costs.push(round);
        }
        assert_eq!(costs[0], costs[1], "{LISTS:?}");
    }

    async fn a_detail_costs_the_same_with_more_parts(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        let owner = portal.api(&buyer.owner).await;
        let seller = portal.api(&provider.manager).await;
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let paths = [format!("/offerings/{}", offering.id), format!("/resources/{resource}")];
        let mut costs: Vec<Vec<usize>> = Vec::new();
        for round in 0..3 {
            for number in 0..3 {
                let mut plan = shop::plan(&format!("Plan {round} {number}"), "1", "1");
                plan["prices"] = json!([{ "component": "cpu", "scheme": { "scheme": "per_unit", "price": { "amount": "3", "currency": "EUR" } } }]);
                seller.post(&format!("/offerings/{}/plans", offering.id), plan).await.ok();
            }
            let change = json!({ "limits": { "cpu": (round + 2).to_string() } });
            owner.post(&format!("/resources/{resource}/limits"), change).await.ok();
            portal.world.run_jobs().await;
            let mut one = Vec::new();
            for path in &paths {
                let (cost, answer) = portal.statements(owner.get(path)).await;
                answer.ok();
                one.push(cost);
            }
            costs.push(one);
        }
        assert_eq!(costs[1], costs[0], "{paths:?}");
        assert_eq!(costs[2], costs[0], "{paths:?}");
    }
}
