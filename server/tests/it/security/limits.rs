//! What one person, one address or anybody may take of the portal, and what is said beyond it.

use std::time::Duration;

use domain::{Actor, Clock, access::accounts::StoredSession};
use reqwest::Method;
use sea_orm::EntityTrait;
use serde_json::json;
use server::HttpConfig;
use testkit::{Engine, World, both_engines, run};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use crate::{
    api::{Answer, Browser},
    portal::Portal,
    who_may_call::{Things, things},
};

/// How much longer than ever needed a test waits before it says that something does not come.
const PATIENCE: Duration = Duration::from_mins(2);
const SHORT: Duration = Duration::from_millis(50);

async fn connect(portal: &Portal) -> TcpStream {
    TcpStream::connect(portal.base.trim_start_matches("http://"))
        .await
        .unwrap()
}

/// What comes until the other side hangs up; whether it ends or breaks off is the same here.
async fn until_hung_up(mut stream: TcpStream) -> String {
    let mut heard = Vec::new();
    let reading = stream.read_to_end(&mut heard);
    drop(tokio::time::timeout(PATIENCE, reading).await.unwrap());
    String::from_utf8_lossy(&heard).into_owned()
}

#[test]
fn who_stays_silent_is_hung_up_on() {
    run(Engine::Sqlite, async |world: World| {
        let portal = Portal::configured(world, Vec::new(), |http| http.connections.silence = SHORT).await;
        assert_eq!(until_hung_up(connect(&portal).await).await, "");
    });
}

#[test]
fn a_body_that_does_not_come_is_refused_in_words() {
    run(Engine::Sqlite, async |world: World| {
        let portal = Portal::configured(world, Vec::new(), |http| http.body_within = SHORT).await;
        for (path, kind, words) in [
            ("/fn/sign_in", "text/html", "<h1>This took too long</h1>"),
            (
                "/api/v1/orders",
                "application/problem+json",
                "\"code\":\"body_too_slow\"",
            ),
        ] {
            let mut slow = connect(&portal).await;
            let sent = format!(
                "POST {path} HTTP/1.1\r\nhost: x\r\naccept: text/html\r\nconnection: close\r\n\
                 content-type: application/x-www-form-urlencoded\r\ncontent-length: 99\r\n\r\nem"
            );
            slow.write_all(sent.as_bytes()).await.unwrap();
            let heard = until_hung_up(slow).await;
            assert!(heard.starts_with("HTTP/1.1 408"), "{path}: {heard}");
            assert!(heard.contains(kind) && heard.contains(words), "{path}: {heard}");
        }
    });
}

#[test]
fn what_changes_something_has_a_rate_and_reading_does_not_count() {
    run(Engine::Sqlite, async |world: World| {
        let portal = Portal::configured(world, Vec::new(), |http| http.posts_per_minute = 1).await;
        let browser = Browser::new(&portal.base);
        let form = [("email", "somebody@example.org"), ("password", "x")];
        assert_eq!(browser.post("/fn/sign_in", &form).await.status, 302);
        let refused = browser.post("/fn/sign_in", &form).await;
        assert_eq!(refused.status, 429, "{}", refused.text);
        assert!(
            refused.text.contains("<h1>Too many requests</h1>"),
            "{}",
            refused.text
        );
        let told: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&told), "{told}");
        let staff = portal.api(&portal.world.staff().await).await;
        let refused = staff.post("/projects", json!({})).await;
        refused.refused(429, "too_many_requests");
        assert_ne!(refused.header("retry-after"), "");
        staff.get("/projects").await.ok();
        assert_eq!(browser.get("/marketplace").await.status, 200);
    });
}

#[test]
fn who_asks_the_api_without_a_token_has_a_rate_and_who_has_one_has_none() {
    run(Engine::Sqlite, async |world: World| {
        let portal = Portal::configured(world, Vec::new(), |http| http.anonymous_reads_per_minute = 1).await;
        let nobody = Browser::new(&portal.base);
        nobody.get("/api/v1/categories").await.ok();
        let refused = nobody.get("/api/v1/offerings").await;
        refused.refused(429, "too_many_requests");
        let told: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&told), "{told}");
        portal
            .api(&portal.world.stranger().await)
            .await
            .get("/offerings")
            .await
            .ok();
        assert_eq!(
            nobody.get("/marketplace").await.status,
            200,
            "pages are not counted"
        );
    });
}

