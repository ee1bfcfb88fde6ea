//! The settings of organizations, and lists that are narrowed to one.

use serde_json::{Value as Json, json};
use testkit::both_engines;

use crate::{html::Page, portal::Portal};

both_engines! {
    async fn an_owner_of_a_provider_changes_where_it_is_paid_and_not_what_staff_decides(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let scope = model::Scope::Organization(provider.id);
        let owner = world.person(model::Role::OrganizationOwner, scope).await;
        let browser = portal.browser(&owner).await;
        let at = app::routes::organization_part(provider.id, "settings");
        let form = Page::of(&browser.get(&at).await.text).form("save_organization", &[]);
        assert!(form.fields.iter().all(|(name, _)| name != "tax_percent"), "{:?}", form.fields);
        let typed = form.with("bank_account", "EE382200221020145685").with("provider_description", "Runs a cluster.");
        browser.post(&typed.action, &typed.pairs()).await;
        let stored = world.domain().structure().organization(&owner, provider.id).await.unwrap();
        assert_eq!(
            (stored.bank_account.as_str(), stored.provider_description.as_str(), stored.is_provider),
            ("EE382200221020145685", "Runs a cluster.", true)
        );
    }

    async fn support_reads_what_staff_reads_and_is_drawn_nothing_to_send(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = world.offering(&provider).await;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let resource = world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let support = world.person(model::Role::Support, model::Scope::System).await;
        let (support, staff) = (portal.browser(&support).await, portal.browser(&world.staff().await).await);
        let sent = |text: &str| {
            let forms = Page::of(text).forms.into_iter();
            let sent = forms.filter(|form| form.method == "post" && !form.action.ends_with("/sign_out"));
            sent.map(|form| form.action).collect::<Vec<_>>()
        };
        let mut drawn = 0;
        for page in ["jobs", "invoices", "organizations", "categories", "users"] {
            let at = app::routes::admin(page);
            let seen = support.get(&at).await;
            assert_eq!((seen.status, sent(&seen.text)), (200, vec![]), "{at}");
            drawn += sent(&staff.get(&at).await.text).len();
        }
        assert!(drawn > 3, "staff is drawn what it can send: {drawn}");
        let new = support.get("/admin/organizations/new").await;
        assert!(new.status == 403 && new.text.contains("Only those who run this portal"), "{}", new.status);
        let plans = app::routes::offering_step(offering.id, "plans");
        let steps = ["describe", "provisioning", "components", "form", "terms", "publish", "people"];
        let steps = steps.map(|step| app::routes::offering_step(offering.id, step)).into_iter();
        for at in steps.chain([format!("{plans}?plan={}", offering.plan), plans]) {
            let seen = support.get(&at).await;
            assert_eq!((seen.status, sent(&seen.text)), (200, vec![]), "{at}");
            assert!(seen.text.contains("Your role only reads what is stored here"), "{at} says why");
            assert!(!sent(&staff.get(&at).await.text).is_empty(), "{at}: staff is drawn what it can send");
        }
        for page in ["limits", "plan", "extend", "terminate"] {
            let at = format!("/resources/{resource}/{page}");
            let seen = support.get(&at).await;
            let words = "Your role does not include “Order”";
            assert!(seen.status == 403 && seen.text.contains(words), "{at}: {}", seen.status);
        }
    }

    async fn the_month_from_which_a_new_time_zone_counts_is_said_where_it_is_chosen(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        world.order(&buyer.owner, &project, &offering).fulfilled().await;
        let browser = portal.browser(&buyer.owner).await;
        let at = app::routes::organization_part(buyer.id, "settings");
        let form = Page::of(&browser.get(&at).await.text).form("save_organization", &[]);
        let moved = form.with("time_zone", "Asia/Tokyo");
        browser.post(&moved.action, &moved.pairs()).await;
        let shown = browser.get(&at).await.text;
        assert!(shown.contains("the new one counts from March 2026 on"), "{shown}");
    }

    async fn a_list_that_is_narrowed_to_what_does_not_go_together_says_so(portal: Portal) {
        let world = &portal.world;
        let (one, other) = (world.buyer().await, world.buyer().await);
        let project = world.project(&one).await;
        let staff = portal.browser(&world.staff().await).await;
        for list in ["orders", "resources"] {
            let wrong = staff.get(&format!("/{list}?project={}&organization={}", project.id, other.id)).await;
            assert!(wrong.status == 422 && wrong.text.contains("is not one of the organization"), "{list}: {}", wrong.status);
            let right = staff.get(&format!("/{list}?project={}&organization={}", project.id, one.id)).await;
            assert_eq!(right.status, 200, "{list}");
        }
    }

    async fn a_project_keeps_the_days_that_a_change_leaves_out(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let api = portal.api(&buyer.owner).await;
        let path = format!("/projects/{}", project.id);
        let days = async || {
            let project = api.get(&path).await.ok();
            [project["start_date"].clone(), project["end_date"].clone()]
        };
        let both = [json!("2026-01-05"), json!("2026-11-30")];
        api.patch(&path, json!({ "start_date": both[0], "end_date": both[1] })).await.ok();
        assert_eq!(days().await, both);
        api.patch(&path, json!({ "description": "Ice." })).await.ok();
        assert_eq!(days().await, both, "what is left out stays");
        let browser = portal.browser(&buyer.owner).await;
        let at = app::routes::project_part(project.id, "settings");
        let form = Page::of(&browser.get(&at).await.text)
            .form("save_project", &[("start_date", "2026-01-05"), ("end_date", "2026-11-30")]);
        let longer = form.with("end_date", "2026-12-31");
        browser.post(&longer.action, &longer.pairs()).await;
        assert_eq!(days().await, [json!("2026-01-05"), json!("2026-12-31")], "as the page was sent");
        api.patch(&path, json!({ "start_date": null })).await.ok();
        assert_eq!(days().await, [Json::Null, json!("2026-12-31")], "what is null is taken away");
        Page::of(&browser.get(&at).await.text).form("save_project", &[("start_date", ""), ("end_date", "2026-12-31")]);
    }

    async fn the_profile_says_what_time_it_is_where_the_person_is(portal: Portal) {
        let person = portal.world.stranger().await;
        let browser = portal.browser(&person).await;
        let form = Page::of(&browser.get("/profile").await.text).form("save_profile", &[]);
        // The world begins at 9:00 UTC, in winter.
        for (zone, now) in [("Europe/Tallinn", "11:00 (Europe/Tallinn, UTC+02:00)"), ("America/New_York", "04:00 (America/New_York, UTC-05:00)")] {
            let moved = form.with("time_zone", zone);
            browser.post(&moved.action, &moved.pairs()).await;
            let page = browser.get("/profile").await.text;
            Page::of(&page).form("save_profile", &[("time_zone", zone)]);
            let said = page.split("It is now ").nth(1).unwrap().split(". ").next().unwrap();
            assert!(said.contains(now), "{zone}: {said}");
            let signed_in = page.split("What happened").nth(1).unwrap();
            assert!(signed_in.contains(now), "{zone}: when somebody signed in is told in it, too");
        }
    }
}
