//! Terms that are paid up front: how one follows another, and what a change within one costs.

use domain::ordering::OrderingError;
use entity::resource;
use model::{DurationRules, RenewDraft};
use testkit::{Sold, World, both_engines};

use super::lasting::{extend_project, for_months, kept_for, night, no_findings, prepaid, renew, row};
use super::scene::{faults, words};
use crate::billing::deal::{Deal, fixed};

both_engines! {
    async fn a_renewal_adds_a_term_and_leaves_the_lines_before_as_they_were(world: World) {
        let deal = prepaid(&world).await;
        let resource = for_months(&deal, "2025-01-15T09:00:00Z", 3).await;
        let last = |row: resource::Model| row.end_date.map(|day| day.to_string());
        assert_eq!(last(row(&world, resource).await).as_deref(), Some("2025-04-14"));
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["core: 12.00"]);
        world.clock().set("2025-02-10T09:00:00Z");
        let ordering = world.domain().ordering();
        let quote = ordering.quote_renew(&deal.buyer.owner, &RenewDraft { resource_id: resource, months: 2 }).await.unwrap();
        assert_eq!((quote.one_time.totals.net.plain().as_str(), quote.billed_from.to_string().as_str()), ("8.00", "2025-04-15"));
        renew(&deal, "2025-02-10T09:00:00Z", resource, 2).await;
        assert_eq!(last(row(&world, resource).await).as_deref(), Some("2025-06-14"));
        // Two more cores in February are paid to the end of the first term; the second begins with six.
        deal.changes("2025-02-20T09:00:00Z", resource, &[("cores", "6")]).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["core: 4.00"]);
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, Vec::<String>::new());
        deal.changes("2025-05-15T09:00:00Z", resource, &[("cores", "7")]).await;
        assert_eq!(deal.bill("2025-06-01T00:00:00Z", "2025-04").await, ["core: 12.00"]);
        assert_eq!(deal.bill("2025-06-01T00:00:00Z", "2025-05").await, ["core: 1.00"]);
        assert_eq!(night(&deal, "2025-06-15T00:30:00Z").await, 1);
        no_findings(&world).await;
    }

    async fn a_term_that_nobody_lived_to_see_is_not_owed(world: World) {
        let deal = prepaid(&world).await;
        let resource = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        renew(&deal, "2025-01-20T09:00:00Z", resource, 1).await;
        deal.ends("2025-02-10T09:00:00Z", resource).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-01").await, ["core: 4.00"]);
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, Vec::<String>::new());
    }

    async fn a_term_in_grace_begins_on_the_day_of_its_renewal(world: World) {
        let deal = prepaid(&world).await;
        kept_for(&deal, 10).await;
        let resource = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        night(&deal, "2025-02-15T00:30:00Z").await;
        renew(&deal, "2025-02-20T09:00:00Z", resource, 1).await;
        assert_eq!(row(&world, resource).await.end_date.unwrap().to_string(), "2025-03-19");
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["core: 4.00"]);
        no_findings(&world).await;
    }

    async fn nothing_is_raised_after_the_end_for_nothing(world: World) {
        let deal = prepaid(&world).await;
        kept_for(&deal, 10).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        world.clock().set("2025-02-15T09:00:00Z");
        let ordering = world.domain().ordering();
        let draft = model::LimitsDraft { resource_id, limits: [("cores".to_owned(), fixed("1000"))].into() };
        let said = words(ordering.place_change_limits(&deal.buyer.owner, draft.clone(), None).await);
        assert!(said.contains("14 February 2025") && said.contains("Renew it first."), "{said}");
        assert_eq!(words(ordering.quote_change_limits(&deal.buyer.owner, draft).await), said);
        let plan = deal.add_plan(|_| {}, &[("cores", "2")]).await;
        assert_eq!(words(ordering.place_switch_plan(&deal.buyer.owner, resource_id, plan, None).await), said);
        let detail = world.domain().provisioning().resource(&deal.buyer.owner, resource_id).await.unwrap();
        assert!(!detail.can_change_limits && detail.lifetime.can_extend);
        ordering.place_terminate(&deal.buyer.owner, resource_id, "", None).await.unwrap();
    }

    async fn a_switch_within_a_term_quotes_what_it_costs_which_is_nothing_more(world: World) {
        let deal = prepaid(&world).await;
        let resource = for_months(&deal, "2025-01-15T09:00:00Z", 3).await;
        let plan = deal.add_plan(|_| {}, &[("cores", "0.5")]).await;
        world.clock().set("2025-02-01T09:00:00Z");
        let ordering = world.domain().ordering();
        let id = ordering.place_switch_plan(&deal.buyer.owner, resource, plan, None).await.unwrap();
        world.run_jobs().await;
        let quote = ordering.order(&deal.buyer.owner, id).await.unwrap().quote.unwrap();
        assert!(quote.one_time.lines.is_empty(), "{:?}", quote.one_time);
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, Vec::<String>::new());
    }

    async fn nothing_that_is_paid_up_front_is_had_in_a_dearer_plan_for_the_rest_of_its_term(world: World) {
        let deal = prepaid(&world).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 3).await;
        let plan = async |name: &str, price: &str| deal.add_plan(|plan| plan.name = name.into(), &[("cores", price)]).await;
        let (dearer, cheaper) = (plan("Dearer", "2").await, plan("Cheaper", "0.1").await);
        world.clock().set("2025-02-01T09:00:00Z");
        let (ordering, owner) = (world.domain().ordering(), &deal.buyer.owner);
        let said = words(ordering.place_switch_plan(owner, resource_id, dearer, None).await);
        assert!(said.contains("paid up front until 14 April 2025") && said.contains("Dearer is dearer"), "{said}");
        assert_eq!(words(ordering.quote_switch_plan(owner, resource_id, dearer).await), said);
        let offered: Vec<_> = ordering.switchable_plans(owner, resource_id).await.unwrap().into_iter().map(|one| one.id).collect();
        assert_eq!(offered, [cheaper], "what would be refused is not offered");
        ordering.place_switch_plan(owner, resource_id, cheaper, None).await.unwrap();
        world.run_jobs().await;
        // Raised at the price of the cheaper plan, it does not come back to the one before for nothing.
        deal.changes("2025-02-02T09:00:00Z", resource_id, &[("cores", "50")]).await;
        let said = words(ordering.place_switch_plan(owner, resource_id, deal.offering.plan, None).await);
        assert!(said.contains("is dearer"), "{said}");
    }

    async fn what_was_given_back_within_a_term_is_still_paid(world: World) {
        let deal = prepaid(&world).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 3).await;
        deal.changes("2025-01-20T09:00:00Z", resource_id, &[("cores", "2")]).await;
        world.clock().set("2025-02-01T09:00:00Z");
        let draft = model::LimitsDraft { resource_id, limits: [("cores".to_owned(), fixed("5"))].into() };
        let quote = world.domain().ordering().quote_change_limits(&deal.buyer.owner, draft).await.unwrap();
        assert_eq!(quote.one_time.totals.net.plain(), "3.00", "one more than the four that are paid, for three started months");
        deal.changes("2025-02-01T09:00:00Z", resource_id, &[("cores", "5")]).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["core: 3.00"]);
    }

    async fn terms_are_those_that_the_provider_sells_and_end_with_the_project(world: World) {
        let deal = prepaid(&world).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        let catalogue = world.domain().catalogue();
        let manager = &deal.provider.manager;
        let revision = catalogue.offering(Some(manager), &deal.offering.slug).await.unwrap().revision;
        let rules = DurationRules { min_months: Some(3), max_months: Some(12), step_months: Some(3), grace_days: 0 };
        catalogue.set_duration(manager, deal.offering.id, rules, revision).await.unwrap();
        extend_project(&deal, Some("2025-07-31")).await.unwrap();
        let ordering = world.domain().ordering();
        for (months, code) in [(1, "too_small"), (4, "off_step"), (15, "too_large"), (6, "after_project")] {
            let renewal = ordering.place_renew(&deal.buyer.owner, RenewDraft { resource_id, months }, None).await;
            let found = faults(renewal);
            assert!(found.contains(&format!("months: {code}")), "{months}: {found:?}");
        }
        ordering.place_renew(&deal.buyer.owner, RenewDraft { resource_id, months: 3 }, None).await.unwrap();
        assert!(matches!(ordering.change_end(&deal.buyer.owner, resource_id, None).await, Err(OrderingError::NotOrderable(_))));
    }

    async fn use_beyond_a_prepaid_limit_is_counted_from_the_start_of_the_term(world: World) {
        let limit = |period| Sold::reserved("traffic", "GB").at("1").with(|terms| {
            terms.prepaid = true;
            terms.limit_period = period;
            terms.overage_component = Some("cpu".into());
        });
        let sold = vec![Sold::used("cpu", "extra GB").at("2"), limit(model::LimitPeriod::Month)];
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", sold).await;
        let whole = world.offering(&deal.provider).selling(Sold::used("cpu", "extra GB").at("2")).selling(limit(model::LimitPeriod::Total)).await;
        world.clock().set("2025-03-15T09:00:00Z");
        let mut lines = Vec::new();
        for offering in [&deal.offering, &whole] {
            let order = world.order(&deal.buyer.owner, &deal.project, offering).limits([("traffic", "10")]);
            let resource = order.for_months(2).fulfilled().await;
            let used = |day: &str, quantity: &str| {
                let window = (format!("{day}T10:00:00Z"), format!("{day}T11:00:00Z"));
                crate::billing::deal::usage(resource, "traffic", &format!("{resource}-{day}"), (&window.0, &window.1), quantity)
            };
            lines.extend([used("2025-03-20", "8"), used("2025-04-05", "5"), used("2025-04-20", "4")]);
        }
        world.clock().set("2025-04-25T00:00:00Z");
        world.domain().usage().record(&deal.provider.manager, lines).await.unwrap();
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-03").await, ["GB: 20.00", "GB: 20.00"]);
        let april = deal.bill("2025-05-01T00:00:00Z", "2025-04").await;
        assert_eq!(april, ["extra GB: 6.00", "extra GB: 14.00"], "the month runs from the 15th; the total over both");
        no_findings(&world).await;
    }
}
