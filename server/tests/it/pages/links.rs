use std::{collections::BTreeSet, fmt::Write as _};

use testkit::{Engine, run};

use super::crawl::{Seen, crawl};
use crate::{
    api::Browser,
    portal::Portal,
    who_may_call::{callers, things},
};

/// What each role sees of the whole portal.
async fn as_everybody(portal: &Portal) -> Vec<(String, Seen)> {
    let things = things(portal).await;
    let mut all = Vec::new();
    for (role, actor) in callers(&portal.world, &things).await {
        let browser = match &actor {
            Some(actor) => portal.browser(actor).await,
            None => Browser::new(&portal.base),
        };
        all.push((role, crawl(&browser, &portal.base).await));
    }
    all
}

#[test]
fn no_link_that_a_page_shows_leads_to_a_refusal_in_any_role() {
    run(Engine::Sqlite, async |portal: Portal| {
        let mut faults = String::new();
        let mut empty = BTreeSet::new();
        for (role, seen) in as_everybody(&portal).await {
            println!("{role}: {}", seen.counts());
            for fault in &seen.faults {
                writeln!(faults, "{role}: {fault}").unwrap();
            }
            for (page, form) in &seen.forms {
                if let Some(fault) = unknown(form) {
                    writeln!(faults, "{role}: {page}: {} {fault}", form.action).unwrap();
                }
            }
            empty.extend(
                seen.empty
                    .iter()
                    .map(|(page, title)| format!("{}: {title}", without_ids(page))),
            );
        }
        for line in &empty {
            println!("empty: {line}");
        }
        assert!(faults.is_empty(), "{faults}");
    });
}

/// Why the decoder of the form would refuse it as it is drawn, with all that can be chosen in it.
fn unknown(form: &crate::html::Form) -> Option<String> {
    let targets = form.elsewhere.iter().chain([&form.action]);
    let mut faults = targets.filter_map(|action| {
        let name = action.strip_prefix("/fn/")?;
        let Some((_, check)) = app::ssr::forms::ALL.iter().find(|(one, _)| *one == name) else {
            return Some(format!("{action} is no form"));
        };
        let held: BTreeSet<&str> = form.fields.iter().map(|(name, _)| name.as_str()).collect();
        let mut further: Vec<_> = form
            .further
            .iter()
            .filter(|(name, _)| !held.contains(name.as_str()))
            .collect();
        further.dedup_by_key(|(name, _)| name.clone());
        let all = form.fields.iter().chain(further).cloned().collect();
        check(&all).err().map(|refused| refused.to_string())
    });
    faults.next()
}

fn without_ids(page: &str) -> String {
    let parts = page.split_inclusive(['/', '=', '?', '&']);
    let long = |part: &str| part.len() >= 36 && part.contains('-');
    parts.map(|part| if long(part) { "…" } else { part }).collect()
}
