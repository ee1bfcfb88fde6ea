//! A renewal binds anew what recurs, from the first instant of the term that it added.

use model::{PriceChanges, RenewDraft, ResourceId};
use testkit::{Sold, World, both_engines};

use crate::billing::deal::{Deal, set_price};

/// 30 a month and cores that are paid up front; later prices reach what runs when it is renewed.
async fn deal(world: &World) -> Deal<'_> {
    let cores = Sold::reserved("cores", "core")
        .at("1")
        .with(|terms| terms.prepaid = true);
    let sold = vec![Sold::every_period("base").at("30"), cores];
    let at_renewal = |plan: &mut model::PlanDraft| plan.price_changes = PriceChanges::AtRenewal;
    Deal::in_plan(world, "2025-01-01T08:00:00Z", sold, at_renewal).await
}

async fn runs_for(deal: &Deal<'_>, at: &str, months: u32) -> ResourceId {
    deal.world.clock().set(at);
    let order = deal
        .world
        .order(&deal.customer.owner, &deal.project, &deal.offering);
    order
        .limits([("cores", "4")])
        .for_months(months)
        .fulfilled()
        .await
}

async fn renew(deal: &Deal<'_>, at: &str, resource_id: ResourceId, months: u32) {
    deal.world.clock().set(at);
    let draft = RenewDraft { resource_id, months };
    let ordering = deal.world.domain().ordering();
    ordering
        .place_renew(&deal.customer.owner, draft, None)
        .await
        .unwrap();
    deal.world.run_jobs().await;
}

both_engines! {
    async fn what_recurs_is_raised_by_a_renewal_on_the_first_day_of_its_term_and_not_before(world: World) {
        let deal = deal(&world).await;
        let resource = runs_for(&deal, "2025-01-15T09:00:00Z", 3).await;
        deal.publishes("2025-02-01T09:00:00Z", |plan| set_price(plan, "base", "60")).await;
        renew(&deal, "2025-03-01T09:00:00Z", resource, 3).await;
        assert_eq!(deal.bill("2025-04-01T00:00:00Z", "2025-03").await, ["period: 30.00"]);
        deal.changes("2025-04-20T09:00:00Z", resource, &[("cores", "5")]).await;
        // 14 days at 30 and 16 at 60 a month; four cores for three months, and one for what remains of them.
        let bill = deal.bill("2025-05-01T00:00:00Z", "2025-04").await;
        assert_eq!(bill, ["core: 12.00", "core: 3.00", "period: 14.00", "period: 32.00"]);
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn days_of_a_renewal_are_those_of_the_buyer(world: World) {
        let deal = deal(&world).await;
        world.was_always_in_zone(deal.customer.id, "Asia/Tokyo").await;
        let resource = runs_for(&deal, "2025-01-15T09:00:00Z", 1).await;
        deal.publishes("2025-02-01T09:00:00Z", |plan| set_price(plan, "base", "60")).await;
        renew(&deal, "2025-02-05T09:00:00Z", resource, 6).await;
        // 14 days of February at 30, 14 at 60.
        let bill = deal.bill("2025-03-01T00:00:00Z", "2025-02").await;
        assert_eq!(bill, ["core: 24.00", "period: 15.00", "period: 30.00"]);
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn without_a_renewal_a_raise_never_comes(world: World) {
        let deal = deal(&world).await;
        runs_for(&deal, "2025-01-15T09:00:00Z", 6).await;
        deal.publishes("2025-02-01T09:00:00Z", |plan| set_price(plan, "base", "60")).await;
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["period: 30.00"]);
    }
}
