//! Amounts that are billed as they stand have no more decimals than can be paid.

use domain::catalogue::CatalogueError;
use model::{BillingPeriod, ChargeType, Currency, PlanDraft, PriceCorrectionDraft, PriceScheme, Tier};
use testkit::{Sold, World, both_engines};

use crate::billing::deal::{Deal, draft_of, fixed, set_price};

fn told(error: &CatalogueError) -> Vec<(String, String)> {
    let fields = error.problem().fields.into_iter();
    fields.map(|fault| (fault.path, fault.message)).collect()
}

async fn deal(world: &World) -> Deal<'_> {
    let sold = vec![
        Sold::every_period("base").at("10"),
        Sold::once("start").at("10"),
        Sold::used("cpu", "CPU-hour").at("0.001"),
    ];
    Deal::selling(world, "2025-01-01T08:00:00Z", sold).await
}

/// What saving the first plan with a change is refused with.
async fn refused(deal: &Deal<'_>, change: impl FnOnce(&mut PlanDraft)) -> Vec<(String, String)> {
    let (catalogue, manager) = (deal.world.domain().catalogue(), &deal.provider.manager);
    let seen = catalogue
        .offering(Some(manager), &deal.offering.slug)
        .await
        .unwrap();
    let mut draft = draft_of(&seen.plans[0]);
    change(&mut draft);
    let saved = catalogue
        .save_plan(manager, deal.offering.id, Some(deal.offering.plan), draft)
        .await;
    saved.err().map(|error| told(&error)).unwrap_or_default()
}

both_engines! {
    async fn a_fee_that_nobody_can_pay_is_refused_at_its_field(world: World) {
        let deal = deal(&world).await;
        let setup = refused(&deal, |plan| plan.setup_fee = fixed("0.001")).await;
        let expected = "The setup fee is billed as it stands, and EUR has 2 decimals at most.";
        assert_eq!(setup, [("setup_fee".to_owned(), expected.to_owned())]);
        let yen = refused(&deal, |plan| {
            (plan.currency, plan.setup_fee) = (Currency::Jpy, fixed("7.5"));
            set_price(plan, "start", "9.5");
        })
        .await;
        let expected = [
            ("setup_fee".to_owned(), "The setup fee is billed as it stands, and JPY has 0 decimals at most.".to_owned()),
            ("prices.start".to_owned(), "Check the price: it is billed as it stands, and JPY has 0 decimals at most.".to_owned()),
        ];
        assert_eq!(yen, expected);
        assert_eq!(refused(&deal, |plan| plan.setup_fee = fixed("0.05")).await, []);
    }

    async fn of_prices_only_those_that_are_multiplied_may_have_more_decimals(world: World) {
        let deal = deal(&world).await;
        let paths = async |change: &dyn Fn(&mut PlanDraft)| {
            refused(&deal, |plan| change(plan)).await.into_iter().map(|(path, _)| path).collect::<Vec<_>>()
        };
        assert_eq!(paths(&|plan| set_price(plan, "start", "9.999")).await, ["prices.start"]);
        assert_eq!(paths(&|plan| set_price(plan, "base", "9.999")).await, ["prices.base"]);
        assert_eq!(paths(&|plan| set_price(plan, "cpu", "0.000001")).await, [""; 0]);
        let by_hour = |plan: &mut PlanDraft| {
            plan.billing_period = BillingPeriod::Hour;
            set_price(plan, "base", "0.001");
        };
        assert_eq!(paths(&by_hour).await, [""; 0], "hours are counted");
        let row = |up_to: Option<&str>| Tier { up_to: up_to.map(fixed), price: fixed("0.005") };
        let rows = |plan: &mut PlanDraft| {
            plan.prices.iter_mut().find(|one| one.component == "cpu").unwrap().scheme =
                PriceScheme::Stairstep { tiers: vec![row(Some("10")), row(None)] };
        };
        assert_eq!(paths(&rows).await, ["prices.cpu"], "one price for all of a row");
    }

    async fn a_charge_that_would_bill_such_a_price_as_it_stands_is_refused(world: World) {
        let deal = deal(&world).await;
        let (catalogue, manager) = (world.domain().catalogue(), &deal.provider.manager);
        let seen = catalogue.offering(Some(manager), &deal.offering.slug).await.unwrap();
        let held = seen.components.iter().find(|one| one.terms.code == "cpu").unwrap().clone();
        let mut terms = held.terms;
        terms.charge = ChargeType::OneTime;
        let draft = model::ComponentDraft { terms, description: String::new(), article_code: String::new() };
        let saved = catalogue.save_component(manager, deal.offering.id, Some(held.id), draft).await;
        let faults = told(&saved.unwrap_err());
        assert_eq!(faults[0].0, "terms.charge", "{faults:?}");
    }

    async fn a_correction_is_held_to_the_same(world: World) {
        let deal = deal(&world).await;
        deal.runs("2025-01-10T09:00:00Z", &[]).await;
        let (catalogue, manager) = (world.domain().catalogue(), &deal.provider.manager);
        let seen = catalogue.offering(Some(manager), &deal.offering.slug).await.unwrap();
        let version = seen.plans[0].prices.iter().find(|one| one.component == "start").unwrap().id;
        let draft = PriceCorrectionDraft {
            version: model::PlanVersionId(version.0),
            scheme: PriceScheme::PerUnit { price: fixed("9.995") },
            from: "2025-01-10".parse().unwrap(),
            reason: "A slip of the pen.".into(),
        };
        let billing = world.domain().billing();
        let refused = billing.correct_price(manager, deal.offering.id, deal.offering.plan, draft).await.unwrap_err();
        let fault = refused.problem().fields[0].clone();
        assert_eq!((fault.path.as_str(), fault.code.as_str()), ("scheme", "bad_price"));
    }
}
