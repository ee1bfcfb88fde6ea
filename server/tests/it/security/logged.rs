//! What the log of the process tells of those who are refused, and of what fails.

use model::TokenScope;
use reqwest::Method;
use sea_orm::ConnectionTrait;
use serde_json::json;
use server::HttpConfig;
use testkit::{Engine, World, both_engines, run};

use crate::{
    api::{Answer, Api, Browser},
    logs,
    portal::{PASSWORD, Portal},
    who_may_call::things,
};

/// A portal behind a proxy, so that a test's requests come from where it says.
async fn proxied(world: World, change: impl FnOnce(&mut HttpConfig)) -> Portal {
    logs::listen();
    Portal::configured(world, Vec::new(), |http| {
        http.proxy_hops = 1;
        change(http);
    })
    .await
}

fn from(address: &str, request: reqwest::RequestBuilder) -> impl Future<Output = Answer> {
    Answer::of(address.to_owned(), request.header("x-forwarded-for", address))
}

/// How many lines hold both texts.
fn count(one: &str, other: &str) -> usize {
    let lines = logs::lines_with(one);
    lines.iter().filter(|line| line.contains(other)).count()
}

#[test]
fn a_refused_token_is_in_the_log_with_the_address() {
    run(Engine::Sqlite, async |world: World| {
        let portal = proxied(world, |_| {}).await;
        let api = Api::new(&portal.base, "stoa_wrong");
        let key = [("idempotency-key", "k")];
        for (address, request) in [
            ("192.0.2.61", api.request(Method::GET, "/me")),
            ("192.0.2.62", api.request(Method::GET, "/offerings")),
            (
                "192.0.2.63",
                api.request(Method::POST, "/projects")
                    .header(key[0].0, key[0].1)
                    .json(&json!({})),
            ),
        ] {
            from(address, request).await.refused(401, "unauthenticated");
            assert_eq!(count(address, "a token was refused"), 1, "{address}");
        }
        let nobody = Browser::new(&portal.base).request(Method::GET, "/api/v1/me");
        from("192.0.2.64", nobody).await.refused(401, "unauthenticated");
        assert_eq!(count("192.0.2.64", "a token was refused"), 0, "none was brought");
        let metrics = Browser::new(&portal.base).request(Method::GET, "/metrics");
        assert_eq!(from("192.0.2.65", metrics).await.status, 401);
        assert_eq!(count("192.0.2.65", "without their token"), 1);
    });
}

#[test]
fn a_refused_rate_is_in_the_log_once() {
    run(Engine::Sqlite, async |world: World| {
        let portal = proxied(world, |http| http.posts_per_minute = 1).await;
        let mut answers = Vec::new();
        for _ in 0..5 {
            let post = Browser::new(&portal.base).request(Method::POST, "/fn/sign_out");
            answers.push(from("192.0.2.71", post).await.status);
        }
        assert_eq!(answers, [302, 429, 429, 429, 429]);
        assert_eq!(count("192.0.2.71", "too much was sent"), 1);
    });
}

#[test]
fn a_post_of_another_site_is_in_the_log_with_the_address() {
    run(Engine::Sqlite, async |world: World| {
        let portal = proxied(world, |_| {}).await;
        let post = Browser::new(&portal.base).request(Method::POST, "/fn/sign_out");
        let foreign = post.header("sec-fetch-site", "cross-site");
        assert_eq!(from("192.0.2.91", foreign).await.status, 403);
        assert_eq!(count("192.0.2.91", "a post from another site was refused"), 1);
    });
}

#[test]
fn signing_in_and_out_and_tries_in_vain_are_in_the_log() {
    run(Engine::Sqlite, async |world: World| {
        let portal = proxied(world, |_| {}).await;
        let person = portal.world.stranger().await;
        let accounts = portal.world.operations().accounts();
        accounts.set_password(person.user_id, PASSWORD).await.unwrap();
        let browser = Browser::new(&portal.base);
        let sign_in = async |password: &str| {
            let form = [("email", person.email.as_str()), ("password", password)];
            let post = browser.request(Method::POST, "/fn/sign_in").form(&form);
            from("192.0.2.81", post).await
        };
        sign_in(PASSWORD).await;
        let sign_out = || browser.request(Method::POST, "/fn/sign_out");
        from("192.0.2.81", sign_out()).await;
        for _ in 0..7 {
            sign_in("guess").await;
        }
        let id = person.user_id.to_string();
        for (line, times) in [
            ("signed in", 1),
            ("signed out", 1),
            ("a sign-in failed", 6),
            ("during a wait", 1),
        ] {
            // Other tests write to the same log, and have people with the same ids.
            assert_eq!(count("192.0.2.81", line), times, "{line}");
            let of_person = format!("client.address=\"192.0.2.81\" user.id={id}");
            assert_eq!(
                count(&of_person, line),
                times,
                "{line}: {:#?}",
                logs::lines_with("192.0.2.81")
            );
        }
        from("192.0.2.81", sign_out()).await;
        assert_eq!(count("192.0.2.81", "signed out"), 1, "nobody was signed in");
        let written = logs::lines_with("guess")
            .into_iter()
            .chain(logs::lines_with(PASSWORD));
        assert_eq!(written.count(), 0, "passwords are not written");
    });
}

