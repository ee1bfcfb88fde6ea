//! Nothing that decides money changes backwards: which version of a price or of terms each resource pays.

use entity::{audit_event, plan_price};
use model::{Fixed, OrderState, PriceChanges, ResourceId};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, amounts, fixed, set_price, usage, without_notice};

fn base(price: &str) -> Vec<Sold> {
    vec![Sold::every_period("base").at(price)]
}

async fn running(deal: &Deal<'_>, resource: ResourceId) -> String {
    let billing = deal.world.domain().billing();
    let cost = billing.running_cost(&deal.buyer.owner, resource).await.unwrap();
    cost.net.to_string()
}

both_engines! {
    async fn a_setup_fee_stays_what_it_was_when_it_was_ordered(world: World) {
        let deal = Deal::in_plan(&world, "2025-01-01T08:00:00Z", base("31"), |plan| plan.setup_fee = fixed("10")).await;
        let resource = deal.runs("2025-01-15T09:00:00Z", &[]).await;
        deal.publishes("2025-01-15T10:00:00Z", |plan| plan.setup_fee = fixed("500")).await;
        assert_eq!(running(&deal, resource).await, "€11.00", "a day and the setup");
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["Setup fee: 10.00", "period: 17.00"]);
        deal.runs("2025-02-28T09:00:00Z", &[]).await;
        let bill = deal.bill("2025-03-01T00:00:00Z", "2025-02").await;
        assert_eq!(bill, ["period: 31.00", "Setup fee: 500.00", "period: 1.11"], "who orders later pays the new one");
    }

    async fn a_component_that_is_added_costs_nothing_before_its_first_instant(world: World) {
        let deal = Deal::in_plan(&world, "2025-11-01T08:00:00Z", base("31"), without_notice).await;
        deal.runs("2025-11-01T09:00:00Z", &[]).await;
        let extra = Sold::every_period("extra").at("310").with(|terms| terms.name = "Extra".into());
        deal.adds("2025-12-15T10:00:00Z", vec![extra], |_| {}).await;
        assert_eq!(deal.bill("2025-12-20T00:00:00Z", "2025-11").await, ["period: 31.00"]);
        assert_eq!(deal.bill("2026-01-01T00:00:00Z", "2025-12").await, ["period: 31.00", "Extra: 170.00"], "17 of 31 days");
    }

    async fn a_component_that_is_added_reaches_what_runs_after_the_plans_notice(world: World) {
        let deal = Deal::selling(&world, "2025-11-01T08:00:00Z", base("31")).await;
        deal.runs("2025-11-01T09:00:00Z", &[]).await;
        let extra = Sold::every_period("extra").at("310").with(|terms| terms.name = "Extra".into());
        deal.adds("2025-12-15T10:00:00Z", vec![extra], |_| {}).await;
        assert_eq!(deal.bill("2026-01-01T00:00:00Z", "2025-12").await, ["period: 31.00"]);
        assert_eq!(deal.bill("2026-02-01T00:00:00Z", "2026-01").await, ["period: 31.00", "Extra: 180.00"], "from the 14th");
    }

    async fn a_price_to_come_shows_and_costs_nothing_before_and_its_fee_is_owed_by_who_starts_later(world: World) {
        let deal = Deal::in_plan(&world, "2025-11-01T08:00:00Z", base("31"), without_notice).await;
        let early = deal.runs("2025-11-01T09:00:00Z", &[]).await;
        let sold = vec![
            Sold::every_period("extra").at("310").with(|terms| terms.name = "Extra".into()),
            Sold::once("start").at("50").with(|terms| terms.name = "Start".into()),
        ];
        deal.adds("2025-11-10T10:00:00Z", sold, |plan| plan.valid_from = Some("2026-01-01".parse().unwrap())).await;
        let offering = world.domain().catalogue().offering(None, &deal.offering.slug).await.unwrap();
        let shown: Vec<_> = offering.plans[0].prices.iter().map(|price| price.component.as_str()).collect();
        assert_eq!(shown, ["base"]);
        let to_come: Vec<_> = offering.plans[0].changes.iter().map(|change| (change.name.as_str(), change.starts_at.to_rfc3339())).collect();
        assert_eq!(to_come, [("Extra", "2026-01-01T00:00:00+00:00".to_owned()), ("Start", "2026-01-01T00:00:00+00:00".to_owned())]);
        let draft = world.order(&deal.buyer.owner, &deal.project, &deal.offering).into_draft();
        let quote = world.domain().ordering().quote(Some(&deal.buyer.owner), &draft).await.unwrap();
        assert_eq!(quote.full_month.totals.net.to_string(), "€31.00");
        assert_eq!(running(&deal, early).await, "€10.33");
        assert_eq!(deal.bill("2025-12-01T00:00:00Z", "2025-11").await, ["period: 31.00"]);
        assert_eq!(deal.bill("2026-01-01T00:00:00Z", "2025-12").await, ["period: 31.00"]);
        let late = deal.runs("2026-01-01T09:00:00Z", &[]).await;
        assert_ne!(late, early);
        let bill = deal.bill("2026-02-01T00:00:00Z", "2026-01").await;
        assert_eq!(bill, ["period: 31.00", "Extra: 310.00", "Start: 50.00", "period: 31.00", "Extra: 310.00"]);
    }

    async fn a_plan_has_had_a_thousand_prices_and_terms_and_takes_no_more(world: World) {
        let deal = Deal::in_plan(&world, "2025-01-01T08:00:00Z", base("31"), without_notice).await;
        deal.runs("2025-01-02T09:00:00Z", &[]).await;
        let price = plan_price::Entity::find().one(world.db()).await.unwrap().unwrap();
        let more = |number: i32| {
            let id = model::PriceId(uuid::Uuid::from_u128(price.id.0.as_u128() + 1 + u128::try_from(number).unwrap()));
            let starts_at = price.starts_at + chrono::TimeDelta::seconds(number.into());
            plan_price::Model { id, starts_at, version: price.version + 1 + number, ..price.clone() }.into_active_model().reset_all()
        };
        // One price and one version of terms are there.
        for some in (0..997).map(more).collect::<Vec<_>>().chunks(100) {
            plan_price::Entity::insert_many(some.to_vec()).exec_without_returning(world.db()).await.unwrap();
        }
        deal.publishes("2025-03-01T08:00:00Z", |plan| set_price(plan, "base", "30")).await;
        let (catalogue, manager) = (world.domain().catalogue(), &deal.provider.manager);
        world.clock().set("2025-03-02T08:00:00Z");
        let mut draft = catalogue.plan_on(manager, deal.offering.id, deal.offering.plan, None).await.unwrap();
        set_price(&mut draft, "base", "29");
        let refused = catalogue.save_plan(manager, deal.offering.id, Some(deal.offering.plan), draft).await.unwrap_err();
        assert!(refused.problem().detail.contains("1,000 prices and terms"), "{}", refused.problem().detail);
    }

    async fn an_order_that_waits_keeps_the_price_that_it_was_placed_at(world: World) {
        // Even where the plan gives no notice to what runs.
        let deal = Deal::in_plan(&world, "2025-06-01T08:00:00Z", base("450"), without_notice).await;
        world.clock().set("2025-06-10T10:00:00Z");
        let member = world.member(&deal.project).await;
        let order = world.order(&member, &deal.project, &deal.offering).await;
        let ordering = world.domain().ordering();
        let placed = ordering.order(&member, order).await.unwrap();
        assert_eq!(placed.summary.state, OrderState::PendingBuyer);
        assert_eq!(placed.quote_valid_until, Some("2025-07-10T10:00:00Z".parse().unwrap()));
        deal.publishes("2025-06-10T15:00:00Z", |plan| set_price(plan, "base", "45000")).await;
        world.clock().set("2025-06-16T09:00:00Z");
        ordering.approve(&deal.buyer.owner, order, "").await.unwrap();
        world.run_jobs().await;
        assert_eq!(deal.bill("2025-07-01T00:00:00Z", "2025-06").await, ["period: 225.00"], "15 of 30 days");
        // The quote held until the tenth of July.
        let july = deal.bill("2025-08-01T00:00:00Z", "2025-07").await;
        assert_eq!(july, ["period: 130.65", "period: 31935.48"], "9 and 22 of 31 days");
    }

    async fn a_quote_binds_for_as_long_as_both_sides_may_take(world: World) {
        let mut deal = Deal::in_plan(&world, "2025-06-01T08:00:00Z", base("450"), without_notice).await;
        let sold = world.offering(&deal.provider).selling(Sold::every_period("base").at("450"));
        deal.offering = sold.in_plan(without_notice).approved_by_provider().await;
        world.clock().set("2025-06-10T10:00:00Z");
        let member = world.member(&deal.project).await;
        let order = world.order(&member, &deal.project, &deal.offering).await;
        let ordering = world.domain().ordering();
        let placed = ordering.order(&member, order).await.unwrap();
        assert_eq!(placed.quote_valid_until, Some("2025-08-09T10:00:00Z".parse().unwrap()));
        deal.publishes("2025-06-10T15:00:00Z", |plan| set_price(plan, "base", "45000")).await;
        world.clock().set("2025-07-09T09:00:00Z");
        ordering.approve(&deal.buyer.owner, order, "").await.unwrap();
        world.clock().set("2025-08-07T09:00:00Z");
        ordering.approve(&deal.provider.manager, order, "").await.unwrap();
        world.run_jobs().await;
        let august = deal.bill("2025-09-01T00:00:00Z", "2025-08").await;
        assert_eq!(august, ["period: 29.03", "period: 33387.10"], "2 and 23 of 31 days");
    }

    async fn a_change_of_limits_may_wait_for_both_sides_as_everything_else(world: World) {
        let cores = Sold::reserved("cores", "core").at("1");
        let mut deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![cores.clone()]).await;
        deal.offering = world.offering(&deal.provider).selling(cores).approved_by_provider().await;
        world.clock().set("2025-06-10T10:00:00Z");
        let ordering = world.domain().ordering();
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering).limits([("cores", "1")]).await;
        ordering.approve(&deal.provider.manager, order, "").await.unwrap();
        world.run_jobs().await;
        let resource = ordering.order(&deal.buyer.owner, order).await.unwrap().summary.resource_id.unwrap();
        let member = world.member(&deal.project).await;
        let more = model::LimitsDraft { resource_id: resource, limits: [("cores".to_owned(), 2.into())].into() };
        let change = ordering.place_change_limits(&member, more, None).await.unwrap();
        let placed = ordering.order(&member, change).await.unwrap();
        assert_eq!(placed.quote_valid_until, None, "a change of limits binds no prices");
        world.clock().set("2025-07-09T09:00:00Z");
        ordering.approve(&deal.buyer.owner, change, "").await.unwrap();
        world.clock().set("2025-08-07T09:00:00Z");
        ordering.approve(&deal.provider.manager, change, "").await.unwrap();
        world.leaves_jobs();
    }

    async fn what_is_brought_after_its_quote_has_ended_is_not_dearer_on_its_first_day(world: World) {
        let deal = Deal::in_plan(&world, "2025-06-01T08:00:00Z", base("450"), without_notice).await;
        world.clock().set("2025-06-10T10:00:00Z");
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering).await;
        world.operations().ordering().wait_for_provider(order, "").await.unwrap();
        deal.publishes("2025-06-10T15:00:00Z", |plan| set_price(plan, "base", "45000")).await;
        world.clock().set("2025-08-01T09:00:00Z");
        let done = domain::ordering::Fulfilment { backend_id: "rack 7".into(), ..Default::default() };
        world.domain().ordering().fulfil(&deal.provider.manager, order, done).await.unwrap();
        let august = deal.bill("2025-09-01T00:00:00Z", "2025-08").await;
        assert_eq!(august, ["period: 435.48", "period: 1451.61"], "thirty days as it was agreed, then a day of what was published");
    }

    async fn a_quote_binds_until_the_day_that_was_chosen_for_the_start_is_over(world: World) {
        let deal = Deal::in_plan(&world, "2025-06-01T08:00:00Z", base("450"), without_notice).await;
        world.clock().set("2025-06-10T10:00:00Z");
        let draft = world.order(&deal.buyer.owner, &deal.project, &deal.offering).starting("2025-08-31").into_draft();
        let ordering = world.domain().ordering();
        let order = ordering.place_create(&deal.buyer.owner, draft, None).await.unwrap();
        let placed = ordering.order(&deal.buyer.owner, order).await.unwrap();
        assert_eq!(placed.quote_valid_until, Some("2025-09-01T00:00:00Z".parse().unwrap()));
        deal.publishes("2025-06-10T15:00:00Z", |plan| set_price(plan, "base", "45000")).await;
        world.clock().set("2025-08-31T09:00:00Z");
        assert_eq!(world.operations().ordering().start_due().await.unwrap(), 1);
        world.run_jobs().await;
        assert_eq!(deal.bill("2025-09-01T00:00:00Z", "2025-08").await, ["period: 14.52"], "1 of 31 days");
        assert_eq!(deal.bill("2025-10-01T00:00:00Z", "2025-09").await, ["period: 45000.00"]);
    }

    async fn a_fee_that_is_raised_reaches_what_runs_after_its_notice_and_a_lower_one_at_once(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", base("31")).await;
        let resource = deal.runs("2025-03-01T09:00:00Z", &[]).await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| set_price(plan, "base", "310")).await;
        world.clock().set("2025-03-05T23:00:00Z");
        assert_eq!(running(&deal, resource).await, "€5.00");
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["period: 31.00"]);
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["period: 3.10", "period: 279.00"], "from the 4th");
        deal.publishes("2025-05-11T15:00:00Z", |plan| set_price(plan, "base", "62")).await;
        assert_eq!(deal.bill("2025-06-01T00:00:00Z", "2025-05").await, ["period: 100.00", "period: 42.00"], "from the 11th");
    }

    async fn a_plan_whose_prices_change_at_renewal_keeps_them_for_what_runs(world: World) {
        let at_renewal = |plan: &mut model::PlanDraft| plan.price_changes = PriceChanges::AtRenewal;
        let mut sold = base("31");
        sold.push(Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true));
        let deal = Deal::in_plan(&world, "2025-03-01T08:00:00Z", sold, at_renewal).await;
        let runs = async |at: &str| {
            world.clock().set(at);
            let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
            order.limits([("cores", "1")]).for_months(12).fulfilled().await
        };
        runs("2025-03-01T09:00:00Z").await;
        deal.publishes("2025-03-05T15:00:00Z", |plan| set_price(plan, "base", "310")).await;
        assert_eq!(deal.bill("2025-08-01T00:00:00Z", "2025-07").await, ["period: 31.00"]);
        runs("2025-08-01T09:00:00Z").await;
        let august = deal.bill("2025-09-01T00:00:00Z", "2025-08").await;
        let recurring: Vec<_> = august.iter().filter(|line| line.starts_with("period")).collect();
        assert_eq!(recurring, ["period: 31.00", "period: 310.00"]);
    }

    async fn a_price_saved_in_the_afternoon_does_not_reach_an_order_of_the_morning(world: World) {
        let deal = Deal::in_plan(&world, "2025-06-01T08:00:00Z", base("30"), without_notice).await;
        world.clock().set("2025-06-10T10:00:00Z");
        let member = world.member(&deal.project).await;
        let order = world.order(&member, &deal.project, &deal.offering).await;
        deal.publishes("2025-06-10T15:00:00Z", |plan| set_price(plan, "base", "3000")).await;
        world.clock().set("2025-06-10T16:00:00Z");
        world.domain().ordering().approve(&deal.buyer.owner, order, "").await.unwrap();
        world.run_jobs().await;
        assert_eq!(deal.bill("2025-07-01T00:00:00Z", "2025-06").await, ["period: 21.00"], "21 days at 1.00");
    }

    async fn an_issued_day_of_a_buyer_far_in_the_east_is_not_priced_anew(world: World) {
        let sold = vec![Sold::used("cpu", "hour").at("1")];
        let deal = Deal::in_plan(&world, "2025-01-01T00:00:00Z", sold, without_notice).await;
        world.was_always_in_zone(deal.buyer.id, "Pacific/Kiritimati").await;
        let resource = deal.runs("2025-01-02T00:00:00Z", &[]).await;
        // The 31st of January there ends at ten in UTC.
        deal.world.clock().set("2025-01-31T09:30:00Z");
        deal.used(resource, "a", ("2025-01-31T08:00:00Z", "2025-01-31T09:00:00Z"), "5").await;
        assert_eq!(deal.bill("2025-01-31T11:00:00Z", "2025-01").await, ["hour: 5.00"]);
        // "From today" is the 31st in UTC, and the first of February where it is paid.
        deal.publishes("2025-01-31T12:00:00Z", |plan| set_price(plan, "cpu", "2")).await;
        deal.used(resource, "b", ("2025-01-31T11:00:00Z", "2025-01-31T12:00:00Z"), "1").await;
        assert_eq!(deal.bill("2025-02-28T11:00:00Z", "2025-02").await, ["hour: 2.00"], "and nothing of January");
    }

    async fn buyers_west_of_utc_can_order_what_was_published_today(world: World) {
        let deal = Deal::selling(&world, "2025-06-10T03:00:00Z", base("30")).await;
        // It is the evening of the ninth there.
        world.was_always_in_zone(deal.buyer.id, "America/Los_Angeles").await;
        deal.runs("2025-06-10T03:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-07-01T08:00:00Z", "2025-06").await, ["period: 22.00"]);
    }

    async fn a_first_day_is_the_sellers_and_never_past(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", base("30")).await;
        world.was_always_in_zone(deal.provider.id, "Europe/Tallinn").await;
        deal.publishes("2025-06-10T08:00:00Z", |plan| {
            set_price(plan, "base", "40");
            plan.valid_from = Some("2025-07-01".parse().unwrap());
        }).await;
        let seen = world.domain().catalogue().offering(None, &deal.offering.slug).await.unwrap();
        assert_eq!(seen.plans[0].changes[0].starts_at.to_rfc3339(), "2025-06-30T21:00:00+00:00");
        assert_eq!(seen.plans[0].changes[0].first_day, "2025-07-01".parse().ok());
        // Half past ten in the evening in UTC is the eleventh in Tallinn.
        deal.publishes("2025-06-10T22:30:00Z", |plan| {
            set_price(plan, "base", "20");
            plan.valid_from = Some("2025-06-11".parse().unwrap());
        }).await;
        let seen = world.domain().catalogue().offering(None, &deal.offering.slug).await.unwrap();
        assert_eq!(seen.plans[0].prices[0].starts_at.to_rfc3339(), "2025-06-10T22:30:00+00:00", "never before it was saved");
    }

    async fn other_terms_reach_what_runs_after_their_notice(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", base("30")).await;
        deal.runs("2025-03-01T09:00:00Z", &[]).await;
        // By the year, at the same figure: another price, so it is published anew with the period.
        deal.publishes("2025-03-02T00:00:00Z", |plan| plan.billing_period = model::BillingPeriod::Year).await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["period: 30.00"]);
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, Vec::<String>::new());
        // 275 days of the year from the first of April.
        assert_eq!(deal.bill("2026-01-01T00:00:00Z", "2025-12").await, ["period: 22.60"]);
    }

    async fn a_change_of_limits_keeps_the_price_that_the_resource_has(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::reserved("ram", "GiB").at("31")]).await;
        let resource = deal.runs("2025-03-01T09:00:00Z", &[("ram", "1")]).await;
        deal.publishes("2025-03-10T09:00:00Z", |plan| set_price(plan, "ram", "310")).await;
        let draft = model::LimitsDraft { resource_id: resource, limits: [("ram".to_owned(), fixed("2"))].into() };
        let quote = world.domain().ordering().quote_change_limits(&deal.buyer.owner, draft).await.unwrap();
        assert_eq!(quote.full_month.totals.net.to_string(), "€62.00");
        deal.changes("2025-03-16T09:00:00Z", resource, &[("ram", "2")]).await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["GiB: 47.00"], "15 days of one, 16 of two");
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["GiB: 16.53", "GiB: 454.67"], "the notice goes on: from the 9th");
    }

    async fn use_of_a_day_is_priced_by_the_version_that_has_reached_the_resource(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::used("cpu", "hour").at("1")]).await;
        let resource = deal.runs("2025-03-01T09:00:00Z", &[]).await;
        deal.publishes("2025-03-10T09:00:00Z", |plan| set_price(plan, "cpu", "3")).await;
        world.clock().set("2025-04-15T00:00:00Z");
        let lines = vec![
            usage(resource, "cpu", "a", ("2025-03-20T10:00:00Z", "2025-03-20T11:00:00Z"), "10"),
            usage(resource, "cpu", "b", ("2025-04-08T10:00:00Z", "2025-04-08T11:00:00Z"), "10"),
            usage(resource, "cpu", "c", ("2025-04-09T10:00:00Z", "2025-04-09T11:00:00Z"), "10"),
        ];
        world.domain().usage().record(&deal.provider.manager, lines).await.unwrap();
        assert_eq!(deal.bill("2025-04-15T00:00:00Z", "2025-03").await, ["hour: 10.00"]);
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["hour: 10.00", "hour: 30.00"]);
        let document = deal.invoice("2025-04").await.unwrap();
        assert_eq!(amounts(&document).len(), 2);
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn units_of_a_limit_that_were_had_before_it_had_a_price_stay_free(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", base("30")).await;
        let seats = Sold::reserved("seats", "seat").at("10").with(|terms| terms.limit_period = model::LimitPeriod::Total);
        deal.adds("2025-03-05T08:00:00Z", vec![seats], |plan| plan.valid_from = Some("2025-04-01".parse().unwrap())).await;
        let resource = deal.runs("2025-03-10T09:00:00Z", &[("seats", "5")]).await;
        // It needs the notice of 30 days as well.
        deal.changes("2025-04-15T09:00:00Z", resource, &[("seats", "7")]).await;
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["seat: 20.00", "period: 30.00"], "two more");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_change_of_limits_does_not_shorten_the_notice_of_what_was_published_before(world: World) {
        let sold = vec![Sold::every_period("base").at("30"), Sold::reserved("disk", "TB").at("0")];
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", sold).await;
        let resource = deal.runs("2025-03-01T09:00:00Z", &[("disk", "1")]).await;
        // These terms reach what runs on 5 April; the price was published on 20 March, under the old ones.
        deal.publishes("2025-03-06T09:00:00Z", without_notice).await;
        deal.publishes("2025-03-20T09:00:00Z", |plan| set_price(plan, "base", "300")).await;
        deal.changes("2025-04-10T09:00:00Z", resource, &[("disk", "2")]).await;
        let bill = deal.bill("2025-05-01T00:00:00Z", "2025-04").await;
        let base: Fixed = bill
            .iter()
            .filter_map(|line| line.strip_prefix("period: "))
            .fold(Fixed::ZERO, |sum, amount| sum.checked_add(fixed(amount)).unwrap());
        assert_eq!(base, fixed("138"), "18 days at 1 a day, 12 at 10: {bill:?}");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn whom_a_price_will_reach_is_told_once_with_the_difference_and_again_when_it_is_taken_back(world: World) {
        let sold = || vec![Sold::every_period("base").at("31"), Sold::reserved("cores", "core").at("10"), Sold::used("cpu", "CPU-hour").at("1")];
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", sold()).await;
        let resource = deal.runs("2025-06-02T09:00:00Z", &[("cores", "4")]).await;
        let ends = deal.runs("2025-06-02T09:00:00Z", &[("cores", "1")]).await;
        let end = Some("2025-06-20".parse().unwrap());
        world.domain().ordering().change_end(&deal.buyer.owner, ends, end).await.unwrap();
        world.run_jobs().await;
        assert_eq!(told(&world).await.len(), 0, "what was published before anybody had it is told to nobody");
        deal.publishes("2025-06-10T10:00:00Z", |plan| {
            set_price(plan, "cores", "12");
            set_price(plan, "cpu", "0.5");
        }).await;
        world.run_jobs().await;
        let announced = told(&world).await;
        let words: Vec<_> = announced.iter().map(|one| (one.subject_id, one.reason.as_str())).collect();
        assert_eq!(words, [
            (resource.0, "CPU-hour: €0.50 per CPU-hour from 10 June 2025 (now €1.00 per CPU-hour)."),
            (resource.0, "core: €12.00 per core from 10 July 2025 (now €10.00 per core), monthly €8.00 more for what there is now."),
            (ends.0, "CPU-hour: €0.50 per CPU-hour from 10 June 2025 (now €1.00 per CPU-hour)."),
        ], "what ends before it counts is not told");
        assert_eq!(announced[1].after["more"]["amount"]["amount"], "8.00");
        assert_eq!((announced[1].organization_id, announced[1].project_id), (Some(deal.buyer.id), Some(deal.project.id)));
        let provisioning = world.operations().provisioning();
        let again = provisioning.tell_prices(deal.offering.plan, "2025-06-10T10:00:00Z".parse().unwrap());
        assert_eq!(again.await.unwrap(), 0);
        let (catalogue, manager) = (world.domain().catalogue(), &deal.provider.manager);
        world.clock().set("2025-06-11T10:00:00Z");
        deal.publishes("2025-06-11T10:00:00Z", |plan| {
            set_price(plan, "base", "40");
            plan.valid_from = Some("2025-09-01".parse().unwrap());
        }).await;
        world.run_jobs().await;
        let history = catalogue.plan_history(manager, deal.offering.id, deal.offering.plan).await.unwrap();
        let coming = history.versions.iter().find(|one| one.component.as_deref() == Some("base")).unwrap();
        world.clock().set("2025-06-12T10:00:00Z");
        catalogue.withdraw_plan_version(manager, deal.offering.id, deal.offering.plan, coming.id).await.unwrap();
        world.run_jobs().await;
        let last = told(&world).await.split_off(3);
        let words: Vec<_> = last.iter().map(|one| (one.subject_id, one.verb.as_str(), one.reason.as_str())).collect();
        assert_eq!(words, [
            (resource.0, "resource.price_announced", "period: €40.00 per period from 1 September 2025 (now €31.00 per period), monthly €9.00 more for what there is now."),
            (resource.0, "resource.price_withdrawn", "period: €40.00 per period does not come."),
        ]);
        let timeline = world.domain().provisioning().resource(&deal.buyer.owner, resource).await.unwrap().timeline;
        assert!(timeline.iter().any(|entry| entry.text == "Another price announced" && entry.note.starts_with("core: €12.00")), "{timeline:?}");
    }
}

/// What was told of prices, in order.
async fn told(world: &World) -> Vec<audit_event::Model> {
    let events = audit_event::Entity::find().filter(audit_event::Column::Verb.starts_with("resource.price_"));
    let events = events.order_by_asc(audit_event::Column::Sequence);
    events.all(world.db()).await.unwrap()
}
