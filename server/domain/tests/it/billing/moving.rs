//! A buyer that moves to another time zone: nothing is billed twice or never.

use model::{BillingPeriod, ChargeMode, OrganizationDetail, PlanDraft, Proration};
use testkit::{Sold, World, both_engines};

use super::deal::Deal;
use super::ends::last_day;

/// By the hour, for such periods.
fn by_hour(every: BillingPeriod, charge_mode: ChargeMode) -> impl Fn(&mut PlanDraft) {
    move |plan| {
        (plan.billing_period, plan.proration) = (every, Proration::Hour);
        plan.charge_mode = charge_mode;
    }
}

async fn is_sound(world: &World) {
    assert_eq!(world.operations().verify().run().await.unwrap(), []);
}

both_engines! {
    async fn a_quarter_of_hours_is_as_long_as_it_was_to_be_when_it_began(world: World) {
        let in_advance = by_hour(BillingPeriod::Quarter, ChargeMode::Advance);
        let sold = vec![Sold::every_period("base").at("2160")];
        let deal = Deal::in_plan(&world, "2024-12-01T08:00:00Z", sold, in_advance).await;
        // A day after the quarter has begun, of 2,160 hours in UTC.
        deal.runs("2025-01-02T00:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 2136.00"]);
        deal.moves("2025-02-10T08:00:00Z", "Asia/Tokyo").await;
        is_sound(&world).await;
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, Vec::<String>::new());
        // The quarter ends nine hours earlier than it was to, and the next one begins there.
        let march = deal.bill("2025-04-01T00:00:00Z", "2025-03").await;
        assert_eq!(march, ["period, billed in advance, given back: -9.00"]);
        assert_eq!(deal.bill("2025-05-01T00:00:00Z", "2025-04").await, ["period: 2160.00"]);
        is_sound(&world).await;
    }

    async fn a_year_of_hours_is_billed_to_whoever_moves_across_the_date_line_in_it(world: World) {
        let sold = vec![Sold::every_period("base").at("8784")];
        let by_year = by_hour(BillingPeriod::Year, ChargeMode::Arrears);
        let deal = Deal::in_plan(&world, "2024-02-01T08:00:00Z", sold, by_year).await;
        world.was_always_in_zone(deal.buyer.id, "Pacific/Kiritimati").await;
        deal.runs("2024-03-01T10:00:00Z", &[]).await;
        deal.moves("2024-03-15T09:00:00Z", "Etc/GMT+12").await;
        is_sound(&world).await;
        // 306 days, and two hours: on the last day of the year it is noon in UTC when the day is over.
        assert_eq!(deal.bill("2025-01-01T12:00:00Z", "2024-12").await, ["period: 7346.00"]);
        is_sound(&world).await;
    }

    async fn a_day_that_a_move_skips_is_billed_to_who_stays_and_not_to_who_leaves_with_it(world: World) {
        let sold = vec![Sold::every_period("base").at("365")];
        let by_year = |plan: &mut PlanDraft| plan.billing_period = BillingPeriod::Year;
        let deal = Deal::in_plan(&world, "2025-04-01T12:00:00Z", sold, by_year).await;
        world.was_always_in_zone(deal.buyer.id, "Etc/GMT+12").await;
        let stays = deal.runs("2025-04-04T13:00:00Z", &[]).await;
        let leaves = deal.runs("2025-04-04T13:00:00Z", &[]).await;
        // Where April ends, the second of May begins.
        deal.moves("2025-04-20T13:00:00Z", "Pacific/Kiritimati").await;
        last_day(&deal, "2025-04-21T13:00:00Z", leaves, Some("2025-05-01")).await;
        last_day(&deal, "2025-04-21T13:00:00Z", stays, Some("2025-05-02")).await;
        assert_eq!(deal.bill("2025-05-02T12:00:00Z", "2025-04").await, ["period: 27.00"]);
        assert_eq!(deal.bill("2025-06-02T12:00:00Z", "2025-05").await, ["period: 29.00"]);
        world.operations().ordering().end_due().await.unwrap();
        is_sound(&world).await;
    }

    async fn a_fee_of_the_last_evening_is_not_billed_again_in_the_zone_moved_to(world: World) {
        let deal = Deal::selling(&world, "2024-12-01T08:00:00Z", vec![Sold::once("install").at("49")]).await;
        deal.runs("2024-12-31T20:00:00Z", &[]).await;
        deal.moves("2024-12-31T21:00:00Z", "Asia/Tokyo").await;
        assert_eq!(deal.bill("2025-01-01T00:00:00Z", "2024-12").await, ["activation: 49.00"]);
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, Vec::<String>::new(), "in Tokyo it was January");
    }

    async fn the_month_begins_where_the_one_before_ended_also_when_it_was_closed_first(world: World) {
        let sold = vec![Sold::once("install").at("49"), Sold::every_period("base").at("31")];
        let deal = Deal::selling(&world, "2024-12-01T08:00:00Z", sold).await;
        deal.runs("2024-12-31T20:00:00Z", &[]).await;
        assert_eq!(deal.bill("2025-01-01T00:00:00Z", "2024-12").await, ["activation: 49.00", "period: 1.00"]);
        deal.moves("2025-01-01T01:00:00Z", "Asia/Tokyo").await;
        assert_eq!(deal.bill("2025-02-01T00:00:00Z", "2025-01").await, ["period: 31.00"]);
        assert_eq!(deal.bill("2025-03-01T00:00:00Z", "2025-02").await, ["period: 31.00"]);
    }

    async fn use_keeps_the_day_that_it_had_and_corrections_find_it(world: World) {
        let deal = Deal::selling(&world, "2024-12-01T08:00:00Z", vec![Sold::used("cpu", "CPU-hour").at("1")]).await;
        let resource = deal.runs("2024-12-01T09:00:00Z", &[]).await;
        world.clock().set("2025-01-02T00:00:00Z");
        let evening = ("2024-12-31T18:00:00Z", "2024-12-31T22:00:00Z");
        deal.used(resource, "evening", evening, "40").await;
        assert_eq!(deal.bill("2025-01-02T01:00:00Z", "2024-12").await, ["CPU-hour: 40.00"]);
        deal.moves("2025-01-02T02:00:00Z", "Asia/Tokyo").await;
        world.clock().set("2025-02-03T00:00:00Z");
        deal.used(resource, "evening", evening, "0").await;
        let days = entity::usage_day::Entity::find_within([resource], "2024-12-01".parse().unwrap(), "2025-03-01".parse().unwrap());
        let days = days.all(world.db()).await.unwrap();
        assert!(days.iter().all(|day| !day.quantity.is_negative()), "{days:?}");
        assert_eq!(deal.bill("2025-03-02T00:00:00Z", "2025-01").await, ["CPU-hour, change in use of December 2024: -40.00"]);
        assert_eq!(deal.bill("2025-03-02T00:00:00Z", "2025-02").await, Vec::<String>::new());
    }

    async fn a_move_that_is_planned_can_be_taken_back(world: World) {
        let deal = Deal::selling(&world, "2025-06-01T08:00:00Z", vec![Sold::every_period("base").at("30")]).await;
        let structure = world.domain().structure();
        let id = deal.buyer.id;
        deal.moves("2025-06-01T08:00:00Z", "Europe/Tallinn").await;
        let detail = structure.organization(&deal.buyer.owner, id).await.unwrap();
        assert_eq!((detail.time_zone.as_str(), detail.time_zone_from), ("Europe/Tallinn", None), "nothing was bought yet");
        deal.runs("2025-06-01T09:00:00Z", &[]).await;
        deal.moves("2025-06-02T08:00:00Z", "Asia/Tokyo").await;
        let detail = structure.organization(&deal.buyer.owner, id).await.unwrap();
        assert_eq!(detail.time_zone_from.map(|month| month.to_string()).as_deref(), Some("2025-07"));
        deal.moves("2025-06-03T08:00:00Z", "Europe/Tallinn").await;
        let OrganizationDetail { time_zone, time_zone_from, .. } = structure.organization(&deal.buyer.owner, id).await.unwrap();
        assert_eq!((time_zone.as_str(), time_zone_from), ("Europe/Tallinn", None));
    }
}