#[test]
fn who_reads_pages_without_being_signed_in_has_a_rate_and_who_is_signed_in_has_none() {
    run(Engine::Sqlite, async |world: World| {
        let portal =
            Portal::configured(world, Vec::new(), |http| http.anonymous_page_reads_per_minute = 2).await;
        let person = portal.browser(&portal.world.stranger().await).await;
        let visitor = Browser::new(&portal.base);
        for path in ["/marketplace", "/nowhere"] {
            assert_ne!(visitor.get(path).await.status, 429, "{path}");
        }
        let refused = visitor.get("/marketplace").await;
        assert_eq!(refused.status, 429, "{}", refused.text);
        assert!(
            refused.text.contains("<h1>Too many requests</h1>"),
            "{}",
            refused.text
        );
        let told: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=60).contains(&told), "{told}");
        let forged = visitor
            .request(Method::GET, "/sign-in")
            .header("cookie", "sid=AAAAAAAAAAAAAAAAAAAAAA");
        assert_eq!(Answer::of("a forged session".into(), forged).await.status, 429);
        for _ in 0..4 {
            assert_eq!(person.get("/marketplace").await.status, 200);
        }
        assert_eq!(
            visitor
                .post("/fn/sign_in", &[("email", "x"), ("password", "x")])
                .await
                .status,
            302
        );
        visitor.get("/api/v1/offerings").await.ok();
        assert_eq!(visitor.get("/healthz").await.status, 200);
    });
}

#[test]
fn behind_a_proxy_each_client_has_its_own_rate() {
    run(Engine::Sqlite, async |world: World| {
        let change = |http: &mut HttpConfig| (http.posts_per_minute, http.proxy_hops) = (1, 1);
        let portal = Portal::configured(world, Vec::new(), change).await;
        let browser = Browser::new(&portal.base);
        let post = async |from: &str| {
            let request = browser
                .request(Method::POST, "/fn/sign_out")
                .header("x-forwarded-for", from);
            Answer::of(from.to_owned(), request).await.status
        };
        assert_eq!([post("192.0.2.1").await, post("192.0.2.1").await], [302, 429]);
        assert_eq!(post("192.0.2.2").await, 302);
    });
}

#[test]
fn a_body_has_so_many_bytes_and_not_one_more() {
    run(Engine::Sqlite, async |portal: Portal| {
        const MOST: usize = 2 * 1024 * 1024;
        let staff = portal.api(&portal.world.staff().await).await;
        let send = async |bytes: usize| {
            let request = staff
                .request(Method::POST, "/projects")
                .header("content-type", "application/json");
            Answer::of(format!("{bytes} bytes"), request.body("x".repeat(bytes))).await
        };
        send(MOST).await.refused(400, "not_json");
        send(MOST + 1).await.refused(413, "too_large");
    });
}

