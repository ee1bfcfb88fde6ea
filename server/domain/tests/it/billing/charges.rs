//! Each kind of charge: once, on a switch, over the whole life, up front, by use.

use model::{ChargeType, LimitPeriod, PriceScheme, Tier};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, fixed, sentences, usage};

fn tiers(scheme: fn(Vec<Tier>) -> PriceScheme) -> PriceScheme {
    let tier = |up_to: Option<&str>, price: &str| Tier {
        up_to: up_to.map(fixed),
        price: fixed(price),
    };
    scheme(vec![tier(Some("9"), "5"), tier(None, "3")])
}

const MARCH: (&str, &str) = ("2025-03-10T00:00:00Z", "2025-03-11T00:00:00Z");

both_engines! {
    async fn setup_and_one_time_fees_are_charged_in_the_month_of_the_start_only(world: World) {
        let sold = vec![Sold::once("training").at("50"), Sold::every_period("base").at("31")];
        let deal = Deal::in_plan(&world, "2025-01-01T08:00:00Z", sold, |plan| plan.setup_fee = fixed("20")).await;
        deal.runs("2025-01-31T09:00:00Z", &[]).await;
        let january = deal.bill("2025-02-01T00:00:00Z", "2025-01").await;
        assert_eq!(january, ["Setup fee: 20.00", "activation: 50.00", "period: 1.00"]);
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["period: 31.00"]);
    }

    async fn switching_to_a_plan_costs_its_fee_each_time(world: World) {
        let fee = Sold::once("switch").at("7").with(|terms| terms.charge = ChargeType::OnPlanSwitch);
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", vec![fee, Sold::every_period("base").at("31")]).await;
        let other = deal.add_plan(|_| {}, &[("base", "31"), ("switch", "5")]).await;
        let resource = deal.runs("2025-01-01T09:00:00Z", &[]).await;
        deal.switches("2025-01-10T09:00:00Z", resource, other).await;
        deal.switches("2025-01-20T09:00:00Z", resource, deal.offering.plan).await;
        let mut lines = deal.bill("2025-02-01T00:00:00Z", "2025-01").await;
        lines.retain(|line| line.starts_with("activation"));
        assert_eq!(lines, ["activation: 5.00", "activation: 7.00"]);
    }

    async fn a_limit_over_the_whole_life_is_billed_once_and_then_by_its_changes(world: World) {
        let sold = Sold::reserved("seats", "seat").at("3").with(|terms| terms.limit_period = LimitPeriod::Total);
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", vec![sold]).await;
        let resource = deal.runs("2025-01-10T09:00:00Z", &[("seats", "10")]).await;
        deal.changes("2025-02-10T09:00:00Z", resource, &[("seats", "4")]).await;
        deal.changes("2025-02-20T09:00:00Z", resource, &[("seats", "5")]).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-01").await, ["seat: 30.00"]);
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["seat: -18.00", "seat: 3.00"]);
    }

    async fn a_prepaid_limit_is_paid_for_all_its_months_and_an_increase_for_those_that_remain(world: World) {
        let sold = Sold::reserved("cores", "core").at("1").with(|terms| terms.prepaid = true);
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", vec![sold]).await;
        world.clock().set("2025-01-01T09:00:00Z");
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        let resource = order.limits([("cores", "4")]).for_months(3).fulfilled().await;
        deal.changes("2025-02-10T09:00:00Z", resource, &[("cores", "6")]).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-01").await, ["core: 12.00"]);
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["core: 4.00"], "two more for two started months");
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, Vec::<String>::new());
    }

    async fn what_exceeds_a_prepaid_limit_is_charged_as_use(world: World) {
        let limit = Sold::reserved("traffic", "GB").at("1").with(|terms| {
            terms.prepaid = true;
            terms.overage_component = Some("cpu".into());
        });
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::used("cpu", "extra GB").at("2"), limit]).await;
        world.clock().set("2025-03-01T09:00:00Z");
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        let resource = order.limits([("traffic", "10")]).for_months(2).fulfilled().await;
        world.clock().set("2025-03-20T00:00:00Z");
        let used = |key: &str, day: u32, quantity| {
            let window = (format!("2025-03-{day}T00:00:00Z"), format!("2025-03-{day}T01:00:00Z"));
            usage(resource, "traffic", key, (&window.0, &window.1), quantity)
        };
        let lines = vec![used("a", 10, "8"), used("b", 11, "5"), used("c", 12, "1.5")];
        world.domain().usage().record(&deal.provider.manager, lines).await.unwrap();
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["GB: 20.00", "extra GB: 9.00"]);
    }

    async fn use_that_was_corrected_to_nothing_brings_no_overage_of_what_was_used_before_a_limit_fell(world: World) {
        let limit = Sold::reserved("traffic", "GB").at("1").with(|terms| {
            terms.prepaid = true;
            terms.limit_period = LimitPeriod::Total;
            terms.overage_component = Some("cpu".into());
        });
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::used("cpu", "extra GB").at("2"), limit]).await;
        world.clock().set("2025-03-01T09:00:00Z");
        let order = world.order(&deal.buyer.owner, &deal.project, &deal.offering);
        let resource = order.limits([("traffic", "10")]).for_months(3).fulfilled().await;
        let used = async |at: &str, key: &str, day: &str, quantity: &str| {
            world.clock().set(at);
            let window = (format!("2025-{day}T10:00:00Z"), format!("2025-{day}T11:00:00Z"));
            let line = usage(resource, "traffic", key, (&window.0, &window.1), quantity);
            world.domain().usage().record(&deal.provider.manager, vec![line]).await.unwrap();
        };
        used("2025-03-20T00:00:00Z", "a", "03-10", "15").await;
        deal.changes("2025-04-02T09:00:00Z", resource, &[("traffic", "2")]).await;
        used("2025-04-20T00:00:00Z", "b", "04-10", "1").await;
        used("2025-04-21T00:00:00Z", "b", "04-10", "0").await;
        assert_eq!(deal.bill("2025-04-25T00:00:00Z", "2025-03").await, ["GB: 30.00", "extra GB: 10.00"]);
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, Vec::<String>::new());
    }

    async fn use_is_summed_over_the_month_and_goes_through_the_price_table(world: World) {
        let sold = Sold::used("cpu", "CPU-hour").priced(tiers(|tiers| PriceScheme::Tiered { tiers }));
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![sold]).await;
        let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
        world.clock().set("2025-03-20T00:00:00Z");
        deal.used(resource, "a", MARCH, "7.5").await;
        deal.used(resource, "b", ("2025-03-12T00:00:00Z", "2025-03-12T01:00:00Z"), "7.5").await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["CPU-hour: 63.00"]);
        let document = deal.invoice("2025-03").await.unwrap();
        assert_eq!(sentences(&document), ["9 CPU-hours × €5.00 + 6 CPU-hours × €3.00"]);
        assert_eq!((document.lines[0].from.to_string(), document.lines[0].until.to_string()),
            ("2025-03-05".to_owned(), "2025-04-01".to_owned()));
    }

    async fn use_of_a_day_is_priced_by_the_plan_at_its_end(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::used("cpu", "CPU-hour").at("1")]).await;
        let cheap = deal.add_plan(|_| {}, &[("cpu", "0.5")]).await;
        let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
        deal.switches("2025-03-10T12:00:00Z", resource, cheap).await;
        world.clock().set("2025-03-20T00:00:00Z");
        deal.used(resource, "before", ("2025-03-09T00:00:00Z", "2025-03-10T00:00:00Z"), "10").await;
        deal.used(resource, "that day", ("2025-03-10T01:00:00Z", "2025-03-10T02:00:00Z"), "100").await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["CPU-hour: 10.00", "CPU-hour: 50.00"]);
    }
}
