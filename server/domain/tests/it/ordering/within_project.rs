//! What is ordered in a project that has a last day, and asking before the same is ordered again.

use domain::ordering::Fulfilment;
use model::{OrderId, OrderState, ProjectChange, RenewDraft, ResourceId, ResourceState};
use testkit::{Sold, World, both_engines};

use super::lasting::{for_months, kept_for, night, no_findings, prepaid, row};
use super::scene::{Scene, faults, words};
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

/// Three months of four cores, which somebody of the provider has to bring.
async fn ordered_by_hand(deal: &Deal<'_>) -> OrderId {
    let order = deal.world.order(&deal.buyer.owner, &deal.project, &deal.offering);
    let order = order.limits([("cores", "4")]).for_months(3).await;
    let ordering = deal.world.operations().ordering();
    ordering.wait_for_provider(order, "").await.unwrap();
    order
}

async fn fulfilled(deal: &Deal<'_>, at: &str, order: OrderId) -> ResourceId {
    deal.world.clock().set(at);
    let ordering = deal.world.domain().ordering();
    let done = Fulfilment {
        backend_id: format!("rack {order}"),
        ..Fulfilment::default()
    };
    ordering
        .fulfil(&deal.provider.manager, order, done)
        .await
        .unwrap();
    let detail = ordering.order(&deal.buyer.owner, order).await.unwrap();
    detail.summary.resource_id.unwrap()
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

    async fn a_term_that_would_outlive_its_project_is_not_begun(world: World) {
        let deal = prepaid(&world).await;
        project_ends(&deal, "2025-03-31").await;
        let (ordering, owner) = (world.domain().ordering(), &deal.buyer.owner);
        let member = world.member(&deal.project).await;
        let draft = world.order(&member, &deal.project, &deal.offering).limits([("cores", "4")]).for_months(3).into_draft();
        let order = ordering.place_create(&member, draft, None).await.unwrap();
        world.clock().set("2025-01-20T09:00:00Z");
        let said = words(ordering.approve(owner, order, "").await);
        assert!(said.contains("until 19 April 2025") && said.contains("ends on 31 March 2025 now"), "{said}");
        assert_eq!(world.order_state(order).await, OrderState::PendingBuyer);
        project_ends(&deal, "2025-04-19").await;
        ordering.approve(owner, order, "").await.unwrap();
        world.run_jobs().await;
        let detail = ordering.order(owner, order).await.unwrap();
        assert_eq!(row(&world, detail.summary.resource_id.unwrap()).await.end_date.unwrap().to_string(), "2025-04-19");
        no_findings(&world).await;
    }

    async fn nobody_agrees_to_what_would_begin_after_its_project(world: World) {
        let scene = Scene::of(&world).await;
        let later = world.order(&scene.member, &scene.project, &scene.offering).starting("2026-03-01").await;
        let change = ProjectChange {
            name: scene.project.name.clone(),
            description: String::new(),
            start_date: None,
            end_date: Some("2026-02-20".parse().unwrap()),
            approval_limit: None,
        };
        world.domain().structure().edit_project(&scene.owner, scene.project.id, change).await.unwrap();
        let refused = words(world.domain().ordering().approve(&scene.owner, later, "").await);
        assert!(refused.starts_with("It would begin on 1 March 2026, but the project "), "{refused}");
        world.leaves_jobs();
    }

    async fn a_further_term_ends_before_its_project_too_whenever_it_begins(world: World) {
        let deal = prepaid(&world).await;
        kept_for(&deal, 20).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        let member = world.member(&deal.project).await;
        world.clock().set("2025-02-10T09:00:00Z");
        let (ordering, owner) = (world.domain().ordering(), &deal.buyer.owner);
        let order = ordering.place_renew(&member, RenewDraft { resource_id, months: 1 }, None).await.unwrap();
        project_ends(&deal, "2025-03-13").await;
        let said = words(ordering.approve(owner, order, "").await);
        assert!(said.contains("until 14 March 2025"), "it follows the term before: {said}");
        project_ends(&deal, "2025-03-14").await;
        world.clock().set("2025-02-20T09:00:00Z");
        let said = words(ordering.approve(owner, order, "").await);
        assert!(said.contains("until 19 March 2025") && said.contains("ends on 14 March 2025 now"), "{said}");
        project_ends(&deal, "2025-03-19").await;
        ordering.approve(owner, order, "").await.unwrap();
        world.run_jobs().await;
        assert_eq!(row(&world, resource_id).await.end_date.unwrap().to_string(), "2025-03-19");
        no_findings(&world).await;
    }

    async fn a_term_whose_work_took_long_is_cut_with_its_project_and_costs_the_months_that_are_had(world: World) {
        let deal = prepaid(&world).await;
        project_ends(&deal, "2025-03-31").await;
        let (late, cut) = (ordered_by_hand(&deal).await, ordered_by_hand(&deal).await);
        let resource = fulfilled(&deal, "2025-02-05T09:00:00Z", cut).await;
        assert_eq!(row(&world, resource).await.end_date.unwrap().to_string(), "2025-03-31");
        let lifetime = world.domain().provisioning().resource(&deal.buyer.owner, resource).await.unwrap().lifetime;
        assert_eq!(lifetime.terms.iter().map(|term| term.last_day.to_string()).collect::<Vec<_>>(), ["2025-03-31"]);
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["core: 8.00"], "two months of three are begun");
        let resource = fulfilled(&deal, "2025-04-02T09:00:00Z", late).await;
        night(&deal, "2025-04-03T00:30:00Z").await;
        assert_eq!(row(&world, resource).await.state, ResourceState::Terminated);
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, Vec::<String>::new(), "nothing could be had");
        no_findings(&world).await;
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
            let first = ordering.place_create_once(owner, draft(months, start), None, false).await;
            assert!(first.is_ok(), "{months} {start:?} is another order");
            assert_eq!(faults(ordering.place_create_once(owner, draft(months, start), None, false).await), ["once_more: ordered_before"]);
        }
        ordering.place_create_once(owner, draft(3, None), None, true).await.unwrap();
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
