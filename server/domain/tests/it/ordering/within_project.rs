//! What is ordered in a project that has a last day, and asking before the same is ordered again.

use domain::ordering::Placed;
use model::ProjectChange;
use testkit::{Sold, World, both_engines};

use super::scene::{Scene, faults};
use crate::billing::deal::Deal;

async fn project_ends(deal: &Deal<'_>, day: &str) {
    let change = ProjectChange {
        name: deal.project.name.clone(),
        description: String::new(),
        start_date: None,
        end_date: Some(day.parse().unwrap()),
        approval_limit: None,
    };
    let structure = deal.world.domain().structure();
    structure
        .edit_project(&deal.buyer.owner, deal.project.id, change)
        .await
        .unwrap();
}

both_engines! {
    async fn the_quote_ends_with_the_project_as_the_invoice_does(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        project_ends(&deal, "2025-03-20").await;
        world.clock().set("2025-03-11T09:00:00Z");
        let draft = world.order(&deal.buyer.owner, &deal.project, &deal.offering).into_draft();
        let ordering = world.domain().ordering();
        let quote = ordering.quote(Some(&deal.buyer.owner), &draft).await.unwrap();
        let promised = quote.first_invoice.totals.net.to_fixed().unwrap();
        assert_eq!(promised.to_string(), "10", "from the 11th to the 20th, a euro a day");
        let order = ordering.place_create(&deal.buyer.owner, draft, None).await.unwrap();
        assert_eq!(ordering.order(&deal.buyer.owner, order).await.unwrap().quote.unwrap(), quote);
        world.run_jobs().await;
        world.clock().set("2025-03-21T01:00:00Z");
        world.operations().ordering().end_due().await.unwrap();
        world.run_jobs().await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["period: 10.00"]);
    }

    async fn nothing_begins_after_its_project(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        project_ends(&deal, "2025-03-20").await;
        let ordering = world.domain().ordering();
        let late = world.order(&deal.buyer.owner, &deal.project, &deal.offering).starting("2025-03-21").into_draft();
        assert_eq!(faults(ordering.quote(Some(&deal.buyer.owner), &late).await), ["start_date: after_project"]);
        assert_eq!(faults(ordering.place_create(&deal.buyer.owner, late, None).await), ["start_date: after_project"]);
        let last = world.order(&deal.buyer.owner, &deal.project, &deal.offering).starting("2025-03-20").into_draft();
        ordering.place_create(&deal.buyer.owner, last, None).await.unwrap();
    }

    async fn a_project_keeps_the_days_of_what_is_scheduled_in_it(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        let owner = &deal.buyer.owner;
        let project = world.project(&deal.buyer).await;
        let (ordering, structure) = (world.domain().ordering(), world.domain().structure());
        let draft = world.order(owner, &project, &deal.offering).starting("2025-03-20").ending("2025-03-25").into_draft();
        let order = ordering.place_create(owner, draft, None).await.unwrap();
        let days = async |first: Option<&str>, last: Option<&str>| {
            let change = ProjectChange {
                name: project.name.clone(),
                description: String::new(),
                start_date: first.map(|day| day.parse().unwrap()),
                end_date: last.map(|day| day.parse().unwrap()),
                approval_limit: None,
            };
            let saved = structure.edit_project(owner, project.id, change).await;
            let faults = saved.err().map(|error| error.problem().fields).unwrap_or_default();
            faults.into_iter().map(|fault| (fault.path, fault.code)).collect::<Vec<_>>()
        };
        let refused = |path: &str| vec![(path.to_owned(), "scheduled_order".to_owned())];
        assert_eq!(days(None, Some("2025-03-19")).await, refused("end_date"), "it would never begin");
        assert_eq!(days(None, Some("2025-03-24")).await, refused("end_date"), "it would not last as it was ordered");
        assert_eq!(days(Some("2025-03-21"), None).await, refused("start_date"));
        assert_eq!(days(Some("2025-03-20"), Some("2025-03-25")).await, []);
        ordering.cancel(owner, order, "").await.unwrap();
        assert_eq!(days(None, Some("2025-03-19")).await, []);
    }

    async fn the_same_is_asked_about_whatever_says_how_long_it_is_had(world: World) {
        let sold = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", vec![sold]).await;
        let owner = &deal.buyer.owner;
        let draft = |months, start: Option<&str>| {
            let order = world.order(owner, &deal.project, &deal.offering).named("Again").limits([("cores", "4")]).for_months(months);
            match start {
                Some(day) => order.starting(day).into_draft(),
                None => order.into_draft(),
            }
        };
        let ordering = world.domain().ordering();
        for (months, start) in [(3, None), (6, None), (3, Some("2025-01-20"))] {
            let first = ordering.place_create_once(owner, draft(months, start), None, false).await.unwrap();
            assert!(matches!(first, Placed::New(_)), "{months} {start:?} is another order");
            assert_eq!(faults(ordering.place_create_once(owner, draft(months, start), None, false).await), ["once_more: ordered_before"]);
        }
        assert!(matches!(ordering.place_create_once(owner, draft(3, None), None, true).await.unwrap(), Placed::New(_)));
        world.leaves_jobs();
    }

    async fn a_plan_that_is_no_longer_sold_stays_so_when_it_is_saved(world: World) {
        let scene = Scene::of(&world).await;
        let (catalogue, manager) = (world.domain().catalogue(), &scene.provider.manager);
        let seen = async || catalogue.offering(Some(manager), &scene.offering.slug).await.unwrap();
        let detail = seen().await;
        let plan = detail.plans[0].clone();
        let mut other = crate::billing::deal::draft_of(&plan);
        other.name = "Another".into();
        catalogue.save_plan(manager, scene.offering.id, None, other).await.unwrap();
        catalogue.archive_plan(manager, scene.offering.id, plan.id).await.unwrap();
        let again = crate::billing::deal::draft_of(&plan);
        catalogue.save_plan(manager, scene.offering.id, Some(plan.id), again).await.unwrap();
        let plans = seen().await.plans;
        assert!(plans.iter().find(|one| one.id == plan.id).unwrap().archived);
    }
}
