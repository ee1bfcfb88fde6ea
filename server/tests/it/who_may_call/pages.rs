use std::collections::BTreeSet;

use testkit::{Engine, run};

use super::{Things, answers, browsers, callers, table, things};
use crate::portal::Portal;

#[test]
fn every_page_answers_each_role_as_the_table_says() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        let callers = callers(&portal.world, &things).await;
        let browsers = browsers(&portal, &callers).await;
        let rows = paths()
            .into_iter()
            .map(|path| (path.clone(), filled(&things, &path)));
        let lines = answers(&browsers, rows, async |browser, sent| {
            browser.get(sent).await.status
        })
        .await;
        let names: Vec<String> = callers.into_iter().map(|(name, _)| name).collect();
        insta::assert_snapshot!(table(&names, &lines));
    });
}

/// Every page that the portal routes.
fn paths() -> BTreeSet<String> {
    let routes = leptos_axum::generate_route_list(app::App);
    let paths: BTreeSet<String> = routes.iter().map(|route| route.path().to_owned()).collect();
    assert!(paths.len() > 15, "{paths:?}");
    paths
}

/// The path with its parameters replaced by what they name.
fn filled(things: &Things, path: &str) -> String {
    let parts: Vec<&str> = path.split('/').collect();
    let value = |at: usize, part: &str| -> String {
        let name = part.trim_matches(['{', '}', ':', '*']);
        let before = at
            .checked_sub(1)
            .and_then(|before| parts.get(before))
            .copied()
            .unwrap_or_default();
        match (before, name) {
            (_, "slug") => things.offering.slug.clone(),
            (_, "category") => "compute".into(),
            ("orders", _) => things.waiting.clone(),
            ("actions", _) => "restart".into(),
            ("tasks", _) => things.task.clone(),
            ("resources", _) => things.resource.clone(),
            ("invoices", _) => things.invoice.clone(),
            ("projects", _) => things.project.id.to_string(),
            ("organizations", _) => things.buyer.id.to_string(),
            ("provider", _) => things.provider.id.to_string(),
            // The only one that has actions of its own.
            ("offerings", _) if path.contains("/actions") => things.by_hand.id.to_string(),
            ("offerings", _) => things.offering.id.to_string(),
            ("terms", _) => "1".to_owned(),
            ("jobs", _) => things.job.clone(),
            ("webhooks", _) => things
                .webhook(parts.get(1).copied().unwrap_or_default())
                .to_owned(),
            ("approval-rules", _) => things.rule(parts.get(1).copied().unwrap_or_default()).to_owned(),
            _ => panic!("{path}: what is {part}?"),
        }
    };
    let filled = parts.iter().enumerate().map(|(at, part)| {
        if part.starts_with(['{', ':', '*']) {
            value(at, part)
        } else {
            (*part).to_owned()
        }
    });
    let filled = filled.collect::<Vec<_>>().join("/");
    if filled.is_empty() { "/".into() } else { filled }
}
