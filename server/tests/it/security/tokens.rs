//! Tokens: who has none, or a bad one, or one for other things.

use chrono::TimeDelta;
use domain::Clock;
use model::TokenScope;
use reqwest::Method;
use serde_json::{Value as Json, json};
use testkit::both_engines;

use crate::{
    api::{Answer, Api, Browser},
    portal::Portal,
};

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

    async fn the_scheme_of_a_token_is_named_in_any_case(portal: Portal) {
        let good = portal.api(&portal.world.stranger().await).await;
        let nobody = Api::new(&portal.base, "");
        for scheme in ["Bearer", "bearer", "BEARER"] {
            let request = nobody.request(Method::GET, "/me").header("authorization", format!("{scheme} {}", good.token));
            Answer::of(scheme.into(), request).await.ok();
        }
        let other = nobody.request(Method::GET, "/me").header("authorization", format!("Basic {}", good.token));
        Answer::of("Basic".into(), other).await.refused(401, "unauthenticated");
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

    async fn a_token_that_reads_nothing_still_says_whose_it_is(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let (buyer, offering) = (world.buyer().await, world.offering(&provider).await);
        let project = world.project(&buyer).await;
        let draft = json!({ "project_id": project.id, "offering_id": offering.id, "plan_id": offering.plan, "name": "x",
            "limits": { "cpu": "2" } });
        let operating = portal.api_within(&buyer.owner, &[TokenScope::Operate]).await;
        operating.get("/me").await.ok();
        operating.get("/me/tokens").await.refused(403, "token_scope_missing");
        operating.post("/quotes", draft.clone()).await.refused(403, "token_scope_missing");
        let reading = portal.api_within(&buyer.owner, &[TokenScope::Read]).await;
        reading.get("/me/tokens").await.ok();
        reading.post("/quotes", draft).await.ok();
        let seller = portal.api_within(&provider.manager, &[TokenScope::Read]).await;
        seller.post("/usage", json!([])).await.refused(403, "token_scope_missing");
    }

    async fn the_public_catalogue_is_read_without_a_token_and_shows_what_the_marketplace_shows(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let open = world.offering(&provider).named("Open").await;
        let draft = world.offering(&provider).named("Prepared").unpublished().await;
        let nobody = Browser::new(&portal.base);
        let get = async |path: &str| nobody.get(&format!("/api/v1{path}")).await;
        let listed = get("/offerings").await.ok();
        let names: Vec<&Json> = listed["items"].as_array().unwrap().iter().map(|one| &one["name"]).collect();
        assert_eq!(names, ["Open"]);
        let first = get("/categories").await.ok()[0]["id"].clone();
        assert_eq!(get(&format!("/categories/{}", first.as_str().unwrap())).await.ok()["id"], first);
        let stranger = portal.api(&world.stranger().await).await;
        let path = format!("/offerings/{}", open.id);
        assert_eq!(get(&path).await.ok(), stranger.get(&path).await.ok());
        let path = format!("/offerings/{}", draft.id);
        assert_eq!(get(&path).await.status, 404);
        portal.api(&provider.manager).await.get(&path).await.ok();
        get("/orders").await.refused(401, "unauthenticated");
        Api::new(&portal.base, "stoa_wrong").get("/offerings").await.refused(401, "unauthenticated");
    }
}
