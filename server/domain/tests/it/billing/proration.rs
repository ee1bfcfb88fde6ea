//! The worked figures of the design: each day is billed once, at the state in force at its last billable instant.

use model::{LimitPeriod, Proration};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, amounts, sentences, set_price, without_notice};

fn base(price: &str) -> Vec<Sold> {
    vec![Sold::every_period("base").at(price)]
}

both_engines! {
    async fn a_resource_that_began_on_the_twentieth_pays_twelve_days_of_thirty_one(world: World) {
        let deal = Deal::selling(&world, "2025-07-01T08:00:00Z", base("10")).await;
        deal.runs("2025-07-20T14:30:00Z", &[]).await;
        assert_eq!(deal.bill("2025-08-01T00:00:00Z", "2025-07").await, ["period: 3.87"]);
        let document = deal.invoice("2025-07").await.unwrap();
        assert_eq!(sentences(&document), ["1 period × 12/31 days × €10.00"]);
        assert_eq!(document.lines[0].from.to_string(), "2025-07-20");
        assert_eq!(document.lines[0].until.to_string(), "2025-08-01");
    }

    async fn a_resource_that_lived_from_the_tenth_to_the_twentieth_pays_eleven_days(world: World) {
        let deal = Deal::selling(&world, "2025-07-01T08:00:00Z", base("31")).await;
        let resource = deal.runs("2025-07-10T23:59:00Z", &[]).await;
        deal.ends("2025-07-20T00:01:00Z", resource).await;
        assert_eq!(deal.bill("2025-08-02T00:00:00Z", "2025-07").await, ["period: 11.00"]);
        assert_eq!(deal.bill("2025-09-02T00:00:00Z", "2025-08").await, Vec::<String>::new(), "it is gone");
    }

    async fn a_plan_switched_on_the_fifteenth_gives_fourteen_days_to_the_old_and_seventeen_to_the_new(world: World) {
        let deal = Deal::selling(&world, "2024-12-01T08:00:00Z", base("31")).await;
        let large = deal.add_plan(|_| {}, &[("base", "62")]).await;
        let resource = deal.runs("2024-12-10T10:00:00Z", &[]).await;
        deal.closes("2025-01-01T00:00:00Z", "2024-12").await;
        deal.switches("2025-01-15T10:00:00Z", resource, large).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 14.00", "period: 34.00"]);
        let document = deal.invoice("2025-01").await.unwrap();
        let expected = ["1 period × 14/31 days × €31.00", "1 period × 17/31 days × €62.00"];
        assert_eq!(sentences(&document), expected);
    }

    async fn a_quarterly_limit_that_was_raised_pays_each_stretch_by_its_days(world: World) {
        let sold = Sold::reserved("disk", "TB").at("10").with(|terms| terms.limit_period = LimitPeriod::Quarter);
        let deal = Deal::selling(&world, "2024-12-31T08:00:00Z", vec![sold]).await;
        let resource = deal.runs("2025-01-01T09:00:00Z", &[("disk", "10")]).await;
        deal.changes("2025-02-15T12:00:00Z", resource, &[("disk", "20")]).await;
        assert_eq!(deal.bill("2025-02-20T00:00:00Z", "2025-01").await, Vec::<String>::new(), "the quarter goes on");
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["TB: 150.00"]);
    }

    async fn a_quarterly_limit_is_billed_in_the_month_in_which_the_resource_ended(world: World) {
        let sold = Sold::reserved("disk", "TB").at("10").with(|terms| terms.limit_period = LimitPeriod::Quarter);
        let deal = Deal::selling(&world, "2024-12-31T08:00:00Z", vec![sold]).await;
        let resource = deal.runs("2025-01-01T09:00:00Z", &[("disk", "9")]).await;
        deal.ends("2025-02-14T12:00:00Z", resource).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["TB: 45.00"], "45 of 90 days");
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, Vec::<String>::new());
    }

    async fn a_limit_change_counts_for_the_whole_of_its_day(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::reserved("ram", "GiB").at("30")]).await;
        let resource = deal.runs("2025-06-01T09:00:00Z", &[("ram", "1")]).await;
        deal.changes("2025-06-16T23:00:00Z", resource, &[("ram", "2")]).await;
        // Fifteen days at one, fifteen at two.
        assert_eq!(deal.bill("2025-07-01T00:00:00Z", "2025-06").await, ["GiB: 45.00"]);
    }

    async fn hours_are_counted_where_the_plan_says_so(world: World) {
        let by_hour = |plan: &mut model::PlanDraft| plan.proration = Proration::Hour;
        let deal = Deal::in_plan(&world, "2025-06-01T08:00:00Z", base("720"), by_hour).await;
        let resource = deal.runs("2025-06-10T10:15:00Z", &[]).await;
        deal.ends("2025-06-10T13:00:00Z", resource).await;
        assert_eq!(deal.bill("2025-07-01T00:00:00Z", "2025-06").await, ["period: 3.00"], "10, 11 and 12 o'clock of 720 hours");
    }

    async fn whole_periods_are_charged_where_the_plan_says_so(world: World) {
        let whole = |plan: &mut model::PlanDraft| plan.proration = Proration::None;
        let deal = Deal::in_plan(&world, "2025-06-01T08:00:00Z", base("72"), whole).await;
        deal.runs("2025-06-30T10:15:00Z", &[]).await;
        assert_eq!(deal.bill("2025-07-01T00:00:00Z", "2025-06").await, ["period: 72.00"]);
    }

    async fn days_are_those_of_the_buyers_time_zone(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", base("31")).await;
        world.was_always_in_zone(deal.buyer.id, "Pacific/Auckland").await;
        // Half past noon in UTC on the last of June is already July in New Zealand.
        deal.runs("2025-06-30T12:30:00Z", &[]).await;
        assert_eq!(deal.bill("2025-07-31T12:00:00Z", "2025-06").await, Vec::<String>::new());
        assert_eq!(deal.bill("2025-07-31T12:00:00Z", "2025-07").await, ["period: 31.00"]);
    }

    async fn a_new_price_splits_the_month_and_each_line_names_its_version(world: World) {
        let deal = Deal::in_plan(&world, "2025-05-01T08:00:00Z", base("31"), without_notice).await;
        deal.runs("2025-05-01T09:00:00Z", &[]).await;
        deal.publishes("2025-05-01T09:00:00Z", |plan| {
            set_price(plan, "base", "62");
            plan.valid_from = Some("2025-05-11".parse().unwrap());
        }).await;
        assert_eq!(deal.bill("2025-06-01T00:00:00Z", "2025-05").await, ["period: 10.00", "period: 42.00"]);
        let document = deal.invoice("2025-05").await.unwrap();
        assert_ne!(document.lines[0].derivation.price_version, document.lines[1].derivation.price_version);
        assert_eq!(amounts(&document).len(), 2);
    }
}
