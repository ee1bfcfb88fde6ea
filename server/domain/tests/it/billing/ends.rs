//! What ends is billed to its last day and not beyond, however late it is seen; what goes on later is billed from then; and
//! who renews has the prices of the renewal.

use model::{BillingPeriod, DurationRules, LimitsDraft, PriceChanges, ProjectChange, RenewDraft, ResourceId};
use sea_orm::EntityTrait;
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed, set_price};

pub(super) async fn last_day(deal: &Deal<'_>, at: &str, resource: ResourceId, day: Option<&str>) {
    deal.world.clock().set(at);
    let day = day.map(|day| day.parse().unwrap());
    let ordering = deal.world.domain().ordering();
    ordering
        .change_end(&deal.buyer.owner, resource, day)
        .await
        .unwrap();
}

async fn kept_for(deal: &Deal<'_>, grace_days: u32) {
    let (catalogue, manager) = (deal.world.domain().catalogue(), &deal.provider.manager);
    let detail = catalogue
        .offering(Some(manager), &deal.offering.slug)
        .await
        .unwrap();
    let rules = DurationRules {
        grace_days,
        ..DurationRules::default()
    };
    catalogue
        .set_duration(manager, deal.offering.id, rules, detail.revision)
        .await
        .unwrap();
}

both_engines! {
    async fn a_quarter_that_was_billed_when_it_ended_is_not_billed_again_when_it_goes_on(world: World) {
        let by_quarter = |plan: &mut model::PlanDraft| plan.billing_period = BillingPeriod::Quarter;
        let sold = vec![Sold::every_period("base").at("90")];
        let deal = Deal::in_plan(&world, "2024-12-01T08:00:00Z", sold, by_quarter).await;
        kept_for(&deal, 60).await;
        let resource = deal.runs("2025-01-01T00:00:00Z", &[]).await;
        last_day(&deal, "2025-01-10T00:00:00Z", resource, Some("2025-02-09")).await;
        world.clock().set("2025-02-10T01:00:00Z");
        world.operations().ordering().end_due().await.unwrap();
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["period: 40.00"], "31 and 9 of 90 days");
        last_day(&deal, "2025-03-05T12:00:00Z", resource, None).await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["period: 27.00"], "from the 5th on");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn what_goes_on_in_grace_and_has_hours_the_same_day_has_none_of_before(world: World) {
        let deal = Deal::selling(&world, "2025-02-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        kept_for(&deal, 10).await;
        let resource = deal.runs("2025-03-01T00:00:00Z", &[]).await;
        // 744 hours of March at one each.
        let hours = deal.add_plan(|plan| plan.proration = model::Proration::Hour, &[("base", "744")]).await;
        last_day(&deal, "2025-03-02T00:00:00Z", resource, Some("2025-03-05")).await;
        world.clock().set("2025-03-06T01:00:00Z");
        world.operations().ordering().end_due().await.unwrap();
        last_day(&deal, "2025-03-13T12:05:00Z", resource, None).await;
        deal.switches("2025-03-13T16:05:00Z", resource, hours).await;
        let bill = deal.bill("2025-04-01T00:00:00Z", "2025-03").await;
        assert_eq!(bill, ["period: 5.00", "period: 444.00"], "from the hour in which it went on, not from midnight");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_plan_that_is_charged_once_and_come_back_to_the_same_day_does_not_charge_the_stay_before_again(world: World) {
        let once = |plan: &mut model::PlanDraft| plan.billing_period = BillingPeriod::Once;
        let deal = Deal::in_plan(&world, "2025-02-01T08:00:00Z", vec![Sold::every_period("base").at("720")], once).await;
        let monthly = deal.add_plan(|_| {}, &[("base", "0")]).await;
        let resource = deal.runs("2025-02-20T09:00:00Z", &[]).await;
        deal.publishes("2025-03-10T08:00:00Z", |plan| set_price(plan, "base", "1")).await;
        deal.switches("2025-03-10T09:00:00Z", resource, monthly).await;
        deal.switches("2025-03-10T11:00:00Z", resource, deal.offering.plan).await;
        assert_eq!(deal.bill("2025-03-20T00:00:00Z", "2025-02").await, ["period: 720.00"]);
        let bill = deal.bill("2025-04-01T00:00:00Z", "2025-03").await;
        assert_eq!(bill.iter().filter(|line| !line.ends_with(" 0.00")).collect::<Vec<_>>(), ["period: 1.00"]);
    }

    async fn a_price_that_is_charged_once_is_not_charged_to_who_came_earlier_on_the_day_on_which_it_begins(world: World) {
        let at_once = |plan: &mut model::PlanDraft| {
            plan.proration = model::Proration::None;
            plan.price_changes = PriceChanges::WithNotice { days: 0 };
        };
        let deal = Deal::in_plan(&world, "2025-02-01T08:00:00Z", vec![Sold::every_period("base").at("12")], at_once).await;
        let other = deal.add_plan(at_once, &[("base", "10")]).await;
        let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
        deal.switches("2025-03-13T03:46:00Z", resource, other).await;
        let catalogue = world.domain().catalogue();
        world.clock().set("2025-03-13T05:00:00Z");
        let seen = catalogue.offering(Some(&deal.provider.manager), &deal.offering.slug).await.unwrap();
        let row = seen.plans.iter().find(|plan| plan.id == other).unwrap();
        let mut draft = super::deal::draft_of(row);
        draft.billing_period = BillingPeriod::Once;
        set_price(&mut draft, "base", "7");
        catalogue.save_plan(&deal.provider.manager, deal.offering.id, Some(other), draft).await.unwrap();
        let bill = deal.bill("2025-04-01T00:00:00Z", "2025-03").await;
        assert_eq!(bill, ["period: 12.00", "period: 10.00"], "what had begun, and not the price for those who come later");
    }

    async fn a_change_of_nothing_before_a_last_day_to_come_changes_nothing(world: World) {
        let by_quarter = |plan: &mut model::PlanDraft| plan.billing_period = BillingPeriod::Quarter;
        let sold = vec![Sold::every_period("base").at("90"), Sold::reserved("disk", "TB")];
        let deal = Deal::in_plan(&world, "2024-12-01T08:00:00Z", sold, by_quarter).await;
        let resource = deal.runs("2025-01-01T00:00:00Z", &[("disk", "1")]).await;
        last_day(&deal, "2025-01-10T00:00:00Z", resource, Some("2025-02-20")).await;
        deal.changes("2025-02-03T00:00:00Z", resource, &[("disk", "2")]).await;
        world.clock().set("2025-02-09T00:00:00Z");
        world.operations().billing().accrue_open().await.unwrap();
        let draft = deal.invoice("2025-02").await;
        assert!(draft.is_none_or(|draft| draft.net == fixed("0")), "it has not ended yet");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_month_that_is_closed_late_says_what_it_would_have_said_in_time(world: World) {
        let by_quarter = |plan: &mut model::PlanDraft| plan.billing_period = BillingPeriod::Quarter;
        let sold = vec![Sold::every_period("base").at("90")];
        let deal = Deal::in_plan(&world, "2024-12-01T08:00:00Z", sold, by_quarter).await;
        kept_for(&deal, 60).await;
        let resource = deal.runs("2025-01-01T00:00:00Z", &[]).await;
        last_day(&deal, "2025-01-10T00:00:00Z", resource, Some("2025-02-09")).await;
        last_day(&deal, "2025-03-05T12:00:00Z", resource, None).await;
        assert_eq!(deal.bill("2025-03-06T00:00:00Z", "2025-02").await, ["period: 40.00"]);
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["period: 27.00"]);
    }

    async fn a_change_that_is_carried_out_after_the_last_day_bills_no_day_beyond_it(world: World) {
        let sold = vec![Sold::reserved("disk", "TB").at("31")];
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", sold).await;
        kept_for(&deal, 60).await;
        let resource_id = deal.runs("2025-03-01T09:00:00Z", &[("disk", "1")]).await;
        last_day(&deal, "2025-03-02T00:00:00Z", resource_id, Some("2025-03-10")).await;
        world.clock().set("2025-03-10T20:00:00Z");
        let draft = LimitsDraft { resource_id, limits: [("disk".to_owned(), fixed("2"))].into() };
        world.domain().ordering().place_change_limits(&deal.buyer.owner, draft, None).await.unwrap();
        world.clock().set("2025-03-13T20:00:00Z");
        world.run_jobs().await;
        world.operations().ordering().end_due().await.unwrap();
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["TB: 10.00"]);
        last_day(&deal, "2025-04-21T00:00:00Z", resource_id, None).await;
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["TB: 20.67"], "10 of 30 days, at the limit of the change");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn what_has_no_term_is_told_with_what_can_be_done_and_is_closed_once_it_is_renewed(world: World) {
        let cores = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let deal = Deal::selling(&world, "2024-12-01T08:00:00Z", vec![cores]).await;
        world.clock().set("2025-01-01T00:00:00Z");
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        let resource_id = order.limits([("cores", "4")]).for_months(2).fulfilled().await;
        entity::resource_term::Entity::delete_many().exec(world.db()).await.unwrap();
        let billing = world.domain().billing();
        let refused = billing.running_cost(&deal.buyer.owner, resource_id).await.unwrap_err().problem();
        assert_eq!(refused.code, "no_end_date");
        assert!(refused.detail.contains("can renew it on its page"), "{}", refused.detail);
        let draft = RenewDraft { resource_id, months: 2 };
        world.domain().ordering().place_renew(&deal.buyer.owner, draft, None).await.unwrap();
        world.run_jobs().await;
        let cost = billing.running_cost(&deal.buyer.owner, resource_id).await.unwrap();
        assert_eq!(cost.net.plain(), "8.00", "what was advised is possible, and helps");
    }

    async fn a_renewal_binds_anew_from_the_first_day_of_its_term(world: World) {
        let at_renewal = |plan: &mut model::PlanDraft| plan.price_changes = PriceChanges::AtRenewal;
        let cores = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let sold = vec![Sold::every_period("base").at("31"), cores, Sold::reserved("disk", "TB").at("31")];
        let deal = Deal::in_plan(&world, "2024-12-01T08:00:00Z", sold, at_renewal).await;
        world.clock().set("2025-01-01T00:00:00Z");
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        let resource_id = order.limits([("cores", "4"), ("disk", "1")]).for_months(2).fulfilled().await;
        deal.publishes("2025-01-05T15:00:00Z", |plan| {
            set_price(plan, "base", "310");
            set_price(plan, "disk", "310");
        }).await;
        world.clock().set("2025-02-10T15:00:00Z");
        let draft = RenewDraft { resource_id, months: 2 };
        world.domain().ordering().place_renew(&deal.buyer.owner, draft, None).await.unwrap();
        world.run_jobs().await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["period: 31.00", "TB: 31.00"], "of the first term");
        let seen = world.domain().provisioning().resource(&deal.buyer.owner, resource_id).await.unwrap();
        assert_eq!(seen.changes, [], "nothing is left to come");
        deal.changes("2025-03-15T00:00:00Z", resource_id, &[("disk", "2")]).await;
        let march = deal.bill("2025-04-01T00:00:00Z", "2025-03").await;
        assert_eq!(march, ["core: 8.00", "period: 310.00", "TB: 480.00"], "14 days of 1 and 17 of 2 at 10.00");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_renewed_term_bills_nothing_beyond_the_last_day_of_the_project(world: World) {
        let (deal, resource_id) = renewed_at_once(&world, |_| {}).await;
        world.clock().set("2025-02-01T09:00:00Z");
        let change = ProjectChange {
            name: deal.project.name.clone(),
            description: String::new(),
            start_date: None,
            end_date: Some("2025-02-10".parse().unwrap()),
            approval_limit: None,
        };
        let structure = world.domain().structure();
        structure.edit_project(&deal.buyer.owner, deal.project.id, change).await.unwrap();
        // Nobody has looked since, and the next term would begin in March.
        let february = deal.bill("2025-03-01T00:00:00Z", "2025-02").await;
        assert_eq!(february, ["period: 130.36"], "10 of 28 days");
        let row = entity::resource::Entity::find_by_id(resource_id).one(world.db()).await.unwrap().unwrap();
        assert_eq!(row.terminated_at, None);
    }

    async fn in_advance_a_term_that_was_renewed_goes_on(world: World) {
        let by_year = |plan: &mut model::PlanDraft| {
            (plan.billing_period, plan.charge_mode) = (BillingPeriod::Year, model::ChargeMode::Advance);
        };
        let (deal, _) = renewed_at_once(&world, by_year).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["core: 2.00", "period: 365.00"]);
        let february = deal.bill("2025-03-01T00:00:00Z", "2025-02").await;
        assert_eq!(february, Vec::<String>::new(), "the term of March was known");
    }
}

/// A term until the end of February and one more of two months, of a base fee of 365 and a core that is paid up front.
async fn renewed_at_once(world: &World, plan: impl FnOnce(&mut model::PlanDraft)) -> (Deal<'_>, ResourceId) {
    let cores = Sold::reserved("cores", "core")
        .at("1")
        .with(|terms| terms.prepaid = true);
    let sold = vec![Sold::every_period("base").at("365"), cores];
    let deal = Deal::in_plan(world, "2024-12-01T08:00:00Z", sold, plan).await;
    world.clock().set("2025-01-01T00:00:00Z");
    let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
    let resource_id = order.limits([("cores", "1")]).for_months(2).fulfilled().await;
    let draft = RenewDraft {
        resource_id,
        months: 2,
    };
    let ordering = world.domain().ordering();
    ordering
        .place_renew(&deal.buyer.owner, draft, None)
        .await
        .unwrap();
    world.run_jobs().await;
    (deal, resource_id)
}
