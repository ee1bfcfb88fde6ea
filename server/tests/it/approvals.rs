//! Rules of approval and deputies through the API: what a patch means, and what is refused before a database sees it.

use model::{Currency, Role, Scope, TokenScope};
use reqwest::Method;
use serde_json::{Value as Json, json};
use testkit::both_engines;

use crate::{
    api::{Answer, Api},
    portal::Portal,
};

async fn patched(api: &Api, path: &str, change: Json) -> Answer {
    let read = api.get(path).await;
    let version = [("if-match", read.header("etag"))];
    api.send_with(Method::PATCH, path, &version, Some(&change)).await
}

both_engines! {
    async fn a_patch_to_another_action_leaves_nothing_of_the_one_before(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let manager = world.person(Role::OrganizationManager, Scope::Organization(buyer.id)).await;
        let api = portal.api(&buyer.owner).await;
        let ask = json!({ "action": "ask", "who": { "asked": "people", "of": [manager.user_id] }, "count": 1 });
        let scope = json!({ "kind": "organization", "id": buyer.id });
        let made = api.post("/approval-rules", json!({ "scope": scope, "name": "x", "then": ask })).await.ok();
        let path = format!("/approval-rules/{}", made["id"].as_str().unwrap());
        let usual = patched(&api, &path, json!({ "then": { "who": { "asked": "usual" } } })).await.ok();
        assert_eq!(usual["then"]["who"], json!({ "asked": "usual" }));
        assert_eq!(usual["then"]["count"], 1, "the rest stays");
        let refuse = json!({ "action": "refuse", "reason": "not this year" });
        let changed = patched(&api, &path, json!({ "then": refuse })).await.ok();
        assert_eq!(changed["then"], refuse);
        let back = patched(&api, &path, json!({ "then": { "action": "ask", "who": { "asked": "usual" } } })).await.ok();
        assert_eq!((&back["then"]["action"], &back["then"]["due_days"]), (&json!("ask"), &json!(30)));
        let moved = api.get(&path).await;
        let before = moved.header("etag").to_owned();
        api.post("/approval-rules", json!({ "scope": scope, "name": "y", "then": { "action": "skip" } })).await.ok();
        api.post(&format!("{path}/move"), json!({ "position": 2 })).await.ok();
        assert_ne!(api.get(&path).await.header("etag"), before, "its place is another one");
    }

    async fn what_no_database_takes_is_refused_before(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).await;
        let project = world.project(&buyer).await;
        let api = portal.api(&buyer.owner).await;
        let trial = |placed_by: &str| json!({ "project_id": project.id, "offering_id": offering.id, "placed_by": placed_by,
            "commitment": { "amount": "1", "currency": Currency::Eur } });
        api.post("/approval-rules/forecast", trial("a\u{0}")).await.refused(422, "invalid_input");
        let days = json!({ "email": "a\u{0}@x.example", "first_day": "2026-02-10", "last_day": "2026-02-12" });
        api.post("/me/deputy", days).await.refused(422, "invalid_input");
        let mut null = trial(&buyer.owner.email);
        null["commitment"]["currency"] = Json::Null;
        // That is JSON, and no currency.
        api.post("/approval-rules/forecast", null).await.refused(422, "invalid_input");
    }

    async fn a_token_that_may_only_approve_names_a_deputy_and_reads_the_answer(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let manager = world.person(Role::OrganizationManager, Scope::Organization(buyer.id)).await;
        let api = portal.api_within(&buyer.owner, &[TokenScope::Approve]).await;
        let days = json!({ "email": manager.email, "first_day": "2026-02-10", "last_day": "2026-02-12" });
        let named = api.post("/me/deputy", days).await.ok();
        assert_eq!(named["own"]["deputy"]["name"], manager.name.as_str());
    }
}
