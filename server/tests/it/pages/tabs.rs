//! Two tabs that are open at once, of one person or of two.

use std::collections::{BTreeMap, BTreeSet};

use model::{Field, FieldKind, Schema};
use testkit::{Offering, Sold, both_engines};

use crate::{
    api::Browser,
    html::{self, Form, Page},
    portal::Portal,
};

/// Names of what a form is about, and of what is never stored.
const NO_TEXTS: [&str; 14] = [
    "offering",
    "action",
    "organization",
    "project",
    "resource",
    "revision",
    "id",
    "field",
    "secret_fields",
    "settings.token",
    "valid_from",
    "scope",
    "scope_id",
    "grant",
];
/// Forms of one button, which have nothing to compare.
const BUTTONS: [&str; 7] = [
    "archive_plan",
    "move_action",
    "move_field",
    "remove_action",
    "remove_component",
    "remove_field",
    "request_connection_test",
];

/// What is typed into the fields, other than what any of them holds.
fn typed(audience: &str) -> BTreeMap<String, String> {
    let pairs = [
        ("name", "Mine"),
        ("summary", "Mine"),
        ("description", "Mine"),
        ("category", "other"),
        ("visibility", "private"),
        ("audience", audience),
        ("provider_approval", "true"),
        ("attributes.region", "Mine"),
        ("attributes.green", "true"),
        ("plugin", "manual"),
        ("settings.endpoint", "Mine"),
        ("code", "mine"),
        ("unit", "Mine"),
        ("charge", "fixed"),
        ("limit_period", "quarter"),
        ("expected_use", "optional"),
        ("prepaid", "true"),
        ("min", "2"),
        ("max", "9"),
        ("default", "3"),
        ("step", "1"),
        ("factor", "7"),
        ("overage_component", "more"),
        ("article_code", "Mine"),
        ("currency", "USD"),
        ("billing_period", "year"),
        ("proration", "none"),
        ("charge_mode", "advance"),
        ("setup_fee", "5"),
        ("price_changes", "at_renewal"),
        ("notice_days", "60"),
        ("price.cpu", "7"),
        ("scheme.cpu", "volume"),
        ("size.cpu", "3"),
        ("tiers.cpu", "9: 6\n3"),
        ("price.more", "8"),
        ("scheme.more", "package"),
        ("size.more", "4"),
        ("tiers.more", "8: 6\n3"),
        ("min_months", "3"),
        ("max_months", "24"),
        ("step_months", "3"),
        ("grace_days", "9"),
        ("terms_of_service", "Mine"),
        ("label", "Mine"),
        ("title", "Mine"),
        ("who_may_ask", "provider"),
        ("confirmation", "Mine"),
        ("beside_others", "true"),
        ("key", "mine"),
        ("help", "Mine"),
        ("type", "integer"),
        ("choices", "a: A"),
        ("required", "true"),
        ("section", "Mine"),
        ("when_field", "first"),
        ("when_values", "true"),
        ("last_day", "2026-11-30"),
        ("start_date", "2026-01-02"),
        ("end_date", "2027-01-02"),
        ("approval_limit", "77"),
        ("legal_name", "Mine"),
        ("registration_number", "Mine"),
        ("vat_number", "Mine"),
        ("address", "Mine"),
        ("country", "FI"),
        ("email", "mine@example.org"),
        ("bank_account", "Mine"),
        ("tax_percent", "7"),
        ("time_zone", "Asia/Tokyo"),
        ("is_provider", "true"),
        ("provider_description", "Mine"),
    ];
    let pairs = pairs.map(|(name, text)| (name.to_owned(), text.to_owned()));
    pairs.into_iter().collect()
}

