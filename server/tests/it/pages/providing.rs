//! The area of a provider: who is led to it, and what stands in it.

use model::{Role, Scope};
use testkit::{Sold, both_engines};

use crate::{html::Page, portal::Portal};

both_engines! {
    async fn who_manages_one_offering_is_led_to_it_and_sees_nothing_of_the_others(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let (own, other) = (world.offering(&provider).await, world.offering(&provider).await);
        let project = world.project(&buyer).await;
        for (name, offering) in [("Run by me", &own), ("Run by others", &other)] {
            world.order(&buyer.owner, &project, offering).named(name).fulfilled().await;
        }
        let bought = world.order(&buyer.owner, &project, &other).named("Run by others too").await;
        world.leaves_jobs();
        let member = world.member(&project).await;
        let manager = world.grant(member.user_id, Role::OfferingManager, Scope::Offering(own.id)).await;
        let browser = portal.browser(&manager).await;
        let area = app::routes::provider(provider.id);
        let start = Page::of(&browser.get("/").await.text);
        assert!(start.links.contains(&area), "{:?}", start.links);
        for part in ["orders", "resources", "usage"] {
            let page = browser.get(&app::routes::provider_part(provider.id, part)).await;
            assert_eq!(page.status, 200, "{part}");
            assert!(page.text.contains("Run by me"), "{part}: {}", page.text);
            assert!(!page.text.contains("Run by others"), "{part}: {}", page.text);
        }
        let handled = app::routes::provider_order(provider.id, bought);
        assert_eq!(browser.get(&handled).await.status, 404);
        assert_eq!(browser.get(&app::routes::order(bought)).await.status, 200, "it is theirs to see as a buyer");
    }

    async fn a_provider_reads_what_happened_to_its_offerings_and_prices(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = world.offering(&provider).named("Quiet space").await;
        let browser = portal.browser(&provider.manager).await;
        let (area, history) = (app::routes::provider(provider.id), app::routes::provider_part(provider.id, "audit"));
        assert!(Page::of(&browser.get(&area).await.text).links.contains(&history), "the rail leads there");
        let page = browser.get(&history).await.text;
        for said in ["Plan saved: ", "Component saved: ", "Published", "offering Quiet space", provider.manager.name.as_str()] {
            assert!(page.contains(said), "{said}: {page}");
        }
        let manager = world.person(Role::OfferingManager, Scope::Offering(offering.id)).await;
        let browser = portal.browser(&manager).await;
        assert!(!Page::of(&browser.get(&area).await.text).links.contains(&history));
        assert_eq!(browser.get(&history).await.status, 404);
    }

    async fn who_manages_a_draft_finds_it(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let draft = world.offering(&provider).named("Quiet draft").unpublished().await;
        let manager = world.person(Role::OfferingManager, Scope::Offering(draft.id)).await;
        let browser = portal.browser(&manager).await;
        let area = app::routes::provider(provider.id);
        assert!(Page::of(&browser.get("/").await.text).links.contains(&area));
        assert!(browser.get(&area).await.text.contains("Quiet draft"));
    }

    async fn the_term_of_what_is_to_be_done_stands_on_the_page_of_the_work(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let space = Sold::reserved("space", "TB").with(|terms| terms.prepaid = true).at("10");
        let offering = world.offering(&provider).selling(space).provisioned_by_hand().await;
        let order = world.order(&buyer.owner, &project, &offering).for_months(6).await;
        portal.operations.ordering().wait_for_provider(order, "").await.unwrap();
        world.leaves_jobs();
        let manager = portal.browser(&provider.manager).await;
        let page = manager.get(&app::routes::provider_order(provider.id, order)).await.text;
        for said in ["6 months", "Last day"] {
            assert!(page.contains(said), "{said}: {page}");
        }
    }

    async fn what_was_typed_stays_when_the_secret_answers_are_shown(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let token = model::Field::new("token", "Access token", model::FieldKind::Secret).required();
        let asking = model::Schema::new(vec![token]);
        let offering = world.offering(&provider).provisioned_by_hand().asking(asking).await;
        let answers = serde_json::json!({ "token": "very-secret-9" });
        let order = world.order(&buyer.owner, &project, &offering).answers(answers).await;
        portal.operations.ordering().wait_for_provider(order, "").await.unwrap();
        world.leaves_jobs();
        let here = app::routes::provider_order(provider.id, order);
        let manager = portal.browser(&provider.manager).await;
        let form = Page::of(&manager.get(&here).await.text).form("fulfil_order", &[]);
        let show = "/fn/show_secret_answers";
        assert!(form.elsewhere.iter().any(|to| to == show), "it is a button of the same form: {form:?}");
        let typed = form.with("backend_id", "rack 7").with("note", "Have fun");
        let answer = manager.post(show, &typed.pairs()).await;
        assert_eq!(answer.header("location"), here);
        let shown = manager.get(&here).await.text;
        assert!(shown.contains("very-secret-9"));
        let again = Page::of(&shown).form("fulfil_order", &[("backend_id", "rack 7")]);
        assert!(again.fields.iter().any(|(name, text)| name == "note" && text.trim() == "Have fun"), "{again:?}");
    }

    async fn a_draft_is_not_told_of_what_is_not_there(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let (manager, catalogue) = (&provider.manager, world.domain().catalogue());
        let id = catalogue.create_offering(manager, provider.id, "Quiet draft").await.unwrap();
        let browser = portal.browser(manager).await;
        let components = browser.get(&app::routes::offering_step(id, "components")).await.text;
        assert!(components.contains("Describe the first one below."), "{components}");
        assert!(!components.contains("that the plugin measures"), "it has no plugin");
        let slug = catalogue.offering(Some(manager), &id.to_string()).await.unwrap().summary.slug;
        let shown = browser.get(&app::routes::offering(&slug)).await;
        assert_eq!(shown.status, 200);
        assert!(shown.text.contains(&provider.name), "{}", shown.text);
        assert!(!shown.text.contains(&format!("{} · <", provider.name)), "nothing follows: {}", shown.text);
        let terms = browser.get(&app::routes::offering_step(id, "terms")).await.text;
        assert!(!terms.contains("Version 1"), "nobody wrote any");
    }
}