#[test]
fn refused_access_is_in_the_log_with_the_person_and_the_code() {
    run(Engine::Sqlite, async |portal: Portal| {
        logs::listen();
        let things = things(&portal).await;
        let refused = |id: &str, code: &str| count(id, &format!("access was refused refusal=\"{code}\""));
        let member = portal.world.member(&things.project).await;
        let id = member.user_id.to_string();
        let approve = format!("/orders/{}/approve", things.waiting);
        let api = portal.api(&member).await;
        api.post(&approve, json!({})).await.refused(403, "forbidden");
        assert_eq!(refused(&id, "forbidden"), 1, "{:#?}", logs::lines_with(&id));
        let owner = &things.buyer.owner;
        let narrow = portal.api_within(owner, &[TokenScope::Read]).await;
        narrow
            .post(&approve, json!({}))
            .await
            .refused(403, "token_scope_missing");
        assert_eq!(refused(&owner.user_id.to_string(), "token_scope_missing"), 1);
        let browser = portal.browser(&member).await;
        let form = [("order", things.waiting.as_str())];
        assert_eq!(browser.post("/fn/approve_order", &form).await.status, 302);
        assert_eq!(refused(&id, "forbidden"), 2, "by a form");
        let page = browser
            .get(&format!("/invoices?organization={}", things.buyer.id))
            .await;
        assert_eq!(page.status, 403, "{}", page.text);
        assert_eq!(
            refused(&id, "forbidden"),
            3,
            "by a page: {:#?}",
            logs::lines_with(&id)
        );
        let traced = page.header("x-trace-id");
        assert_eq!(count(&id, traced), 1, "under the id of the answer");
    });
}

#[test]
fn what_is_not_described_is_in_the_log() {
    run(Engine::Sqlite, async |world: World| {
        let portal = proxied(world, |_| {}).await;
        let person = portal.world.stranger().await;
        let id = person.user_id.to_string();
        let api = portal.api(&person).await;
        let get = api.request(Method::GET, "/orders?stat=done");
        from("192.0.2.51", get).await.refused(400, "unknown_parameter");
        let new = json!({ "organization_id": person.user_id, "name": "P", "slug": null, "description": "", "start_date": null,
            "end_date": null, "approval_limit": null, "rank": 1 });
        let post = api.request(Method::POST, "/projects").json(&new);
        assert_eq!(from("192.0.2.52", post).await.faults(), ["rank"]);
        for address in ["192.0.2.51", "192.0.2.52"] {
            assert_eq!(count(address, "what is not described"), 1, "{address}");
        }
        let browser = portal.browser(&person).await;
        browser
            .post(
                "/fn/sign_in",
                &[("email", "x"), ("password", "x"), ("role", "staff")],
            )
            .await;
        assert_eq!(count(&id, "a field that the portal does not know"), 1);
    });
}

/// What no answer says: words of the database, of the framework, of the code.
const INSIDE: [&str; 8] = [
    "SELECT",
    "no such table",
    "does not exist",
    "relation \"",
    "DbErr",
    "sqlx",
    "panicked",
    ".rs",
];

both_engines! {
    async fn a_failure_tells_nothing_of_the_inside_and_is_in_the_log(portal: Portal) {
        logs::listen();
        let db = portal.world.db();
        db.execute_unprepared("alter table offerings rename to offerings_away").await.unwrap();
        let browser = Browser::new(&portal.base);
        let mut seen = Vec::new();
        for (path, line) in [("/api/v1/offerings", "an API request failed"), ("/marketplace", "a page or form failed")] {
            let answer = browser.get(path).await;
            for word in INSIDE {
                assert!(!answer.text.contains(word), "{path} tells “{word}”: {}", answer.text);
            }
            assert!(answer.text.contains("Something went wrong on our side"), "{path}: {}", answer.text);
            let trace = answer.header("x-trace-id");
            assert!(answer.text.contains(trace), "{path} does not say under which id: {}", answer.text);
            assert_eq!(count(trace, line), 1, "{path}: {:#?}", logs::lines_with(trace));
            seen.push(answer.status);
        }
        db.execute_unprepared("alter table offerings_away rename to offerings").await.unwrap();
        assert_eq!(seen, [500, 500]);
    }
}
