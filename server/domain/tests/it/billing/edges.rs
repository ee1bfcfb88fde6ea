//! Where periods, clocks and currencies meet.

use model::{BillingPeriod, LimitPeriod, Proration};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed, sentences, without_notice};

const NOTHING: [&str; 0] = [];

fn whole(plan: &mut model::PlanDraft) {
    plan.proration = Proration::None;
}

fn by_hour(plan: &mut model::PlanDraft) {
    plan.proration = Proration::Hour;
}

fn base(price: &str) -> Vec<Sold> {
    vec![Sold::every_period("base").at(price)]
}

both_engines! {
    async fn a_switch_at_the_last_hour_does_not_escape_a_whole_period(world: World) {
        let deal = Deal::in_plan(&world, "2024-12-01T08:00:00Z", base("100"), whole).await;
        let cheap = deal.add_plan(|_| {}, &[("base", "0.31")]).await;
        let resource = deal.runs("2025-01-01T00:00:00Z", &[]).await;
        deal.switches("2025-01-31T23:00:00Z", resource, cheap).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 100.00", "period: 0.01"]);
        let document = deal.invoice("2025-01").await.unwrap();
        let days = |line: &model::InvoiceLine| (line.from.to_string(), line.until.to_string());
        assert_eq!(days(&document.lines[0]), ("2025-01-01".into(), "2025-01-31".into()), "no day twice");
        assert_eq!(days(&document.lines[1]), ("2025-01-31".into(), "2025-02-01".into()));
    }

    async fn a_day_on_which_counted_days_and_hours_meet_belongs_to_the_later_plan(world: World) {
        let deal = Deal::selling(&world, "2024-12-01T08:00:00Z", base("744")).await;
        let hourly = deal.add_plan(by_hour, &[("base", "744")]).await;
        let resource = deal.runs("2025-01-01T00:00:00Z", &[]).await;
        // 14 days, then every hour from midnight of the 15th.
        deal.switches("2025-01-15T10:20:00Z", resource, hourly).await;
        // And back: 10 days of hours, then days from the 25th.
        deal.switches("2025-01-25T10:20:00Z", resource, deal.offering.plan).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 504.00", "period: 240.00"]);
        let document = deal.invoice("2025-01").await.unwrap();
        assert_eq!(sentences(&document), [
            "1 period × 14/31 days × €744.00 + 1 period × 7/31 days × €744.00",
            "1 period × 240/744 hours × €744.00",
        ]);
    }

    async fn what_lies_outside_the_days_of_an_hour_that_midnight_cuts_is_one_hour(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", base("30")).await;
        // From 6 April on its midnights are at half past one in the afternoon in UTC; those before were at one.
        world.was_always_in_zone(deal.buyer.id, "Australia/Lord_Howe").await;
        let hourly = deal.add_plan(by_hour, &[("base", "721")]).await;
        let resource = deal.runs("2025-03-31T13:00:00Z", &[]).await;
        deal.switches("2025-04-15T02:00:00Z", resource, hourly).await;
        deal.switches("2025-04-25T02:00:00Z", resource, deal.offering.plan).await;
        // Ten days, and the two hours that midnight cuts are one more: half of each is a day's.
        let lines = deal.bill("2025-05-01T00:00:00Z", "2025-04").await;
        assert_eq!(lines, ["period: 20.00", "period: 241.00"]);
        assert_eq!(world.operations().verify().run().await.unwrap(), [], "no half of an hour is billed twice");
    }

    async fn on_the_first_day_hours_before_the_life_are_not_billed(world: World) {
        let deal = Deal::selling(&world, "2024-12-01T08:00:00Z", base("744")).await;
        let hourly = deal.add_plan(by_hour, &[("base", "744")]).await;
        let resource = deal.runs("2025-01-15T09:00:00Z", &[]).await;
        deal.switches("2025-01-15T10:20:00Z", resource, hourly).await;
        deal.ends("2025-01-15T20:00:00Z", resource).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 11.00"]);
    }

    async fn a_life_within_the_hour_that_autumn_repeats_is_a_life_of_one_day(world: World) {
        let deal = Deal::selling(&world, "2025-10-01T08:00:00Z", base("31")).await;
        world.was_always_in_zone(deal.buyer.id, "Europe/Tallinn").await;
        // 03:50 in summer time, and 03:10 in winter time of the same night.
        let resource = deal.runs("2025-10-26T00:50:00Z", &[]).await;
        deal.ends("2025-10-26T01:10:00Z", resource).await;
        assert_eq!(deal.bill("2025-11-01T12:00:00Z", "2025-10").await, ["period: 1.00"]);
    }

    async fn a_limit_of_a_daily_plan_is_charged_by_the_day_unless_it_says_the_month(world: World) {
        let own = Sold::reserved("own", "TB").at("1").with(|terms| terms.limit_period = LimitPeriod::Plan);
        let month = Sold::reserved("month", "GB").at("31");
        let daily = |plan: &mut model::PlanDraft| plan.billing_period = BillingPeriod::Day;
        let deal = Deal::in_plan(&world, "2025-01-01T08:00:00Z", vec![own, month], daily).await;
        deal.runs("2025-01-31T10:00:00Z", &[("own", "3"), ("month", "1")]).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["TB: 3.00", "GB: 1.00"]);
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["TB: 84.00", "GB: 31.00"]);
    }

    async fn what_was_charged_by_the_day_is_not_charged_again_when_the_plan_comes_to_be_billed_once(world: World) {
        let own = Sold::reserved("own", "TB").at("1").with(|terms| terms.limit_period = LimitPeriod::Plan);
        let daily = |plan: &mut model::PlanDraft| {
            plan.billing_period = BillingPeriod::Day;
            without_notice(plan);
        };
        let deal = Deal::in_plan(&world, "2025-01-01T08:00:00Z", vec![own], daily).await;
        let resource = deal.runs("2025-01-01T10:00:00Z", &[("own", "3")]).await;
        deal.publishes("2025-01-11T00:00:00Z", |plan| plan.billing_period = BillingPeriod::Once).await;
        deal.changes("2025-01-21T10:00:00Z", resource, &[("own", "5")]).await;
        let mut january = deal.bill("2025-02-01T00:00:00Z", "2025-01").await;
        january.sort();
        assert_eq!(january, ["TB: 2.00", "TB: 30.00"], "ten days of three, and two more once");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_total_limit_is_billed_once_through_euros_and_dollars(world: World) {
        let sold = vec![Sold::reserved("seats", "seat").at("3").with(|terms| terms.limit_period = LimitPeriod::Total)];
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", sold).await;
        let dollars = |plan: &mut model::PlanDraft| plan.currency = model::Currency::Usd;
        let abroad = deal.add_plan(dollars, &[("seats", "4")]).await;
        let resource = deal.runs("2025-01-10T09:00:00Z", &[("seats", "10")]).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["seat: 30.00"]);
        deal.switches("2025-02-10T09:00:00Z", resource, abroad).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, NOTHING);
        deal.switches("2025-03-10T09:00:00Z", resource, deal.offering.plan).await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, NOTHING);
        deal.changes("2025-04-10T09:00:00Z", resource, &[("seats", "12")]).await;
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["seat: 6.00"]);
    }

    async fn a_line_carries_the_article_code_of_its_component(world: World) {
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", base("31")).await;
        let catalogue = world.domain().catalogue();
        let slug = &deal.offering.slug;
        let offering = catalogue.offering(Some(&deal.provider.manager), slug).await.unwrap();
        let component = offering.components.into_iter().next().unwrap();
        let draft = model::ComponentDraft {
            terms: component.terms,
            description: String::new(),
            article_code: "A-7".into(),
        };
        let id = Some(component.id);
        catalogue.save_component(&deal.provider.manager, deal.offering.id, id, draft).await.unwrap();
        deal.runs("2025-01-01T09:00:00Z", &[]).await;
        deal.closes("2025-02-01T00:00:00Z", "2025-01").await;
        let document = deal.invoice("2025-01").await.unwrap();
        assert_eq!(document.lines[0].article_code, "A-7");
        assert_eq!(document.lines[0].printed(), "period (A-7)");
    }

    async fn prices_that_end_are_refused_for_use_without_a_cap(world: World) {
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", vec![Sold::used("cpu", "CPU-hour").at("1")]).await;
        let tiers = [(10, "5"), (20, "3")].map(|(up_to, price)| model::Tier {
            up_to: Some(model::Fixed::from(up_to)),
            price: fixed(price),
        });
        let draft = model::PlanDraft {
            name: "Ends".into(),
            description: String::new(),
            currency: model::Currency::Eur,
            billing_period: BillingPeriod::Month,
            proration: Proration::Day,
            charge_mode: model::ChargeMode::Arrears,
            setup_fee: model::Fixed::ZERO,
            price_changes: model::PriceChanges::default(),
            prices: vec![model::PriceDraft {
                component: "cpu".into(),
                scheme: model::PriceScheme::Tiered { tiers: tiers.to_vec() },
            }],
            valid_from: None,
        };
        let catalogue = world.domain().catalogue();
        let refused = catalogue.save_plan(&deal.provider.manager, deal.offering.id, None, draft).await.unwrap_err();
        let problem = domain::DomainError::from(refused).problem();
        assert_eq!(problem.message_for("prices.cpu"), Some(
            "Check the price: leave the end of the last row empty: use beyond 20 would have no price, because it has no cap."
        ));
    }

    async fn a_cap_is_not_raised_beyond_where_prices_end(world: World) {
        let tiers = vec![model::Tier { up_to: Some(fixed("20")), price: fixed("3") }];
        let sold = Sold::used("cpu", "CPU-hour")
            .priced(model::PriceScheme::Tiered { tiers })
            .with(|terms| terms.max = Some(fixed("20")));
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", vec![sold]).await;
        let catalogue = world.domain().catalogue();
        let offering = catalogue.offering(Some(&deal.provider.manager), &deal.offering.slug).await.unwrap();
        let component = offering.components.into_iter().next().unwrap();
        let capped = |max: &str| model::ComponentDraft {
            terms: model::ComponentTerms { max: Some(fixed(max)), ..component.terms.clone() },
            description: String::new(),
            article_code: String::new(),
        };
        let save = |draft| catalogue.save_component(&deal.provider.manager, deal.offering.id, Some(component.id), draft);
        let refused = domain::DomainError::from(save(capped("25")).await.unwrap_err()).problem();
        assert_eq!(refused.message_for("terms.max"), Some(
            "Change its prices first: the last row ends at 20, but up to 25 can be used: let it reach 25, or leave its end empty."
        ));
        save(capped("15")).await.unwrap();
    }

    async fn a_whole_quarter_of_a_limit_is_owed_once_though_the_period_of_the_plan_changes(world: World) {
        let sold = Sold::reserved("quota", "unit").at("10").with(|terms| terms.limit_period = LimitPeriod::Quarter);
        let deal = Deal::in_plan(&world, "2024-12-01T08:00:00Z", vec![sold], |plan| {
            whole(plan);
            without_notice(plan);
        }).await;
        deal.runs("2025-01-10T09:00:00Z", &[("quota", "5")]).await;
        deal.publishes("2025-02-10T09:00:00Z", |plan| plan.billing_period = BillingPeriod::Quarter).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, NOTHING);
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["unit: 50.00"]);
    }

    async fn what_is_charged_whole_is_owed_though_its_day_goes_on_to_other_terms(world: World) {
        let sold = Sold::reserved("quota", "unit").at("31").with(|terms| terms.limit_period = LimitPeriod::Quarter);
        let deal = Deal::selling(&world, "2024-12-01T08:00:00Z", vec![sold]).await;
        let dear = deal.add_plan(whole, &[("quota", "7")]).await;
        let hours = |plan: &mut model::PlanDraft| {
            by_hour(plan);
            plan.name = "Hours".into();
        };
        let hourly = deal.add_plan(hours, &[("quota", "1")]).await;
        let resource = deal.runs("2025-01-10T09:00:00Z", &[("quota", "5")]).await;
        // The seventh of March begins with counted days and ends with counted hours; two hours of it were on a plan that charges
        // a quarter whole.
        deal.switches("2025-03-07T01:47:00Z", resource, dear).await;
        deal.switches("2025-03-07T04:03:00Z", resource, hourly).await;
        let billed = deal.bill("2025-04-01T00:00:00Z", "2025-03").await;
        assert!(billed.contains(&"unit: 35.00".to_owned()), "{billed:?}");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }
}