/// A form that names the state that it was drawn in.
struct Revised {
    at: String,
    function: &'static str,
    holds: (&'static str, String),
    /// A change by which it is overtaken: where the form of that stands, which it is, and a field with its text.
    overtaken: (String, &'static str, &'static str, String),
}

async fn drawn(browser: &Browser, one: &Revised) -> Form {
    let page = Page::of(&browser.get(&one.at).await.text);
    page.form(one.function, &[(one.holds.0, &one.holds.1)])
}

/// As a page tells the text of a field.
fn told(text: &str) -> String {
    match text.split_whitespace().collect::<Vec<_>>().join(" ").as_str() {
        "" | "false" => "—".to_owned(),
        "true" => "yes".to_owned(),
        text => text.to_owned(),
    }
}

/// The form with another text in each field, and what stood and stands in each.
fn rewritten(
    form: &Form,
    typed: &BTreeMap<String, String>,
    function: &str,
) -> (Form, BTreeSet<(String, String)>) {
    let names: BTreeSet<&String> = form
        .fields
        .iter()
        .chain(&form.further)
        .map(|(name, _)| name)
        .collect();
    let mut mine = form.clone();
    let mut both = BTreeSet::new();
    for name in names
        .into_iter()
        .filter(|name| !NO_TEXTS.contains(&name.as_str()))
    {
        let text = typed
            .get(name)
            .unwrap_or_else(|| panic!("{function} has a new field: {name}"));
        let stored = form.fields.iter().find(|(one, _)| one == name);
        let stored = stored.map(|(_, text)| text.as_str()).unwrap_or_default();
        // A box that is ticked is left empty.
        let ticked = stored == "true" && text == "true";
        let text = if ticked { "" } else { text };
        assert_ne!(told(stored), told(text), "{function}: {name}");
        mine.fields.retain(|(one, _)| one != name);
        if !ticked {
            mine.fields.push((name.clone(), text.to_owned()));
        }
        both.insert((told(stored), told(text)));
    }
    (mine, both)
}

/// Overtakes the form after another text was typed into each of its fields: both texts of each must be told.
async fn shows_both_texts(browser: &Browser, one: &Revised, typed: &BTreeMap<String, String>) {
    let mine = drawn(browser, one).await;
    let (at, function, name, text) = &one.overtaken;
    let other = Page::of(&browser.get(at).await.text).form(function, &[]);
    let other = other.with(name, text);
    let done = browser.post(&other.action, &other.pairs()).await;
    assert!(
        browser.get(&path(done.header("location"))).await.status < 400,
        "{}: {function}",
        one.function
    );
    let stored = drawn(browser, one).await;
    let (form, both) = rewritten(&stored, typed, one.function);
    let revision = mine.fields.iter().find(|(name, _)| name == "revision");
    let form = form.with("revision", &revision.unwrap().1);
    let refused = browser.post(&form.action, &form.pairs()).await;
    let page = browser.get(&path(refused.header("location"))).await;
    assert_eq!(page.status, 409, "{}", one.function);
    let rows: BTreeSet<_> = html::conflict(&page.text)
        .into_iter()
        .map(|[_, stored, typed]| (stored, typed))
        .collect();
    let missing: Vec<_> = both.difference(&rows).collect();
    assert!(
        missing.is_empty(),
        "{} does not tell {missing:?}: {rows:?}",
        one.function
    );
}

fn path(address: &str) -> String {
    address.split('#').next().unwrap().to_owned()
}

/// The forms of an offering.
fn of_offering(offering: &Offering, component: &str) -> Vec<Revised> {
    let step = |path: &str| app::routes::offering_step(offering.id, path);
    let form = |path: String, function: &'static str, holds: (&'static str, String)| Revised {
        at: step(&path),
        function,
        holds,
        overtaken: (
            step("terms"),
            "save_terms",
            "terms_of_service",
            format!("Before {function}"),
        ),
    };
    let own = || ("offering", offering.id.to_string());
    let plan = offering.plan.to_string();
    let terms = Revised {
        overtaken: (step("describe"), "save_description", "summary", "Theirs".into()),
        ..form("terms".into(), "save_terms", own())
    };
    vec![
        form("describe".into(), "save_description", own()),
        form("provisioning".into(), "save_plugin", own()),
        form(
            format!("components?component={component}"),
            "save_component",
            ("id", component.to_owned()),
        ),
        form(format!("plans?plan={plan}"), "save_plan", ("id", plan)),
        form("plans".into(), "save_duration", own()),
        form("form?field=size".into(), "add_field", ("field", "size".into())),
        terms,
    ]
}