both_engines! {
    async fn control_characters_are_refused_in_words(portal: Portal) {
        let browser = Browser::new(&portal.base);
        for (path, status) in [("/marketplace?cursor=%00", 400), ("/orders?resource=%01", 400), ("/invoices/%01/pdf", 404)] {
            let page = browser.get(path).await;
            assert_eq!(page.status, status, "{path}: {}", page.text);
            assert!(page.header("content-type").starts_with("text/html") && page.text.contains("<h1>"), "{path}: {}", page.text);
        }
        let page = browser.post("/fn/sign_in", &[("email", "a\u{1}b"), ("password", "x")]).await;
        assert_eq!(page.status, 400, "{}", page.text);
        let staff = portal.browser(&portal.world.staff().await).await;
        let sent = staff.post("/fn/terminate_resource", &[("resource", "\u{e4} \u{2028}")]).await;
        assert_eq!(sent.status, 302, "{}", sent.text);
    }

    async fn of_who_is_not_signed_in_no_form_is_kept(portal: Portal) {
        let browser = Browser::new(&portal.base);
        let much = "x".repeat(50_000);
        for form in ["recalculate_order", "place_order", "recalculate_limits", "save_terms"] {
            let answer = browser.post(&format!("/fn/{form}"), &[("attributes.a", &much), ("offering", "x")]).await;
            assert_eq!(answer.status, 302, "{form}");
            assert!(answer.header("location").starts_with("/sign-in"), "{form}: {}", answer.header("location"));
            assert_eq!(answer.header("set-cookie"), "", "{form} begins no session");
            let page = browser.get(answer.header("location")).await.text;
            assert!(page.contains("You were not signed in, so nothing was done."), "{form}: {page}");
        }
        let answer = browser.post("/fn/recalculate_order", &[("a", &"x".repeat(64 * 1024 - 2))]).await;
        assert_eq!(answer.status, 302, "as much as is taken: {}", answer.text);
        let answer = browser.post("/fn/recalculate_order", &[("a", &"x".repeat(64 * 1024 - 1))]).await;
        assert_eq!(answer.status, 413, "{}", answer.text);
        assert!(answer.text.contains("<h1>"), "a page says so: {}", answer.text);
    }
}

#[test]
fn streams_are_counted_and_end_with_the_session_and_with_the_role() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let path = format!("/events/orders/{}", things.waiting);
        let member = portal.world.member(&things.project).await;
        let browser = portal.browser(&member).await;
        let mut open = Vec::new();
        for _ in 0..12 {
            let stream = browser.request(Method::GET, &path).send().await.unwrap();
            assert_eq!(stream.status(), 200);
            open.push(stream);
        }
        let refused = Answer::of("one more".into(), browser.request(Method::GET, &path)).await;
        assert_eq!(refused.status, 429, "{}", refused.text);
        let other = portal.browser(&portal.world.staff().await).await;
        let theirs = other.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(theirs.status(), 200, "others have their own");
        browser.post("/fn/sign_out", &[]).await;
        for stream in open {
            let ended = tokio::time::timeout(PATIENCE, stream.bytes()).await;
            assert!(ended.is_ok(), "a stream goes on after signing out");
        }
        let again = portal.browser(&member).await;
        let stream = again.request(Method::GET, &path).send().await.unwrap();
        assert_eq!(stream.status(), 200, "what ended makes room");
        take_roles(&portal, &things, &member).await;
        // What happens after that is none of their business.
        portal
            .world
            .domain()
            .ordering()
            .approve(&things.buyer.owner, things.waiting.parse().unwrap(), "")
            .await
            .unwrap();
        let ended = tokio::time::timeout(PATIENCE, stream.text()).await.unwrap();
        assert!(
            !ended.unwrap().contains("event:"),
            "it tells what may not be seen any more"
        );
    });
}

/// Takes away all that this person may in the project.
async fn take_roles(portal: &Portal, things: &Things, person: &Actor) {
    let staff = portal.api(&portal.world.staff().await).await;
    let grants = staff
        .get(&format!("/grants?project={}", things.project.id))
        .await
        .ok();
    for grant in grants.as_array().unwrap() {
        if grant["user_id"] == person.user_id.to_string() {
            let path = format!("/grants/{}", grant["grant_id"].as_str().unwrap());
            assert!(staff.send(Method::DELETE, &path, None).await.status < 300);
        }
    }
}

#[test]
fn a_stream_tells_what_happens() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let browser = portal.browser(&things.buyer.owner).await;
        let path = format!("/events/orders/{}", things.waiting);
        let stream = browser.request(Method::GET, &path).send().await.unwrap();
        portal
            .world
            .domain()
            .ordering()
            .reject(&things.buyer.owner, things.waiting.parse().unwrap(), "no")
            .await
            .unwrap();
        let told = tokio::time::timeout(PATIENCE, stream.text())
            .await
            .unwrap()
            .unwrap();
        assert!(
            told.contains("event: done") && told.contains("rejected"),
            "{told}"
        );
    });
}

