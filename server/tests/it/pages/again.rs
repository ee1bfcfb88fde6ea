//! Doing something once more, and after somebody else.

use testkit::{Sold, World, both_engines};

use crate::{
    api::{Answer, Browser},
    html::{Form, Page},
    portal::Portal,
};

async fn page(browser: &Browser, at: &str) -> Page {
    Page::of(&browser.get(at.split('#').next().unwrap()).await.text)
}

async fn send(browser: &Browser, form: &Form) -> Answer {
    browser.post(&form.action, &form.pairs()).await
}

/// An order form of somebody who may order, filled in.
async fn order_form(world: &World, portal: &Portal) -> (Browser, String, Form) {
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    world.project(&buyer).await;
    let offering = world
        .offering(&provider)
        .selling(Sold::reserved("cpu", "CPU").at("1"))
        .await;
    let browser = portal.browser(&buyer.owner).await;
    let at = format!("/offerings/{}/order", offering.slug);
    let form = page(&browser, &at).await.form("place_order", &[]);
    let form = form
        .with("name", "Ice runs")
        .with("plan", &offering.plan.to_string())
        .with("limits.cpu", "2")
        .with("accept_terms", "true");
    (browser, at, form)
}

async fn orders(portal: &Portal) -> usize {
    let (ordering, all) = (
        portal.operations.domain().ordering(),
        domain::ordering::OrderFilter::default(),
    );
    let page = ordering
        .orders(&domain::Actor::system(), &all, model::PageRequest::first(50))
        .await
        .unwrap();
    page.items.len()
}

