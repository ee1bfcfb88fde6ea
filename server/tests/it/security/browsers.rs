//! Sign-in, cookies, foreign sites, headers.

use model::{Role, Scope};
use reqwest::Method;
use testkit::{Engine, World, both_engines, run};

use crate::{
    api::{Answer, Browser},
    portal::{PASSWORD, Portal},
};

async fn somebody(portal: &Portal) -> domain::Actor {
    let person = portal.world.person(Role::Support, Scope::System).await;
    portal
        .world
        .operations()
        .accounts()
        .set_password(person.user_id, PASSWORD)
        .await
        .unwrap();
    person
}

both_engines! {
    async fn the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(portal: Portal) {
        let person = somebody(&portal).await;
        let browser = Browser::new(&portal.base);
        let answer = browser.post("/fn/sign_in", &[("email", &person.email), ("password", PASSWORD)]).await;
        let cookie = answer.header("set-cookie");
        assert!(cookie.starts_with("sid=") || cookie.starts_with("device="), "{cookie}");
        let all: Vec<&str> = answer.headers.get_all("set-cookie").iter().map(|one| one.to_str().unwrap()).collect();
        assert_eq!(all.len(), 2, "{all:?}");
        for cookie in all.iter().filter(|one| !one.starts_with("sid=")) {
            assert!(cookie.starts_with("device=") && cookie.contains("HttpOnly"), "{cookie}");
        }
        for flag in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.contains(flag), "{cookie}");
        }
        assert!(!cookie.contains("Secure"), "people come over plain HTTP here: {cookie}");
        assert_eq!(browser.get("/orders").await.status, 200);
        let out = browser.post("/fn/sign_out", &[]).await;
        assert!(out.header("clear-site-data").contains("\"storage\""), "{}", out.header("clear-site-data"));
        let after = browser.get("/orders").await;
        assert!(after.status == 302 || after.status == 401, "signed out: {}", after.status);
    }

    async fn reading_pages_puts_off_the_end_of_a_session_and_seldom_writes_it(portal: Portal) {
        let person = somebody(&portal).await;
        let browser = Browser::new(&portal.base);
        browser.post("/fn/sign_in", &[("email", &person.email), ("password", PASSWORD)]).await;
        // Takes the greeting, and notes that the session is used.
        browser.get("/orders").await;
        let is_written = async |path: &str| browser.get(path).await.header("set-cookie").starts_with("sid=");
        assert!(!is_written("/orders").await && !is_written("/profile").await);
        portal.world.clock().advance(chrono::TimeDelta::minutes(6));
        assert!(is_written("/orders").await);
        assert!(!is_written("/orders").await);
    }

    async fn an_unknown_person_and_a_wrong_password_answer_alike(portal: Portal) {
        let person = somebody(&portal).await;
        let mut answers = Vec::new();
        for (email, password) in [("nobody@example.org", PASSWORD), (person.email.as_str(), "not the password")] {
            let browser = Browser::new(&portal.base);
            let answer = browser.post("/fn/sign_in", &[("email", email), ("password", password)]).await;
            let page = browser.get(answer.header("location")).await;
            let text = page.text.replace(email, "E-MAIL");
            let said = text.find("That did not work").map(|at| text[at..].chars().take(90).collect::<String>());
            answers.push((answer.status, answer.header("location").replace(email, "E-MAIL"), page.status, said.unwrap()));
            assert!(!text.contains(password), "the password is not repeated");
            assert!(browser.get("/orders").await.header("location").contains("sign-in"));
        }
        assert_eq!(answers[0], answers[1]);
    }

    async fn guessing_passwords_is_slowed_down(portal: Portal) {
        let person = somebody(&portal).await;
        let mut last = String::new();
        for _ in 0..30 {
            let browser = Browser::new(&portal.base);
            let answer = browser.post("/fn/sign_in", &[("email", &person.email), ("password", "guess")]).await;
            last = browser.get(answer.header("location")).await.text;
            if last.contains("Too many tries") {
                break;
            }
        }
        assert!(last.contains("Too many tries"), "thirty wrong passwords in a row are not taken");
        let browser = Browser::new(&portal.base);
        let answer = browser.post("/fn/sign_in", &[("email", &person.email), ("password", PASSWORD)]).await;
        assert!(answer.header("location").contains("sign-in"), "nor is the right one after them");
    }

    async fn a_browser_that_is_known_gets_in_whatever_strangers_try(portal: Portal) {
        let person = somebody(&portal).await;
        let form = [("email", person.email.as_str()), ("password", PASSWORD)];
        let known = Browser::new(&portal.base);
        known.post("/fn/sign_in", &form).await;
        known.post("/fn/sign_out", &[]).await;
        let stranger = Browser::new(&portal.base);
        for _ in 0..8 {
            stranger.post("/fn/sign_in", &[("email", &person.email), ("password", "guess")]).await;
        }
        stranger.post("/fn/sign_in", &form).await;
        assert!(stranger.get("/orders").await.header("location").contains("sign-in"), "strangers wait");
        known.post("/fn/sign_in", &form).await;
        assert_eq!(known.get("/orders").await.status, 200);
    }

    async fn the_session_has_another_id_after_every_change_of_rights(portal: Portal) {
        let (first, second) = (somebody(&portal).await, somebody(&portal).await);
        let browser = Browser::new(&portal.base);
        let mut ids = Vec::new();
        let mut note = |answer: &Answer| {
            let mut cookies = answer.headers.get_all("set-cookie").iter().map(|one| one.to_str().unwrap().to_owned());
            let sid = cookies.rfind(|one| one.starts_with("sid=")).unwrap();
            ids.push(sid.split(';').next().unwrap().to_owned());
        };
        let own = [("email", first.email.as_str()), ("password", PASSWORD)];
        note(&browser.post("/fn/sign_in", &own).await);
        note(&browser.post("/fn/sign_in", &own).await);
        note(&browser.post("/fn/confirm_password", &[("password", PASSWORD), ("next", "/profile/tokens")]).await);
        let new = "vihmane teisipäev tuletornis";
        note(&browser.post("/fn/change_password", &[("current", PASSWORD), ("password", new), ("again", new)]).await);
        assert_eq!(browser.get("/orders").await.status, 200, "here one stays");
        note(&browser.post("/fn/sign_in", &[("email", &second.email), ("password", PASSWORD)]).await);
        let count = ids.len();
        for old in &ids[..count - 1] {
            let request = Browser::new(&portal.base).request(Method::GET, "/orders").header("cookie", old);
            assert_ne!(Answer::of(old.clone(), request).await.status, 200, "an earlier id opens nothing");
        }
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), count);
    }

    async fn a_token_is_made_after_the_password_was_typed_once_more(portal: Portal) {
        let person = somebody(&portal).await;
        let browser = portal.browser(&person).await;
        portal.world.clock().advance(chrono::TimeDelta::minutes(16));
        let page = browser.get("/profile/tokens").await.text;
        assert!(page.contains("/fn/confirm_password") && !page.contains("/fn/create_token"));
        let form = [("name", "nightly"), ("scopes", "read"), ("days", "9")];
        browser.post("/fn/create_token", &form).await;
        assert!(portal.world.domain().accounts().tokens(&person).await.unwrap().is_empty());
        browser.post("/fn/confirm_password", &[("password", PASSWORD), ("next", "/profile/tokens")]).await;
        assert!(browser.get("/profile/tokens").await.text.contains("/fn/create_token"));
        browser.post("/fn/create_token", &form).await;
        assert_eq!(portal.world.domain().accounts().tokens(&person).await.unwrap().len(), 1);
        let new = "vihmane teisipäev tuletornis";
        let answer = browser.post("/fn/change_password", &[("current", PASSWORD), ("password", new), ("again", new)]).await;
        assert_eq!(answer.header("location"), "/profile/tokens", "tokens outlive the password, so they are shown");
        assert!(browser.get("/profile/tokens").await.text.contains("/fn/revoke_all_tokens"));
        browser.post("/fn/revoke_all_tokens", &[]).await;
        let tokens = portal.world.domain().accounts().tokens(&person).await.unwrap();
        assert!(tokens[0].revoked_at.is_some());
    }
}

