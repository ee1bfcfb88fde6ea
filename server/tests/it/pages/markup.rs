//! What people type is text on every page: a page has the same elements and attributes whatever the names are.

use std::collections::BTreeMap;

use scraper::{ElementRef, Html};
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use testkit::{Engine, run};

use super::crawl::crawl;
use crate::{api::Browser, portal::Portal, who_may_call::things};

/// Markup, quotes, braces, styles, a scheme, letters that turn and hide.
const HOSTILE: &str = "javascript:alert(1)</title></textarea></script><meta http-equiv=refresh content=\"0;url=/design\"><i q=\"'\">{{x}}</style>url(x)&amp;\u{202E}\u{200B}\u{5D0}";

/// Everything that people write, by table.
const WRITTEN: [(&str, &[&str]); 14] = [
    ("users", &["name"]),
    ("organizations", &["name", "provider_description", "bank_account"]),
    (
        "organization_versions",
        &[
            "name",
            "legal_name",
            "registration_number",
            "vat_number",
            "address",
        ],
    ),
    ("projects", &["name", "description"]),
    ("categories", &["name", "description"]),
    (
        "offerings",
        &[
            "name",
            "summary",
            "description",
            "terms_of_service",
            "state_reason",
        ],
    ),
    ("components", &["name", "description", "article_code", "unit"]),
    ("plans", &["name", "description"]),
    ("resources", &["name", "error", "usage_error"]),
    ("orders", &["resource_name", "error"]),
    ("order_decisions", &["comment"]),
    (
        "invoice_items",
        &[
            "resource_name",
            "project_name",
            "description",
            "article_code",
            "unit",
        ],
    ),
    ("audit_events", &["actor_name", "reason"]),
    ("api_tokens", &["name"]),
];

async fn write_everywhere(portal: &Portal, text: &str) {
    let text = text.replace('\'', "''");
    let db = portal.world.db();
    // Issued documents never change, which the database itself watches; here it matters only how they are shown.
    let watching = db.query_all_raw(Statement::from_string(
        DbBackend::Sqlite,
        "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    ));
    for row in watching.await.unwrap() {
        let name: String = row.try_get("", "name").unwrap();
        db.execute_unprepared(&format!("DROP TRIGGER {name}"))
            .await
            .unwrap();
    }
    for (table, columns) in WRITTEN {
        let set: Vec<String> = columns
            .iter()
            .map(|column| format!("{column} = '{text}'"))
            .collect();
        db.execute_unprepared(&format!("UPDATE {table} SET {}", set.join(", ")))
            .await
            .unwrap();
    }
    for party in ["seller", "buyer"] {
        let set = format!(
            "UPDATE invoices SET {party} = json_set({party}, '$.name', '{text}', '$.address', '{text}')"
        );
        db.execute_unprepared(&set).await.unwrap();
    }
    db.execute_unprepared("UPDATE offerings SET revision = revision + 1")
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

async fn skeletons(
    browser: &Browser,
    addresses: impl Iterator<Item = &String>,
) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for address in addresses {
        let page = browser.get(address).await;
        assert!(page.status < 500, "{address}: {} {}", page.status, page.text);
        if page.header("content-type").starts_with("text/html") && page.status == 200 {
            all.insert(address.clone(), skeleton(&page.text));
        }
    }
    all
}

#[test]
fn no_name_becomes_markup_on_any_page() {
    run(Engine::Sqlite, async |portal: Portal| {
        things(&portal).await;
        let browser = portal.browser(&portal.world.staff().await).await;
        let plain: String = "Plain words "
            .chars()
            .cycle()
            .take(HOSTILE.chars().count())
            .collect();
        write_everywhere(&portal, &plain).await;
        let addresses = crawl(&browser, &portal.base).await.statuses;
        let before = skeletons(&browser, addresses.keys()).await;
        assert!(before.len() > 60, "{} pages", before.len());
        write_everywhere(&portal, HOSTILE).await;
        let after = skeletons(&browser, before.keys()).await;
        for (address, elements) in &before {
            let now = after
                .get(address)
                .unwrap_or_else(|| panic!("{address} is not there"));
            let at = elements.iter().zip(now).position(|(one, other)| one != other);
            let near =
                |list: &[String]| at.map(|at| list[at.saturating_sub(2)..(at + 3).min(list.len())].to_vec());
            assert_eq!(near(elements), near(now), "{address}");
            assert_eq!(elements.len(), now.len(), "{address}");
        }
    });
}