/// The forms of an action that a provider defined, which asks for a size.
fn of_own_action(offering: &Offering) -> Vec<Revised> {
    let list = app::routes::offering_step(offering.id, "actions");
    let own = app::routes::offering_action(offering.id, "restart");
    let forms = [
        (
            format!("{list}?action=restart"),
            "save_action",
            ("action", "restart"),
        ),
        (format!("{own}?field=size"), "add_field", ("field", "size")),
    ];
    let of = |(at, function, (name, text)): (String, &'static str, (&'static str, &str))| Revised {
        at,
        function,
        holds: (name, text.to_owned()),
        overtaken: (
            app::routes::offering_step(offering.id, "terms"),
            "save_terms",
            "terms_of_service",
            format!("Before {function}"),
        ),
    };
    forms.map(of).into()
}

both_engines! {
    /// Two tabs of one browser, each with a form about another thing, both refused before either page is looked at.
    async fn two_tabs_about_two_things_each_get_their_own_answer(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).unpublished().await;
        let other = world.offering(&provider).named("Other").unpublished().await;
        let browser = portal.browser(&provider.manager).await;
        let tab = async |id: String| {
            let at = app::routes::offering_step(&id, "plans");
            let page = Page::of(&browser.get(&at).await.text);
            page.form("save_plan", &[("offering", &id)])
        };
        let (here, there) = (tab(offering.id.to_string()).await, tab(other.id.to_string()).await);
        let one = here.with("name", "First").with("setup_fee", "dear");
        let two = there.with("name", "Second").with("setup_fee", "cheap");
        let first = browser.post("/fn/save_plan", &one.pairs()).await;
        let second = browser.post("/fn/save_plan", &two.pairs()).await;
        for (answer, mine) in [(second, "Second"), (first, "First")] {
            let page = Page::of(&browser.get(answer.header("location").split('#').next().unwrap()).await.text);
            assert_eq!(page.alerts.len(), 1, "{:?}", page.alerts);
            page.form("save_plan", &[("name", mine)]);
        }
    }

    /// Of every form that can be overtaken, and of everything that it can change.
    async fn who_was_overtaken_is_shown_both_texts_of_every_field(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let staff = world.staff().await;
        let questions = Schema::new(vec![
            Field::new("first", "First", FieldKind::Boolean),
            Field::new("size", "Size", FieldKind::string()),
        ]);
        let asked = Schema::new(vec![
            Field::new("region", "Region", FieldKind::string()),
            Field::new("green", "Green", FieldKind::Boolean),
        ]);
        let category = model::NewCategory {
            name: "Asking".into(), slug: Some("asking".into()), description: String::new(), icon: "cpu".into(), tint: "sea".into(), attributes: asked,
        };
        world.domain().catalogue().create_category(&staff, category).await.unwrap();
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).selling(Sold::used("more", "CPU").at("2"))
            .asking(questions).unpublished().await;
        let sold = world.offering(&provider).selling(Sold::used("cpu", "CPU").at("1")).await;
        let project = world.project(&buyer).await;
        let resource = world.order(&buyer.owner, &project, &sold).fulfilled().await.to_string();
        let (browser, owner) = (portal.browser(&staff).await, portal.browser(&buyer.owner).await);
        let describe = app::routes::offering_step(offering.id, "describe");
        let form = Page::of(&browser.get(&describe).await.text).form("save_description", &[]);
        browser.post(&form.action, &form.with("category", "asking").pairs()).await;

        let detail = world.domain().catalogue().offering(Some(&staff), &offering.id.to_string()).await.unwrap();
        let component = detail.components.iter().find(|one| one.terms.code == "cpu").unwrap().id.to_string();
        let mut forms = of_offering(&offering, &component);
        let settings = app::routes::organization_part(provider.id, "settings");
        let days = app::routes::project_part(project.id, "settings");
        let extend = app::routes::resource_extend(&resource);
        let by_hand = crate::who_may_call::by_hand(&portal, &provider).await;
        forms.extend(of_own_action(&by_hand));
        forms.push(Revised {
            at: settings.clone(), function: "save_organization", holds: ("organization", provider.id.to_string()),
            overtaken: (settings, "save_organization", "address", "Theirs".into()),
        });
        let organization = model::Scope::Organization(buyer.id);
        let guest = world.person(model::Role::BillingReader, organization).await;
        let people = world.domain().access().members(&buyer.owner, organization).await.unwrap();
        let role = people.iter().find(|one| one.user_id == guest.user_id).unwrap().grant_id.to_string();
        let team = app::routes::organization_part(buyer.id, &format!("team?role={role}"));
        let of_buyer = [
            Revised {
                at: team.clone(), function: "change_role_end", holds: ("grant", role),
                overtaken: (team, "change_role_end", "last_day", "2026-10-31".into()),
            },
            Revised {
                at: days.clone(), function: "save_project", holds: ("project", project.id.to_string()),
                overtaken: (days, "save_project", "description", "Theirs".into()),
            },
            Revised {
                at: extend.clone(), function: "change_end", holds: ("resource", resource),
                overtaken: (extend, "change_end", "last_day", "2026-10-31".into()),
            },
        ];
        let all: Vec<_> = forms.iter().map(|one| (&browser, one)).chain(of_buyer.iter().map(|one| (&owner, one))).collect();
        let names = all.iter().map(|(_, one)| one.function).chain(BUTTONS);
        let known: BTreeSet<String> = names.map(|name| format!("/fn/{name}")).collect();
        let typed = typed(&world.domain().structure().organization(&staff, buyer.id).await.unwrap().slug);
        for (browser, one) in all {
            let drawn = Page::of(&browser.get(&one.at).await.text).forms.into_iter();
            for form in drawn.filter(|form| form.fields.iter().any(|(name, _)| name == "revision")) {
                assert!(known.contains(&form.action), "{} is not looked at", form.action);
            }
            shows_both_texts(browser, one, &typed).await;
        }
    }

    /// A price that another one follows is compared with what follows it.
    async fn a_price_that_was_published_meanwhile_is_told_beside_mine(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = world.offering(&provider).selling(Sold::every_period("base").at("31")).await;
        let browser = portal.browser(&provider.manager).await;
        let at = app::routes::offering_step(offering.id, &format!("plans?plan={}", offering.plan));
        let form = Page::of(&browser.get(&at).await.text).form("save_plan", &[("id", &offering.plan.to_string())]);
        let theirs = form.with("price.base", "310").with("valid_from", "2026-05-01");
        browser.post(&theirs.action, &theirs.pairs()).await;
        let mine = form.with("price.base", "32").with("notice_days", "90");
        browser.post(&mine.action, &mine.pairs()).await;
        let page = browser.get(&at).await;
        let rows = html::conflict(&page.text);
        let row = |field: &str| rows.iter().find(|row| row[0] == field).unwrap_or_else(|| panic!("{field}: {rows:?}")).clone();
        assert_eq!(row("Price: base")[1..], ["31, then €310.00 per period from 2026-05-01", "32"]);
        assert_eq!(row("Notice days")[1..], ["30", "90"]);
    }

    /// The refusals of buttons have no form to stand at, and are said on top of the page.
    async fn a_refused_button_says_why(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let project = world.project(&buyer).await;
        world.order(&buyer.owner, &project, &offering).limits([("cpu", "2")]).fulfilled().await;
        let browser = portal.browser(&provider.manager).await;
        for (step, button) in [("components", "remove_component"), ("plans", "archive_plan")] {
            let at = app::routes::offering_step(offering.id, step);
            let form = Page::of(&browser.get(&at).await.text).form(button, &[]);
            let answer = browser.post(&form.action, &form.pairs()).await;
            assert_eq!(answer.header("location"), at, "{button}");
            let page = browser.get(&at).await;
            assert_eq!(page.status, 409, "{button}");
            let page = Page::of(&page.text);
            assert_eq!(page.alerts.len(), 1, "{button}: {:?}", page.alerts);
            let again = Page::of(&browser.get(&at).await.text);
            assert!(again.alerts.is_empty(), "it is said once");
        }
    }
}
