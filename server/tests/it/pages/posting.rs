use std::collections::{BTreeMap, BTreeSet};

use app::ssr::forms;
use leptos::server_fn::axum::server_fn_paths;
use testkit::{Engine, run};

use super::crawl::crawl;
use crate::{
    api::Browser,
    html::{Form, Page},
    portal::Portal,
    who_may_call::things,
};

/// What is posted last, because nothing much can be done afterwards.
const ENDS: [&str; 5] = [
    "revoke_role",
    "archive_offering",
    "terminate_resource",
    "change_password",
    "sign_out",
];
/// What ends without anything to say, or has no field that could be missing.
const SILENT: [&str; 9] = [
    "take_back_deputy",
    "sign_out",
    "revoke_all_tokens",
    "request_connection_test",
    "choose_plugin",
    "recalculate_order",
    "recalculate_limits",
    "recalculate_plan",
    "recalculate_renewal",
];

#[test]
fn every_server_function_that_takes_a_form_is_in_the_list_of_forms() {
    let known: BTreeSet<String> = forms::ALL.iter().map(|(name, _)| format!("/fn/{name}")).collect();
    let all: BTreeSet<String> = server_fn_paths()
        .map(|(path, _)| path.to_owned())
        .filter(|path| !path.starts_with("/fn/load_"))
        .collect();
    assert_eq!(all, known);
}

#[test]
fn server_functions_take_posts_only() {
    for (path, method) in server_fn_paths() {
        assert_eq!(method, "POST", "{path}: a link or a picture could call it");
    }
}

/// Posts and follows: the address where it ended, and the page there.
async fn post(browser: &Browser, name: &str, sent: &[(&str, &str)]) -> (String, Page) {
    let answer = browser.post(&format!("/fn/{name}"), sent).await;
    assert_eq!(
        answer.status, 302,
        "{name} {sent:?}: {} {}",
        answer.status, answer.text
    );
    let to = answer.header("location").to_owned();
    assert!(!to.contains("__err"), "{name} {sent:?} leads to {to}");
    let page = browser.get(to.split('#').next().unwrap()).await;
    assert!(page.status < 500, "{name} {sent:?}: {to} answers {}", page.status);
    (to, Page::of(&page.text))
}

#[test]
fn a_form_that_is_empty_or_holds_a_stranger_or_says_a_thing_twice_is_refused_in_words() {
    run(Engine::Sqlite, async |portal: Portal| {
        let staff = portal.world.staff().await;
        let browser = portal.browser(&staff).await;
        for (name, check) in forms::ALL {
            if SILENT.contains(name) {
                continue;
            }
            for sent in [&[][..], &[("stranger", "x")]] {
                let (to, page) = post(&browser, name, sent).await;
                assert!(!page.alerts.is_empty(), "{name} {sent:?}: {to} says nothing");
            }
            let twice = [("comment", "a"), ("comment", "b")];
            let twice = twice.map(|(name, value)| (name.to_owned(), value.to_owned()));
            assert!(check(&twice.into_iter().collect()).is_err(), "{name}");
        }
        for name in SILENT {
            let (to, page) = post(&browser, name, &[("stranger", "x")]).await;
            assert!(
                !page.alerts.is_empty() || name == "sign_out",
                "{name}: {to} says nothing"
            );
        }
    });
}

#[test]
fn every_form_that_is_drawn_can_be_sent_twice_and_says_what_became_of_it() {
    run(Engine::Sqlite, async |portal: Portal| {
        things(&portal).await;
        let staff = portal.world.staff().await;
        let browser = portal.browser(&staff).await;
        let drawn = crawl(&browser, &portal.base).await.forms;
        let mut by_name = BTreeMap::<String, Form>::new();
        for (_, form) in drawn {
            for action in form.elsewhere.iter().chain([&form.action]) {
                let name = action.trim_start_matches("/fn/").to_owned();
                by_name.entry(name).or_insert_with(|| form.clone());
            }
        }
        let last = |name: &String| ENDS.iter().position(|end| end == name).map_or(0, |at| at + 1);
        let mut order: Vec<(String, Form)> = by_name.into_iter().collect();
        order.sort_by_key(|(name, _)| last(name));
        println!(
            "{} forms are drawn for staff: {:?}",
            order.len(),
            order.iter().map(|(name, _)| name).collect::<Vec<_>>()
        );
        for (name, form) in order {
            for time in ["first", "second"] {
                let (to, page) = post(&browser, &name, &form.pairs()).await;
                let told = page.alerts.len() + page.notes.len();
                assert!(
                    told > 0 || SILENT.contains(&name.as_str()),
                    "{name}, {time} time: {to} says nothing"
                );
            }
        }
    });
}