#[test]
fn forms_of_other_sites_are_refused() {
    run(Engine::Sqlite, async |portal: Portal| {
        let person = somebody(&portal).await;
        let own = portal.base.clone();
        let form = [("email", person.email.as_str()), ("password", PASSWORD)];
        let cases: [(&[(&str, &str)], u16); 6] = [
            (&[("origin", "https://evil.example")], 403),
            (&[("sec-fetch-site", "cross-site")], 403),
            (&[("sec-fetch-site", "same-site"), ("origin", &own)], 403),
            (&[("origin", "null")], 403),
            (&[("origin", &own)], 302),
            (&[("sec-fetch-site", "same-origin")], 302),
        ];
        for (headers, status) in cases {
            let browser = Browser::new(&portal.base);
            let request = headers.iter().fold(
                browser.request(Method::POST, "/fn/sign_in").form(&form),
                |all, (name, value)| all.header(*name, *value),
            );
            let answer = Answer::of(format!("{headers:?}"), request).await;
            assert_eq!(answer.status, status, "{headers:?}");
            assert_eq!(
                answer
                    .headers
                    .get_all("set-cookie")
                    .iter()
                    .any(|one| one.to_str().unwrap().contains("sid=")),
                status == 302,
                "{headers:?}"
            );
        }
    });
}

