//! What figures, columns and hints on pages are called: each says what it is, and nothing is said that does not hold.

use model::LimitsDraft;
use testkit::{Sold, both_engines};

use crate::{html::Page, portal::Portal};

both_engines! {
    async fn costs_of_the_month_are_named_and_lead_to_what_they_are_made_of(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).selling(Sold::every_period("base").at("28")).await;
        world.order(&buyer.owner, &project, &offering).fulfilled().await;
        world.clock().advance(chrono::TimeDelta::days(2));
        portal.operations.billing().accrue_open().await.unwrap();
        let start = portal.browser(&buyer.owner).await.get("/").await.text;
        assert!(start.contains("Costs this month"), "{start}");
        let page = Page::of(&start);
        assert!(page.links.iter().any(|link| link == "#costs") && page.ids.contains("costs"), "{:?}", page.links);
        assert!(page.links.contains(&app::routes::project(project.id)));
        let start = portal.browser(&provider.manager).await.get("/").await.text;
        assert!(!start.contains("Costs this month"), "who only sells has none");
    }

    async fn sums_of_orders_are_said_to_be_without_tax_and_of_a_change_what_they_are(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("10")).await;
        let resource_id = world.order(&buyer.owner, &project, &offering).limits([("cpu", "2")]).fulfilled().await;
        let owner = portal.browser(&buyer.owner).await;
        let seller = portal.browser(&provider.manager).await;
        let member = world.member(&project).await;
        let more = LimitsDraft { resource_id, limits: [("cpu".to_owned(), 4.into())].into() };
        let change = world.domain().ordering().place_change_limits(&member, more, None).await.unwrap();
        let waiting = owner.get("/approvals").await.text;
        for said in ["Amounts are without tax.", "change on an invoice", "with the change"] {
            assert!(waiting.contains(said), "{said}: {waiting}");
        }
        let order = owner.get(&app::routes::order(change)).await.text;
        for said in ["the change on an invoice is ", "a full month is then €40.00; all without tax."] {
            assert!(order.contains(said), "{said}: {order}");
        }
        let list = "Fixed per month, without tax";
        assert!(owner.get("/orders").await.text.contains(list));
        assert!(seller.get(&app::routes::provider_part(provider.id, "orders")).await.text.contains(list));
        let handled = seller.get(&app::routes::provider_order(provider.id, change)).await.text;
        for said in ["Amounts are without tax.", "change on an invoice"] {
            assert!(handled.contains(said), "{said}: {handled}");
        }
    }

    async fn all_that_is_wrong_with_a_new_organization_is_told_at_once_and_by_name(portal: Portal) {
        let staff = portal.browser(&portal.world.staff().await).await;
        let at = "/admin/organizations/new";
        let form = Page::of(&staff.get(at).await.text).form("create_organization", &[]);
        staff.post(&form.action, &form.with("name", "").with("owner", "").pairs()).await;
        let alerts = Page::of(&staff.get(at).await.text).alerts.join(" ");
        for said in ["Name: ", "Owner: Enter the e-mail address"] {
            assert!(alerts.contains(said), "{said}: {alerts}");
        }
    }

    async fn a_change_of_limits_tells_what_can_be_chosen_and_what_is_over_has_no_limits(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let sold = Sold::reserved("seats", "seat").at("10").with(|terms| {
            terms.max = Some(50_u32.into());
            terms.step = Some(2_u32.into());
            terms.default = Some(2_u32.into());
        });
        let offering = world.offering(&provider).selling(sold).await;
        let resource = world.order(&buyer.owner, &project, &offering).limits([("seats", "4")]).fulfilled().await;
        let owner = portal.browser(&buyer.owner).await;
        let form = owner.get(&app::routes::resource_limits(resource)).await.text;
        for said in ["Now 4 seats. You can choose 0 to 50 seats, in steps of 2.", "seats a month", "step=\"2\""] {
            assert!(form.contains(said), "{said}: {form}");
        }
        let at = app::routes::resource(resource);
        assert!(owner.get(&at).await.text.contains(">Limits</h2>"), "while it runs");
        world.domain().ordering().place_terminate(&buyer.owner, resource, "", None).await.unwrap();
        world.run_jobs().await;
        assert!(!owner.get(&at).await.text.contains(">Limits</h2>"), "what is over");
    }

    async fn who_changes_no_roles_is_told_of_no_changes(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let member = world.member(&project).await;
        let at = app::routes::project_part(project.id, "team");
        for (who, changes) in [(&buyer.owner, true), (&member, false)] {
            let page = portal.browser(who).await.get(&at).await.text;
            assert!(page.contains("Who may do what here."));
            assert_eq!(page.contains("A change counts from the next click on"), changes);
            assert_eq!(page.contains("Take away"), changes);
        }
    }

    async fn the_reason_of_a_pause_ends_as_a_sentence_and_promises_no_renewal_of_what_has_none(portal: Portal) {
        let world = &portal.world;
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        world.project(&buyer).await;
        let lasting = world.offering(&provider).selling(Sold::reserved("cpu", "CPU").at("1")).await;
        let prepaid = Sold::reserved("cpu", "CPU").at("1").with(|terms| terms.prepaid = true);
        let prepaid = world.offering(&provider).selling(prepaid).await;
        let catalogue = world.domain().catalogue();
        catalogue.pause(&provider.manager, lasting.id, "Maintenance").await.unwrap();
        catalogue.pause(&provider.manager, prepaid.id, "We move.").await.unwrap();
        let owner = portal.browser(&buyer.owner).await;
        let page = owner.get(&app::routes::offering(&lasting.slug)).await.text;
        assert!(page.contains("Maintenance. What you have already goes on as before."), "{page}");
        let page = owner.get(&app::routes::offering(&prepaid.slug)).await.text;
        assert!(page.contains("We move. What you have already goes on as before, and can be renewed."), "{page}");
    }

    async fn a_price_to_come_names_the_time_that_it_pays_for_and_no_column_is_empty(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let offering = world.offering(&provider).selling(Sold::reserved("space", "TB").at("10")).await;
        let seller = portal.browser(&provider.manager).await;
        let plans = app::routes::offering_step(offering.id, "plans");
        let added = seller.get(&plans).await.text;
        assert!(!added.contains("empty leaves its price as it is"), "a plan that is added has none");
        let plan = format!("{plans}?plan={}", offering.plan);
        let shown = seller.get(&plan).await.text;
        assert!(shown.contains("empty leaves its price as it is"));
        let form = Page::of(&shown).form("save_plan", &[("id", &offering.plan.to_string())]);
        let dearer = form.with("price.space", "12").with("valid_from", "2030-12-10");
        seller.post(&dearer.action, &dearer.pairs()).await;
        let shown = seller.get(&plan).await.text;
        assert!(shown.contains("€12.00 per TB a month from "), "{shown}");
        assert!(!shown.contains("Reaches what runs"), "nothing runs");
        let page = seller.get(&app::routes::offering(&offering.slug)).await.text;
        assert!(page.contains("€12.00 per TB a month from "), "{page}");
    }
}
