//! What people type and backends answer is text on every page: a page has the same elements and attributes whatever is
//! written, for staff, buyers, sellers and visitors.

mod written;

use std::collections::{BTreeMap, BTreeSet};

use model::{PriceCorrectionDraft, PriceScheme, UsageReport};
use scraper::{ElementRef, Html};
use testkit::{Engine, Sold, run};

use self::written::{MARKS, marked, write_everywhere};
use super::crawl::crawl;
use crate::{
    api::Browser,
    portal::Portal,
    who_may_call::{Things, things},
};

/// Markup, quotes, braces, styles, a scheme, letters that turn and hide.
const HOSTILE: &str = "javascript:alert(1)</title></textarea></script><meta http-equiv=refresh content=\"0;url=/design\"><i q=\"'\">{{x}}</style>url(x)&amp;\u{202E}\u{200B}\u{5D0}";
/// How it begins, which is the same in HTML.
const BEGINNING: &str = "javascript:alert(1)";

/// Orders at work, with the provider and failed; use of somebody; a price that was corrected.
async fn fill(portal: &Portal, things: &Things) {
    let world = &portal.world;
    let Things {
        provider,
        buyer,
        project,
        ..
    } = things;
    let metered = world.offering(provider).named("Metered");
    let metered = metered.selling(Sold::used("cpu", "CPU-hour").at("0.4")).await;
    let used = world.order(&buyer.owner, project, &metered).fulfilled().await;
    world.clock().set("2026-03-04T09:00:00Z");
    let report = UsageReport {
        resource_id: used,
        component: "cpu".into(),
        window_start: "2026-03-03T00:00:00Z".parse().unwrap(),
        window_end: "2026-03-04T00:00:00Z".parse().unwrap(),
        quantity: "7".parse().unwrap(),
        key: "once".into(),
        username: Some("ada".into()),
    };
    let usage = world.domain().usage();
    let receipt = usage.record(&provider.manager, vec![report]).await.unwrap();
    assert_eq!(receipt.recorded, 1);
    correct_price(portal, things, &metered).await;
    let by_hand = world.offering(provider).provisioned_by_hand().await;
    let place = async || world.order(&buyer.owner, project, &by_hand).await;
    place().await;
    let (waits, fails) = (place().await, place().await);
    for order in [waits, fails] {
        let ordering = portal.operations.ordering();
        ordering.wait_for_provider(order, "A rack").await.unwrap();
    }
    let ordering = world.domain().ordering();
    ordering
        .cannot_fulfil(&provider.manager, fails, "No disks.")
        .await
        .unwrap();
}

async fn correct_price(portal: &Portal, things: &Things, metered: &testkit::Offering) {
    let (domain, manager) = (portal.world.domain(), &things.provider.manager);
    let history = domain
        .catalogue()
        .plan_history(manager, metered.id, metered.plan)
        .await
        .unwrap();
    let price = history.versions.iter().find(|one| one.component.is_some());
    let draft = PriceCorrectionDraft {
        version: price.unwrap().id,
        scheme: PriceScheme::PerUnit {
            price: "0.3".parse().unwrap(),
        },
        from: "2026-03-03".parse().unwrap(),
        reason: "Mistyped".into(),
    };
    let billing = domain.billing();
    billing
        .correct_price(manager, metered.id, metered.plan, draft)
        .await
        .unwrap();
}

/// Every element with the names of its attributes; drawings differ by name and are left out.
fn skeleton(html: &str) -> Vec<String> {
    let document = Html::parse_document(html);
    let elements = document.tree.nodes().filter_map(ElementRef::wrap);
    let drawn = |element: &ElementRef<'_>| {
        element
            .ancestors()
            .filter_map(ElementRef::wrap)
            .any(|above| above.value().name() == "svg")
    };
    elements
        .filter(|element| !drawn(element))
        .map(|element| {
            let mut names: Vec<&str> = element.value().attrs().map(|(name, _)| name).collect();
            names.sort_unstable();
            for name in ["href", "src", "action", "formaction"] {
                let leads = element.value().attr(name).unwrap_or_default();
                assert!(!leads.trim_start().starts_with("javascript:"), "{leads}");
            }
            format!("{} {}", element.value().name(), names.join(" "))
        })
        .collect()
}

/// What somebody sees: the elements of each page, and which of the marked texts there were.
#[derive(Default)]
struct Seen {
    pages: BTreeMap<String, Vec<String>>,
    marks: BTreeSet<&'static str>,
}

async fn see(browser: &Browser, addresses: impl Iterator<Item = &String>) -> Seen {
    let mut seen = Seen::default();
    for address in addresses {
        let page = browser.get(address).await;
        assert!(page.status < 500, "{address}: {} {}", page.status, page.text);
        if page.header("content-type").starts_with("text/html") && page.status == 200 {
            seen.pages.insert(address.clone(), skeleton(&page.text));
            let shown = MARKS
                .into_iter()
                .filter(|mark| page.text.contains(&marked(mark, BEGINNING)));
            seen.marks.extend(shown);
        }
    }
    seen
}

fn compare(who: &str, before: &Seen, after: &Seen) {
    for (address, elements) in &before.pages {
        let now = after
            .pages
            .get(address)
            .unwrap_or_else(|| panic!("{who}: {address} is not there"));
        let at = elements.iter().zip(now).position(|(one, other)| one != other);
        let near =
            |list: &[String]| at.map(|at| list[at.saturating_sub(2)..(at + 3).min(list.len())].to_vec());
        assert_eq!(near(elements), near(now), "{who}: {address}");
        assert_eq!(elements.len(), now.len(), "{who}: {address}");
    }
}

#[test]
fn no_name_becomes_markup_on_any_page() {
    run(Engine::Sqlite, async |portal: Portal| {
        let things = things(&portal).await;
        fill(&portal, &things).await;
        let people = [
            ("staff", portal.browser(&portal.world.staff().await).await, 60),
            ("buyer", portal.browser(&things.buyer.owner).await, 20),
            ("seller", portal.browser(&things.provider.manager).await, 20),
            ("visitor", Browser::new(&portal.base), 4),
        ];
        let plain: String = "Plain words "
            .chars()
            .cycle()
            .take(HOSTILE.chars().count())
            .collect();
        write_everywhere(&portal, &plain).await;
        let mut before = Vec::new();
        for (who, browser, least) in &people {
            let addresses = crawl(browser, &portal.base).await.statuses;
            let seen = see(browser, addresses.keys()).await;
            assert!(seen.pages.len() > *least, "{who}: {} pages", seen.pages.len());
            before.push(seen);
        }
        write_everywhere(&portal, HOSTILE).await;
        let mut marks = BTreeSet::new();
        for ((who, browser, _), before) in people.iter().zip(&before) {
            let after = see(browser, before.pages.keys()).await;
            compare(who, before, &after);
            marks.extend(after.marks);
        }
        let unseen: Vec<_> = MARKS.iter().filter(|mark| !marks.contains(*mark)).collect();
        assert!(unseen.is_empty(), "no page shows {unseen:?}");
    });
}