#[test]
fn a_long_form_is_not_kept_where_too_much_waits_and_the_page_says_so() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let person = &things.buyer.owner;
        let browser = portal.browser(person).await;
        let again = async |typed: &str| {
            let form = [
                ("offering", things.offering.id.to_string()),
                ("name", typed.to_owned()),
            ];
            let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            let sent = browser.post("/fn/recalculate_order", &form).await;
            assert_eq!(sent.status, 302, "{}", sent.text);
            browser.get(sent.header("location")).await.text
        };
        let long = "typed by hand ".repeat(2_000);
        assert!(again(&long).await.contains("typed by hand"));
        let full = StoredSession {
            id: "another browser".into(),
            user_id: Some(person.user_id),
            data: vec![b'x'; 1024 * 1024],
            expires_at: portal.world.clock().now().timestamp() + 60,
        };
        assert!(
            portal
                .world
                .domain()
                .accounts()
                .session_create(full)
                .await
                .unwrap()
        );
        let page = again(&long).await;
        assert!(
            !page.contains("typed by hand") && page.contains("What you typed was not kept"),
            "{page}"
        );
        assert!(
            again("typed by hand").await.contains("typed by hand"),
            "what is short has as much room again"
        );
    });
}

/// Bytes of all sessions.
async fn kept(portal: &Portal) -> usize {
    let rows = entity::session::Entity::find()
        .all(portal.world.db())
        .await
        .unwrap();
    rows.iter().map(|row| row.data.len()).sum()
}

#[test]
fn so_much_of_a_form_and_so_many_forms_wait_and_not_one_more() {
    run(Engine::Sqlite, async |portal: Portal| {
        let person = portal.world.stranger().await;
        let refused = async |browser: &Browser, page: &str, fields: usize, letters: usize| {
            let mut form = vec![("offering".to_owned(), page.to_owned())];
            form.extend((0..fields).map(|n| (format!("attributes.a{n}"), "x".repeat(letters))));
            let form: Vec<(&str, &str)> = form
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str()))
                .collect();
            assert_eq!(browser.post("/fn/place_order", &form).await.status, 302);
        };
        let browser = portal.browser(&person).await;
        let empty = kept(&portal).await;
        refused(&browser, "large", 5, 60_000).await;
        assert!(
            kept(&portal).await < empty + 10_000,
            "300 kB of a form are too much"
        );
        refused(&browser, "long", 1, 70_000).await;
        let one = kept(&portal).await;
        assert!(
            (empty + 60_000..empty + 69_000).contains(&one),
            "of a text 60,000 letters are kept: {one}"
        );
        refused(&browser, "less", 4, 60_000).await;
        assert!(kept(&portal).await > empty + 300_000, "240 kB are not");
        let browser = portal.browser(&person).await;
        for number in 0..8 {
            refused(&browser, &format!("none-{number}"), 1, 20_000).await;
        }
        let eight = kept(&portal).await;
        refused(&browser, "none-8", 1, 20_000).await;
        let nine = kept(&portal).await;
        assert!(
            nine.abs_diff(eight) < 1_000,
            "the oldest of nine goes: {eight} and {nine}"
        );
    });
}

both_engines! {
    async fn what_is_no_form_is_refused_before_anybody_is_looked_up(portal: Portal) {
        let person = portal.world.stranger().await;
        let browser = portal.browser(&person).await;
        let address = "/fn/load_markdown";
        for kind in ["text/plain", "application/json", "multipart/form-data; boundary=x"] {
            let request = browser.request(Method::POST, address).header("content-type", kind).header("accept", "text/html");
            let sent = Answer::of(format!("{kind} to {address}"), request.body("text=hello"));
            let (cost, answer) = portal.statements(sent).await;
            assert_eq!((answer.status, cost), (415, 0), "{kind}");
            assert!(answer.text.contains("this address takes what a form of a page sends"), "{}", answer.text);
        }
        let (cost, page) = portal.statements(browser.get("/profile")).await;
        assert!(page.status == 200 && cost > 0, "what is asked as it should be does look them up: {cost}");
    }
}
