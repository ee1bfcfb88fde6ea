//! A renewal binds anew what recurs, from the first instant of the term that it added.

use entity::offering;
use model::{OfferingState, OrderState, PriceChanges, RenewDraft};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel, Set};
use testkit::{Sold, World, both_engines};

use super::lasting::{for_months, renew, row};
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

both_engines! {
    async fn what_recurs_is_raised_by_a_renewal_on_the_first_day_of_its_term_and_not_before(world: World) {
        let deal = deal(&world).await;
        let resource = for_months(&deal, "2025-01-15T09:00:00Z", 3).await;
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
        world.was_always_in_zone(deal.buyer.id, "Asia/Tokyo").await;
        let resource = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        deal.publishes("2025-02-01T09:00:00Z", |plan| set_price(plan, "base", "60")).await;
        renew(&deal, "2025-02-05T09:00:00Z", resource, 6).await;
        // 14 days of February at 30, 14 at 60.
        let bill = deal.bill("2025-03-01T00:00:00Z", "2025-02").await;
        assert_eq!(bill, ["core: 24.00", "period: 15.00", "period: 30.00"]);
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_renewal_of_what_is_no_longer_offered_is_not_begun(world: World) {
        let deal = deal(&world).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 3).await;
        let member = world.member(&deal.project).await;
        let ordering = world.domain().ordering();
        let order = ordering.place_renew(&member, RenewDraft { resource_id, months: 3 }, None).await.unwrap();
        let row = offering::Entity::find_by_id(deal.offering.id).one(world.db()).await.unwrap().unwrap();
        let mut row = row.into_active_model();
        row.state = Set(OfferingState::Archived);
        row.update(world.db()).await.unwrap();
        let refused = ordering.approve(&deal.buyer.owner, order, "").await.unwrap_err().problem();
        assert!(refused.detail.ends_with("is no longer offered."), "{}", refused.detail);
        assert_eq!(world.order_state(order).await, OrderState::PendingBuyer);
    }

    async fn without_a_renewal_a_raise_never_comes(world: World) {
        let deal = deal(&world).await;
        for_months(&deal, "2025-01-15T09:00:00Z", 6).await;
        deal.publishes("2025-02-01T09:00:00Z", |plan| set_price(plan, "base", "60")).await;
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["period: 30.00"]);
    }

    async fn months_that_are_renewed_one_by_one_keep_the_day_of_the_first(world: World) {
        let deal = deal(&world).await;
        let resource = for_months(&deal, "2025-01-31T09:00:00Z", 1).await;
        let mut lasts = vec![row(&world, resource).await.end_date.unwrap().to_string()];
        for at in ["2025-02-10T09:00:00Z", "2025-03-10T09:00:00Z"] {
            renew(&deal, at, resource, 1).await;
            lasts.push(row(&world, resource).await.end_date.unwrap().to_string());
        }
        assert_eq!(lasts, ["2025-02-27", "2025-03-30", "2025-04-29"], "as three months at once");
        // More within the second month, which runs from 28 February to 30 March, is paid for one month.
        deal.changes("2025-03-29T09:00:00Z", resource, &[("cores", "5")]).await;
        let bill = deal.bill("2025-04-01T00:00:00Z", "2025-03").await;
        assert!(bill.contains(&"core: 1.00".to_owned()), "{bill:?}");
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }
}
