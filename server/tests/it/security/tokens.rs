//! Tokens: who has none, or a bad one, or one for other things.

use chrono::TimeDelta;
use domain::Clock;
use model::TokenScope;
use serde_json::json;
use testkit::both_engines;

use crate::{api::Api, portal::Portal};

both_engines! {
    async fn tokens_that_are_not_good_answer_alike(portal: Portal) {
        let world = &portal.world;
        let person = world.stranger().await;
        let good = portal.api(&person).await;
        good.get("/me").await.ok();

        let (accounts, issuing) = (world.domain().accounts(), world.operations().accounts());
        let soon = world.clock().now() + TimeDelta::minutes(5);
        let (_, short) = issuing.issue_token(&person, "short", &[TokenScope::Read], soon).await.unwrap();
        let (summary, revoked) = issuing.issue_token(&person, "revoked", &[TokenScope::Read], soon).await.unwrap();
        accounts.revoke_token(&person, summary.id).await.unwrap();
        let mut forged = good.token.clone();
        forged.replace_range(10..14, "0000");
        Api::new(&portal.base, &short).get("/me").await.ok();
        world.clock().advance(TimeDelta::minutes(5));
        let long = "stoa_".repeat(2000);
        let mut seen = Vec::new();
        for token in [short.as_str(), &revoked, &forged, "stoa_", "x", "", &long] {
            let answer = Api::new(&portal.base, token).get("/me").await;
            assert_eq!(answer.header("www-authenticate"), "Bearer");
            seen.push(answer.refused(401, "unauthenticated")["detail"].clone());
        }
        seen.dedup();
        assert_eq!(seen.len(), 1, "all answer alike");
        good.get("/me").await.ok();
    }

    async fn a_session_is_no_token(portal: Portal) {
        let person = portal.world.stranger().await;
        let browser = portal.browser(&person).await;
        assert_eq!(browser.get("/").await.status, 200);
        browser.get("/api/v1/me").await.refused(401, "unauthenticated");
    }

    async fn a_token_does_no_more_than_its_scopes(portal: Portal) {
        let buyer = portal.world.buyer().await;
        let reading = portal.api_within(&buyer.owner, &[TokenScope::Read]).await;
        reading.get(&format!("/organizations/{}", buyer.id)).await.ok();
        let new = json!({ "organization_id": buyer.id, "name": "P", "slug": null, "description": "",
            "start_date": null, "end_date": null, "approval_limit": null });
        reading.post("/projects", new).await.refused(403, "token_scope_missing");
        assert_eq!(reading.get("/projects").await.ok()["items"], json!([]), "nothing was made");
    }
}