#[test]
fn every_answer_carries_the_headers_of_safety() {
    run(Engine::Sqlite, async |portal: Portal| {
        let browser = Browser::new(&portal.base);
        for path in [
            "/",
            "/sign-in",
            "/marketplace",
            "/healthz",
            "/readyz",
            "/api/v1/me",
            "/api/v1/openapi.json",
            "/nowhere",
            // Refused at the edge, which draws a page of its own.
            "/marketplace?cursor=%00",
        ] {
            let answer = browser.get(path).await;
            assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
            assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
            assert_eq!(answer.header("referrer-policy"), "same-origin", "{path}");
            assert_eq!(answer.header("cache-control"), "no-store", "{path}");
            let policy = answer.header("content-security-policy");
            for rule in [
                "default-src 'none'",
                "base-uri 'none'",
                "form-action '",
                "frame-ancestors 'none'",
            ] {
                assert!(policy.contains(rule), "{path}: {policy}");
            }
            let kind = answer.header("content-type");
            assert!(
                !kind.starts_with("text/") || kind.ends_with("charset=utf-8"),
                "{path}: {kind}"
            );
            assert!(answer.header("x-trace-id").len() >= 8, "{path}");
        }
    });
}

#[test]
fn nothing_echoes_a_request() {
    run(Engine::Sqlite, async |portal: Portal| {
        let browser = Browser::new(&portal.base);
        for path in ["/", "/marketplace", "/api/v1/offerings", "/healthz"] {
            let request = browser.request(Method::TRACE, path).header("x-told", "a secret");
            let answer = Answer::of(path.to_owned(), request).await;
            assert_eq!(answer.status, 405, "{path}: {}", answer.text);
            assert!(!answer.text.contains("a secret"), "{path}: {}", answer.text);
        }
    });
}

#[test]
fn pages_run_only_scripts_with_the_nonce_of_that_answer() {
    run(Engine::Sqlite, async |portal: Portal| {
        let browser = Browser::new(&portal.base);
        let mut nonces = std::collections::BTreeSet::new();
        for path in ["/sign-in", "/marketplace", "/design", "/sign-in"] {
            let page = browser.get(path).await;
            let policy = page.header("content-security-policy").to_owned();
            let nonce = policy
                .split("'nonce-")
                .nth(1)
                .unwrap()
                .split('\'')
                .next()
                .unwrap()
                .to_owned();
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{policy}"
            );
            for script in page.text.split("<script").skip(1) {
                let tag = script.split('>').next().unwrap();
                assert!(
                    tag.contains(&format!("nonce=\"{nonce}\"")),
                    "{path}: <script{tag}>"
                );
            }
            assert!(!page.text.contains(" style=\""), "{path} has no inline styles");
            assert!(!page.text.contains(" onclick="), "{path} has no inline handlers");
            nonces.insert(nonce);
        }
        assert_eq!(nonces.len(), 4, "each answer has its own nonce");
    });
}

