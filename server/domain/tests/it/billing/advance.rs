//! Plans that are charged in advance: billed in the month in which a period begins; what turns out not to be owed is given
//! back on the next invoice.

use model::{BillingPeriod, ChargeMode, Proration};
use testkit::{Sold, World, both_engines};

use super::deal::{Deal, sentences, without_notice};

fn quarterly(proration: Proration) -> impl FnOnce(&mut model::PlanDraft) {
    move |plan| {
        plan.billing_period = BillingPeriod::Quarter;
        plan.charge_mode = ChargeMode::Advance;
        plan.proration = proration;
    }
}

fn base() -> Vec<Sold> {
    vec![Sold::every_period("base").at("90")]
}

const NOTHING: [&str; 0] = [];

both_engines! {
    async fn a_quarter_is_billed_when_it_begins_and_not_again(world: World) {
        let deal = Deal::in_plan(&world, "2024-12-31T08:00:00Z", base(), quarterly(Proration::Day)).await;
        deal.runs("2025-02-15T09:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["period: 45.00"], "45 of 90 days");
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, NOTHING);
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["period: 90.00"]);
        let document = deal.invoice("2025-04").await.unwrap();
        assert_eq!(document.lines[0].until.to_string(), "2025-07-01");
        assert_eq!(deal.bill("2025-06-01T00:00:00Z", "2025-05").await, NOTHING);
    }

    async fn an_early_end_gives_back_what_was_billed_and_is_not_owed(world: World) {
        let deal = Deal::in_plan(&world, "2024-12-31T08:00:00Z", base(), quarterly(Proration::Day)).await;
        let resource = deal.runs("2025-01-01T09:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 90.00"]);
        deal.ends("2025-02-14T12:00:00Z", resource).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["period, billed in advance, given back: -45.00"]);
        let document = deal.invoice("2025-02").await.unwrap();
        assert_eq!(sentences(&document), ["−(1 period × 45/90 days × €90.00)"]);
        assert_eq!((document.lines[0].from.to_string(), document.lines[0].until.to_string()),
            ("2025-02-15".to_owned(), "2025-04-01".to_owned()));
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, NOTHING);
    }

    async fn what_is_given_back_has_the_tax_at_which_it_was_billed(world: World) {
        let cores = Sold::reserved("cores", "core").at("365").with(|terms| terms.limit_period = model::LimitPeriod::Plan);
        let yearly = |plan: &mut model::PlanDraft| {
            (plan.billing_period, plan.charge_mode) = (BillingPeriod::Year, ChargeMode::Advance);
        };
        let sold = vec![Sold::every_period("base").at("730"), cores];
        let deal = Deal::in_plan(&world, "2024-12-31T08:00:00Z", sold, yearly).await;
        let resource = deal.runs("2025-01-01T00:00:00Z", &[("cores", "1")]).await;
        deal.closes("2025-02-01T00:00:00Z", "2025-01").await;
        deal.taxed("2025-03-10T08:00:00Z", "24").await;
        deal.changes("2025-07-01T09:00:00Z", resource, &[("cores", "2")]).await;
        deal.closes("2025-08-01T00:00:00Z", "2025-07").await;
        let july = deal.invoice("2025-07").await.unwrap();
        let told = |document: &model::InvoiceDocument| {
            let taxes = document.taxes.iter().map(|tax| format!("{} on {}: {}", tax.rate.label(), tax.base.plain(), tax.tax.plain()));
            taxes.collect::<Vec<_>>()
        };
        assert_eq!(sentences(&july), ["2 cores × 184/365 days × €365.00 − 1 core × 184/365 days × €365.00"]);
        assert_eq!(told(&july), ["VAT 24 % on 184.00: 44.16"], "more is a sale of July");
        // The last quarter was billed: a core of January and one of July, and the fee of January.
        deal.ends("2025-09-30T23:59:59Z", resource).await;
        deal.closes("2025-10-01T00:00:00Z", "2025-09").await;
        let september = deal.invoice("2025-09").await.unwrap();
        let lines: Vec<_> = september.lines.iter().map(|line| format!("{}: {}", line.description, line.amount)).collect();
        assert_eq!(lines, [
            "period, billed in advance, given back, VAT 22 % as billed then: -184",
            "core, billed in advance, given back: -184",
        ]);
        assert_eq!(told(&september), ["VAT 22 % on -184.00: -40.48", "VAT 24 % on -184.00: -44.16"]);
        assert_eq!(september.total, super::deal::fixed("-452.64"));
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_whole_period_is_owed_though_it_ends_early(world: World) {
        let deal = Deal::in_plan(&world, "2024-12-31T08:00:00Z", base(), quarterly(Proration::None)).await;
        let resource = deal.runs("2025-01-01T09:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 90.00"]);
        deal.ends("2025-02-14T12:00:00Z", resource).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, NOTHING);
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, NOTHING);
    }

    async fn a_switch_gives_the_old_plan_back_and_charges_the_new_from_its_day(world: World) {
        let deal = Deal::in_plan(&world, "2024-12-31T08:00:00Z", base(), quarterly(Proration::Day)).await;
        let monthly = deal.add_plan(|_| {}, &[("base", "31")]).await;
        let resource = deal.runs("2025-01-01T09:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 90.00"]);
        deal.switches("2025-03-02T10:00:00Z", resource, monthly).await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await,
            ["period, billed in advance, given back: -30.00", "period: 30.00"]);
    }

    async fn a_raised_limit_is_charged_for_the_rest_of_what_was_billed(world: World) {
        let sold = vec![Sold::reserved("disk", "TB").at("9").with(|terms| terms.limit_period = model::LimitPeriod::Plan)];
        let deal = Deal::in_plan(&world, "2024-12-31T08:00:00Z", sold, quarterly(Proration::Day)).await;
        let resource = deal.runs("2025-01-01T09:00:00Z", &[("disk", "10")]).await;
        deal.changes("2025-02-15T12:00:00Z", resource, &[("disk", "20")]).await;
        assert_eq!(deal.bill("2025-03-02T00:00:00Z", "2025-01").await, ["TB: 90.00"]);
        assert_eq!(deal.bill("2025-03-02T00:00:00Z", "2025-02").await, ["TB, change since it was billed in advance: 45.00"]);
        assert_eq!(deal.bill("2025-04-02T00:00:00Z", "2025-03").await, NOTHING);
    }

    async fn a_whole_period_is_owed_once_though_the_plan_is_no_longer_in_advance(world: World) {
        let deal = Deal::in_plan(&world, "2024-12-31T08:00:00Z", base(), |plan| {
            quarterly(Proration::None)(plan);
            without_notice(plan);
        }).await;
        deal.runs("2025-01-01T09:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 90.00"]);
        deal.publishes("2025-02-10T09:00:00Z", |plan| plan.charge_mode = ChargeMode::Arrears).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, NOTHING);
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, NOTHING, "January has billed it");
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, NOTHING);
        assert_eq!(deal.bill("2025-07-01T00:00:00Z", "2025-06").await, ["period: 90.00"]);
    }

    async fn a_switch_on_the_first_day_after_a_month_that_is_closed_gives_back_what_it_billed(world: World) {
        let deal = Deal::in_plan(&world, "2024-12-31T08:00:00Z", base(), quarterly(Proration::Day)).await;
        let hourly = deal.add_plan(|plan| plan.proration = Proration::Hour, &[("base", "31")]).await;
        let resource = deal.runs("2025-01-01T09:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-02-01T05:00:00Z", "2025-01").await, ["period: 90.00"]);
        // The day is the hourly plan's from its midnight on, which is when January ends.
        deal.switches("2025-02-01T10:00:00Z", resource, hourly).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await,
            ["period, billed in advance, given back: -59.00", "period: 31.00"]);
    }
}