both_engines! {
    async fn the_same_order_again_is_asked_about_and_a_second_click_is_the_first_order(portal: Portal) {
        let (browser, at, form) = order_form(&portal.world, &portal).await;
        let first = send(&browser, &form).await;
        assert!(first.header("location").starts_with("/orders/"), "{first:?} {:?}", page(&browser, &at).await.alerts);
        let second_click = send(&browser, &form).await;
        assert_eq!(second_click.header("location"), first.header("location"));
        let told = page(&browser, second_click.header("location")).await;
        assert!(told.notes.iter().any(|note| note.contains("Nothing was ordered twice")), "{:?}", told.notes);
        assert_eq!(orders(&portal).await, 1);

        let fresh = page(&browser, &at).await.form("place_order", &[]);
        let key = |form: &Form| form.fields.iter().find(|(name, _)| name == "idempotency_key").unwrap().1.clone();
        let anew = form.with("idempotency_key", &key(&fresh));
        let asked = send(&browser, &anew).await;
        assert_eq!(asked.header("location"), at);
        let asked = page(&browser, &at).await;
        assert!(asked.alerts.iter().any(|alert| alert.contains("You ordered the same")), "{:?}", asked.alerts);
        assert_eq!(orders(&portal).await, 1, "nothing was ordered while it asks");
        let meant = asked.form("place_order", &[("name", "Ice runs")]).with("once_more", "true");
        let third = send(&browser, &meant).await;
        assert!(third.header("location").starts_with("/orders/"), "{third:?}");
        assert_eq!(orders(&portal).await, 2);
    }

    async fn going_back_and_ordering_something_else_is_another_order(portal: Portal) {
        let (browser, _, form) = order_form(&portal.world, &portal).await;
        let first = send(&browser, &form).await;
        let other = send(&browser, &form.with("name", "Snow runs")).await;
        assert!(other.header("location").starts_with("/orders/"), "{other:?}");
        assert_ne!(first.header("location"), other.header("location"));
        assert_eq!(orders(&portal).await, 2);
    }

    async fn the_same_renewal_again_is_asked_about_and_a_second_click_says_that_nothing_was_ordered_twice(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let cores = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let offering = world.offering(&provider).selling(cores).await;
        let resource = world.order(&buyer.owner, &project, &offering).limits([("cores", "4")]).for_months(1).fulfilled().await;
        let browser = portal.browser(&buyer.owner).await;
        let at = app::routes::resource_extend(resource);
        let form = page(&browser, &at).await.form("renew_resource", &[]).with("term_months", "12");
        let first = send(&browser, &form).await;
        assert!(first.header("location").starts_with("/orders/"), "{first:?}");
        world.run_jobs().await;
        let second_click = send(&browser, &form).await;
        assert_eq!(second_click.header("location"), first.header("location"));
        let told = page(&browser, second_click.header("location")).await;
        assert!(told.notes.iter().any(|note| note.contains("Nothing was ordered twice")), "{:?}", told.notes);

        // Somebody who comes back to the page has a fresh form.
        let anew = page(&browser, &at).await.form("renew_resource", &[]).with("term_months", "12");
        let asked = send(&browser, &anew).await;
        assert_eq!(asked.header("location"), at);
        let shown = page(&browser, &at).await;
        assert!(shown.alerts.iter().any(|alert| alert.contains("You ordered as long a term")), "{:?}", shown.alerts);
        assert_eq!(orders(&portal).await, 2, "nothing was ordered while it asks");
        let meant = shown.form("renew_resource", &[("term_months", "12")]).with("once_more", "true");
        let third = send(&browser, &meant).await;
        assert!(third.header("location").starts_with("/orders/"), "{third:?}");
        assert_eq!(orders(&portal).await, 3);
        world.leaves_jobs();
    }

    async fn changes_that_are_sent_again_say_that_nothing_was_ordered_twice(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let resource = world.order(&buyer.owner, &project, &offering).limits([("cpu", "2")]).fulfilled().await;
        let browser = portal.browser(&buyer.owner).await;
        let (limits, end) = (app::routes::resource_limits(resource), app::routes::resource_end(resource));
        let more = page(&browser, &limits).await.form("change_limits", &[]).with("limits.cpu", "3");
        for (form, words) in [(more, "The change is ordered."), (page(&browser, &end).await.form("terminate_resource", &[]), "The termination is ordered.")] {
            let first = send(&browser, &form).await;
            let told = page(&browser, first.header("location")).await;
            assert!(told.notes.iter().any(|note| note.contains(words)), "{:?}", told.notes);
            world.run_jobs().await;
            let again = send(&browser, &form).await;
            assert_eq!(again.header("location"), first.header("location"));
            let told = page(&browser, again.header("location")).await;
            assert!(told.notes.iter().any(|note| note.contains("Nothing was ordered twice")), "{:?}", told.notes);
        }
    }

    async fn after_a_conflict_both_texts_are_shown_and_saving_counts_from_what_was_shown(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).unpublished().await;
        let browser = portal.browser(&provider.manager).await;
        for (step, function, field) in [
            ("describe", "save_description", "summary"),
            ("terms", "save_terms", "terms_of_service"),
            ("components?component=", "save_component", "description"),
            ("plans?plan=", "save_plan", "description"),
        ] {
            let at = match step {
                "plans?plan=" => app::routes::offering_step(offering.id, &format!("{step}{}", offering.plan)),
                "components?component=" => {
                    let list = page(&browser, &app::routes::offering_step(offering.id, "components")).await;
                    let link = list.links.iter().find(|link| link.contains("?component=")).unwrap().clone();
                    link.split('#').next().unwrap().to_owned()
                }
                step => app::routes::offering_step(offering.id, step),
            };
            // The page of components holds further forms, which suggest what could be added.
            let about = at.split_once("?component=").map(|(_, id)| ("id", id));
            let mine = page(&browser, &at).await.form(function, about.as_slice());
            let theirs = page(&browser, &at).await.form(function, about.as_slice());
            let saved = send(&browser, &theirs.with(field, "What they wrote.")).await;
            assert!(page(&browser, saved.header("location")).await.alerts.is_empty(), "{function}");
            let refused = send(&browser, &mine.with(field, "What I wrote.")).await;
            let shown = browser.get(refused.header("location").split('#').next().unwrap()).await;
            assert_eq!(shown.status, 409, "{function}");
            let table = shown.text.split("data-test=\"conflict\"").nth(1).unwrap_or_else(|| panic!("{function} shows no conflict"));
            let table = table.split("</table>").next().unwrap();
            assert!(table.contains("What they wrote.") && table.contains("What I wrote."), "{function}: {table}");
            let again = Page::of(&shown.text).form(function, &[(field, "What I wrote.")]);
            let third = page(&browser, &at).await.form(function, &[]);
            let settled = send(&browser, &again).await;
            assert!(page(&browser, settled.header("location")).await.alerts.is_empty(), "{function}: it saw both");
            let late = send(&browser, &third.with(field, "Too late.")).await;
            let late = browser.get(late.header("location").split('#').next().unwrap()).await;
            assert_eq!(late.status, 409, "{function}: the revision moved on");
        }
    }

    async fn settings_of_a_project_are_not_overwritten_unseen(portal: Portal) {
        let buyer = portal.world.buyer().await;
        let project = portal.world.project(&buyer).await;
        let browser = portal.browser(&buyer.owner).await;
        let at = app::routes::project_part(project.id, "settings");
        let mine = page(&browser, &at).await.form("save_project", &[]);
        let theirs = mine.with("description", "Their words");
        send(&browser, &theirs).await;
        assert!(page(&browser, &at).await.alerts.is_empty());
        send(&browser, &mine.with("description", "My words")).await;
        let shown = browser.get(&at).await;
        assert_eq!(shown.status, 409);
        let table = shown.text.split("data-test=\"conflict\"").nth(1).unwrap().split("</table>").next().unwrap();
        assert!(table.contains("Their words") && table.contains("My words"), "{table}");
        let again = Page::of(&shown.text).form("save_project", &[("description", "My words")]);
        send(&browser, &again).await;
        assert!(page(&browser, &at).await.alerts.is_empty(), "it saw both");
    }

    async fn settings_of_an_organization_are_not_overwritten_unseen(portal: Portal) {
        let buyer = portal.world.buyer().await;
        let browser = portal.browser(&buyer.owner).await;
        let at = app::routes::organization_part(buyer.id, "settings");
        let mine = page(&browser, &at).await.form("save_organization", &[]);
        let theirs = mine.with("address", "Their street 1");
        send(&browser, &theirs).await;
        assert!(page(&browser, &at).await.alerts.is_empty());
        send(&browser, &mine.with("address", "My street 2")).await;
        let shown = browser.get(&at).await;
        assert_eq!(shown.status, 409);
        let table = shown.text.split("data-test=\"conflict\"").nth(1).unwrap().split("</table>").next().unwrap();
        assert!(table.contains("Their street 1") && table.contains("My street 2"), "{table}");
        let again = Page::of(&shown.text).form("save_organization", &[("address", "My street 2")]);
        send(&browser, &again).await;
        assert!(page(&browser, &at).await.alerts.is_empty(), "it saw both");
    }
}
