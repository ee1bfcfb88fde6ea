//! Codes as they come: each answer is held against the description of its operation (`support/conform.rs`), so what is
//! provoked here is declared there.

use reqwest::Method;
use serde_json::{Value as Json, json};
use testkit::{Engine, run};
use uuid::Uuid;

use crate::{
    api::{Answer, Api},
    portal::Portal,
    shop,
    who_may_call::things,
};

/// Any answer, in whatever version is there.
async fn ask(api: &Api, method: &str, path: &str, body: Json) -> Answer {
    let method: Method = method.parse().unwrap();
    let version: &[_] = if [Method::PUT, Method::PATCH].contains(&method) {
        &[("if-match", "*")]
    } else {
        &[]
    };
    let body = (!body.is_null()).then_some(&body);
    api.send_with(method, path, version, body).await
}

#[test]
fn roles_that_cannot_be_given_or_taken_are_refused_by_code() {
    run(Engine::Sqlite, async |portal: Portal| {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let (somebody, staff) = (world.stranger().await, world.staff().await);
        let (owner, staff_api) = (portal.api(&buyer.owner).await, portal.api(&staff).await);
        let organization = format!("/organizations/{}/members", buyer.id);
        let places = [
            (
                organization.clone(),
                "billing_reader",
                json!({ "kind": "organization", "id": buyer.id }),
            ),
            (
                format!("/projects/{}/members", project.id),
                "project_reader",
                json!({ "kind": "project", "id": project.id }),
            ),
        ];
        for (path, role, scope) in &places {
            let new = |role: &str| json!({ "email": somebody.email, "role": role });
            owner.post(path, new(role)).await.ok();
            let mut over = new(role);
            over["expires_at"] = json!("2020-01-01T00:00:00Z");
            for (body, status, code) in [
                (new(role), 409, "already_granted"),
                (over, 422, "already_over"),
                (new("staff"), 422, "role_does_not_fit"),
            ] {
                owner.post(path, body.clone()).await.refused(status, code);
                let mut elsewhere = body;
                elsewhere["scope"] = scope.clone();
                owner.post("/grants", elsewhere).await.refused(status, code);
            }
        }
        let grant = async |list: &str| {
            staff_api.get(list).await.ok()[0]["grant_id"]
                .as_str()
                .unwrap()
                .to_owned()
        };
        let owners = owner.get(&organization).await.ok();
        let of_owner = owners
            .as_array()
            .unwrap()
            .iter()
            .find(|one| one["role"] == "organization_owner")
            .unwrap();
        let of_owner = format!("/grants/{}", of_owner["grant_id"].as_str().unwrap());
        ask(&owner, "DELETE", &of_owner, Json::Null)
            .await
            .refused(409, "last_owner");
        let of_staff = format!("/grants/{}", grant("/grants").await);
        ask(&staff_api, "DELETE", &of_staff, Json::Null)
            .await
            .refused(409, "last_staff");
        for (api, grant, code) in [
            (&owner, &of_owner, "last_owner"),
            (&staff_api, &of_staff, "last_staff"),
        ] {
            let at = format!("{grant}/end");
            let day = |day: &str| json!({ "expires_at": day });
            ask(api, "PUT", &at, day("2030-01-01T00:00:00Z"))
                .await
                .refused(409, code);
            ask(api, "PUT", &at, day("2020-01-01T00:00:00Z"))
                .await
                .refused(422, "already_over");
        }
        let own = format!("/people/{}/deactivate", staff.user_id);
        staff_api.post(&own, json!({})).await.refused(409, "own_account");
        let last = format!("/people/{}/deactivate", buyer.owner.user_id);
        staff_api.post(&last, json!({})).await.refused(409, "last_owner");
    });
}