#[test]
fn behind_tls_the_cookie_is_secure() {
    run(Engine::Sqlite, async |world: World| {
        let portal = Portal::configured(world, Vec::new(), |http| {
            http.public_url = "https://portal.example.org".into();
        })
        .await;
        let person = somebody(&portal).await;
        let form = [("email", person.email.as_str()), ("password", PASSWORD)];
        let answer = Browser::new(&portal.base).post("/fn/sign_in", &form).await;
        let mut names = Vec::new();
        for cookie in answer.headers.get_all("set-cookie") {
            let cookie = cookie.to_str().unwrap();
            for flag in ["; Secure", "; Path=/", "; HttpOnly", "SameSite=Lax"] {
                assert!(cookie.contains(flag), "{cookie}");
            }
            assert!(!cookie.contains("Domain"), "{cookie}");
            names.push(cookie.split('=').next().unwrap().to_owned());
        }
        names.sort_unstable();
        assert_eq!(names, ["__Host-device", "__Host-sid"]);
        let rule = "max-age=31536000; includeSubDomains";
        assert_eq!(answer.header("strict-transport-security"), rule);
    });
}

#[test]
fn metrics_are_for_who_brings_their_token() {
    run(Engine::Sqlite, async |portal: Portal| {
        let with = |token: &str| {
            let browser = Browser::new(&portal.base);
            let request = browser.request(Method::GET, "/metrics").bearer_auth(token);
            Answer::of(format!("metrics with {token}"), request)
        };
        assert_eq!(Browser::new(&portal.base).get("/metrics").await.status, 401);
        assert_eq!(with("the token of another").await.status, 401);
        let told = with("the token of the metrics").await;
        assert_eq!(told.status, 200);
        assert!(
            told.header("content-type").ends_with("; charset=utf-8"),
            "{told:?}"
        );
    });
}

#[test]
fn the_way_to_the_sign_in_holds_nothing_that_a_visitor_wrote_as_it_was_written() {
    run(Engine::Sqlite, async |portal: Portal| {
        let browser = Browser::new(&portal.base);
        let answer = browser.get("/invoices/1&x=2%23%22/pdf").await;
        assert_eq!(
            answer.header("location"),
            "/sign-in?next=%2Finvoices%2F1%2526x%253D2%2523%2522"
        );
    });
}

#[test]
fn the_colours_are_those_of_the_cookie_and_over_tls_of_the_hosts_own() {
    run(Engine::Sqlite, async |world: World| {
        let portal = Portal::configured(world, Vec::new(), |http| {
            http.public_url = "https://portal.example.org".into();
        })
        .await;
        let drawn = async |cookie: &str| {
            let request = Browser::new(&portal.base).request(Method::GET, "/marketplace");
            let page = Answer::of(cookie.to_owned(), request.header("cookie", cookie))
                .await
                .text;
            page.contains("data-theme=\"dark\"")
        };
        assert!(drawn("sid=x; __Host-theme=dark").await);
        assert!(!drawn("theme=dark").await, "any site of the domain could set it");
    });
}

#[test]
fn a_trace_id_is_not_taken_from_anybody() {
    run(Engine::Sqlite, async |portal: Portal| {
        let browser = Browser::new(&portal.base);
        let request = browser
            .request(Method::GET, "/healthz")
            .header("x-trace-id", "chosen-by-somebody");
        let answer = Answer::of("healthz".into(), request).await;
        assert_ne!(answer.header("x-trace-id"), "chosen-by-somebody");
    });
}