#[test]
fn offerings_that_cannot_be_changed_so_are_refused_by_code() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let seller = portal.api(&things.provider.manager).await;
        let part = |list: &Json| list[0]["id"].as_str().unwrap().to_owned();
        let of = async |id: &dyn ToString| {
            let at = format!("/offerings/{}", id.to_string());
            let whole = seller.get(&at).await.ok();
            (at, part(&whole["components"]), part(&whole["plans"]))
        };
        let component = shop::components()[0].clone();
        let (gone, its_component, its_plan) = of(&things.archived.id).await;
        for (method, path, body) in [
            ("PATCH", String::new(), json!({ "summary": "Other." })),
            ("POST", "/publish".into(), json!({})),
            ("POST", "/pause".into(), json!({ "reason": "x" })),
            ("POST", "/resume".into(), json!({})),
            ("POST", "/archive".into(), json!({})),
            ("PUT", "/request-form".into(), json!({ "fields": [] })),
            ("PUT", "/duration".into(), json!({ "grace_days": 3 })),
            (
                "PUT",
                "/plugin".into(),
                json!({ "plugin": "manual", "settings": {} }),
            ),
            ("POST", "/components".into(), component.clone()),
            (
                "PATCH",
                format!("/components/{its_component}"),
                json!({ "description": "Other." }),
            ),
            ("DELETE", format!("/components/{its_component}"), Json::Null),
            (
                "PATCH",
                format!("/plans/{its_plan}"),
                json!({ "description": "Other." }),
            ),
            ("POST", format!("/plans/{its_plan}/archive"), json!({})),
            ("POST", format!("/plans/{its_plan}/restore"), json!({})),
        ] {
            let answer = ask(&seller, method, &format!("{gone}{path}"), body).await;
            answer.refused(409, "offering_archived");
        }
        let (open, its_component, its_plan) = of(&things.offering.id).await;
        for (method, path, body, code) in [
            ("POST", "/publish".into(), json!({}), "wrong_state"),
            ("POST", "/resume".into(), json!({}), "wrong_state"),
            (
                "POST",
                format!("/plans/{its_plan}/archive"),
                json!({}),
                "would_break",
            ),
            (
                "DELETE",
                format!("/components/{its_component}"),
                Json::Null,
                "in_use",
            ),
        ] {
            let answer = ask(&seller, method, &format!("{open}{path}"), body).await;
            answer.refused(409, code);
        }
        let plan = format!("{open}/plans/{its_plan}");
        let versions = seller.get(&format!("{plan}/versions")).await.ok();
        let begun = json!({ "version": part(&versions["versions"]) });
        seller
            .post(&format!("{plan}/withdraw"), begun)
            .await
            .refused(409, "version_begun");
        let draft = format!("/offerings/{}", things.draft.id);
        seller
            .post(&format!("{draft}/pause"), json!({ "reason": "x" }))
            .await
            .refused(409, "wrong_state");
    });
}

#[test]
fn orders_and_resources_in_another_state_are_refused_by_code() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let world = &portal.world;
        let (owner, staff) = (
            portal.api(&things.buyer.owner).await,
            portal.api(&world.staff().await).await,
        );
        let (ended, unknown) = (
            format!("/resources/{}", things.ended),
            format!("/resources/{}", Uuid::nil()),
        );
        let limits = json!({ "limits": { "cpu": "2" } });
        for (path, body) in [
            ("/termination", json!({})),
            ("/limits", limits.clone()),
            ("/renewal", json!({ "months": 3 })),
        ] {
            owner
                .post(&format!("{ended}{path}"), body.clone())
                .await
                .refused(409, "resource_state");
            owner
                .post(&format!("{unknown}{path}"), body)
                .await
                .refused(404, "resource_not_found");
        }
        let nowhere = json!({ "project_id": Uuid::nil(), "offering_id": things.offering.id,
            "plan_id": things.offering.plan, "name": "x" });
        for path in ["/quotes", "/orders"] {
            owner
                .post(path, nowhere.clone())
                .await
                .refused(404, "project_not_found");
        }
        let hidden = format!("/offerings/{}/order-places", things.draft.id);
        owner.get(&hidden).await.refused(404, "offering_not_found");
        for (path, code) in [
            ("", "resource_not_found"),
            ("/usage", "not_found"),
            ("/cost", "not_found"),
        ] {
            owner.get(&format!("{unknown}{path}")).await.refused(404, code);
        }
        let day = json!({ "last_day": "2027-01-31" });
        ask(&owner, "PUT", &format!("{unknown}/last-day"), day)
            .await
            .refused(404, "resource_not_found");
        for path in ["/approve", "/reject", "/cancel"] {
            let order = format!("/orders/{}{path}", things.order);
            owner
                .post(&order, json!({ "comment": "x" }))
                .await
                .refused(409, "order_state");
        }
        let poor = world.project(&things.buyer).approving_up_to("1").await;
        let (member, manager) = (world.member(&poor).await, world.project_manager(&poor).await);
        let waiting = world.order(&member, &poor, &things.offering).await;
        let approve = format!("/orders/{waiting}/approve");
        portal
            .api(&manager)
            .await
            .post(&approve, json!({}))
            .await
            .refused(403, "above_approval_limit");
        let done = format!("/jobs/{}/try-again", things.job);
        staff.post(&done, json!({})).await.refused(409, "job_not_dead");
        let verified = format!("/organizations/{}/verification", things.buyer.id);
        staff
            .post(&verified, json!({ "country": "EE", "vat_number": null }))
            .await
            .refused(409, "organization_changed");
        staff
            .post(&verified, json!({ "country": "", "vat_number": null }))
            .await
            .refused(409, "nothing_to_verify");
        let line = json!({ "resource_id": things.resource, "component": "cpu", "quantity": "1", "key": "a",
            "window_start": "2026-02-11T00:00:00Z", "window_end": "2026-02-11T01:00:00Z" });
        let many = portal
            .api(&things.provider.manager)
            .await
            .post("/usage", json!(vec![line; 1_001]))
            .await;
        many.refused(413, "too_many_lines");
    });
}
