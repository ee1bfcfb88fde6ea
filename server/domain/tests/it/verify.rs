//! The check of the invariants: silent on a sound database, and each breach is found.

use domain::verify::Finding;
use entity::{
    invoice, invoice_item, invoice_series, order, plan_price, resource, resource_interval, usage_day,
    usage_event,
};
use model::{Fixed, OrderState, PriceScheme, ResourceState};
use sea_orm::sea_query::Expr;
use sea_orm::{
    ActiveModelTrait, ColumnTrait, ConnectionTrait, EntityTrait, IntoActiveModel, QueryFilter, QueryOrder,
    Set,
};
use testkit::{Sold, World, both_engines};

use crate::billing::deal::Deal;

/// Two months of a resource whose limits changed, with use that came late; January and February are issued.
pub(crate) async fn lived(world: &World) -> Deal<'_> {
    let sold = vec![
        Sold::reserved("disk", "TB").at("31"),
        Sold::used("cpu", "CPU-hour").at("0.05"),
    ];
    let deal = Deal::selling(world, "2025-01-01T08:00:00Z", sold).await;
    let resource = deal.runs("2025-01-10T09:00:00Z", &[("disk", "1")]).await;
    deal.used(
        resource,
        "a",
        ("2025-01-10T00:00:00Z", "2025-01-10T09:00:00Z"),
        "100",
    )
    .await;
    deal.changes("2025-01-20T09:00:00Z", resource, &[("disk", "2")])
        .await;
    deal.closes("2025-02-01T00:00:00Z", "2025-01").await;
    world.clock().set("2025-02-10T00:00:00Z");
    deal.used(
        resource,
        "late",
        ("2025-01-11T00:00:00Z", "2025-01-11T09:00:00Z"),
        "10",
    )
    .await;
    deal.closes("2025-03-01T00:00:00Z", "2025-02").await;
    deal.changes("2025-03-05T09:00:00Z", resource, &[("disk", "3")])
        .await;
    world.clock().set("2025-03-10T09:00:00Z");
    world.operations().billing().accrue_open().await.unwrap();
    deal
}

pub(crate) async fn findings(world: &World) -> Vec<Finding> {
    world.operations().verify().run().await.unwrap()
}

/// The one finding's invariant and text.
pub(crate) async fn only(world: &World) -> (u8, String) {
    let found = findings(world).await;
    assert_eq!(found.len(), 1, "{found:#?}");
    (found[0].invariant, found[0].text.clone())
}

/// The texts of all findings, which are of one invariant, in order.
pub(crate) async fn texts_of(world: &World, invariant: u8) -> Vec<String> {
    let found = findings(world).await;
    assert!(
        found.iter().all(|finding| finding.invariant == invariant),
        "{found:#?}"
    );
    let mut texts: Vec<String> = found.into_iter().map(|finding| finding.text).collect();
    texts.sort();
    texts
}

/// The texts of the findings of one invariant among others, in order.
async fn texts_within(world: &World, invariant: u8) -> Vec<String> {
    let found = findings(world).await.into_iter();
    let mut texts: Vec<String> = found
        .filter(|finding| finding.invariant == invariant)
        .map(|finding| finding.text)
        .collect();
    texts.sort();
    texts
}

async fn set_day(world: &World, day: &str, quantity: &str) {
    let day: chrono::NaiveDate = day.parse().unwrap();
    let quantity: Fixed = quantity.parse().unwrap();
    let days = usage_day::Entity::update_many().col_expr(usage_day::Column::Quantity, Expr::value(quantity));
    days.filter(usage_day::Column::Day.eq(day))
        .exec(world.db())
        .await
        .unwrap();
}

/// The invoice of March. The database itself refuses any change of those that are issued.
async fn open(world: &World) -> invoice::Model {
    invoice::Entity::find()
        .filter(invoice::Column::Number.is_null())
        .one(world.db())
        .await
        .unwrap()
        .unwrap()
}

async fn open_line(world: &World) -> invoice_item::Model {
    invoice_item::Entity::find_of_invoice(open(world).await.id)
        .one(world.db())
        .await
        .unwrap()
        .unwrap()
}

both_engines! {
    async fn the_log_is_in_order_though_a_clock_runs_behind(world: World) {
        let sold = vec![Sold::reserved("disk", "TB").at("31")];
        let deal = Deal::selling(&world, "2025-01-01T08:00:00Z", sold).await;
        let resource = deal.runs("2025-01-10T09:00:00Z", &[("disk", "1")]).await;
        deal.changes("2025-01-10T08:59:59Z", resource, &[("disk", "2")]).await;
        assert_eq!(findings(&world).await, []);
        let detail = world.domain().provisioning().resource(&deal.buyer.owner, resource).await.unwrap();
        let verbs: Vec<&str> = detail.timeline.iter().map(|entry| entry.verb.as_str()).collect();
        let told = ["resource.requested", "resource.activated", "resource.change_begun", "resource.limits_changed"];
        assert_eq!(verbs, told);
    }

    async fn a_sound_database_has_no_findings(world: World) {
        lived(&world).await;
        assert_eq!(findings(&world).await, []);
    }

    async fn a_changed_total_is_found(world: World) {
        lived(&world).await;
        let mut row = open(&world).await.into_active_model();
        row.total = Set(Fixed::ONE);
        row.update(world.db()).await.unwrap();
        let (invariant, text) = only(&world).await;
        assert_eq!(invariant, 1);
        assert!(text.starts_with("net and tax: 1 is stored"), "{text}");
    }

    async fn a_changed_line_is_found_as_sum_and_as_derivation(world: World) {
        lived(&world).await;
        let mut row = open_line(&world).await.into_active_model();
        row.amount = Set(Fixed::ONE);
        row.update(world.db()).await.unwrap();
        let found = findings(&world).await;
        assert_eq!(found.iter().map(|finding| finding.invariant).collect::<Vec<_>>(), [1, 1]);
        assert!(found.iter().any(|finding| finding.text.contains("the sum of its lines")), "{found:?}");
        assert!(found.iter().any(|finding| finding.subject.starts_with("invoice line")), "{found:?}");
    }

    async fn a_gap_in_the_numbers_is_found(world: World) {
        lived(&world).await;
        let series = invoice_series::Entity::find().one(world.db()).await.unwrap().unwrap();
        let mut row = series.into_active_model();
        row.next = Set(9);
        row.update(world.db()).await.unwrap();
        assert_eq!(only(&world).await, (1, "the next number is 9, but should be 3".to_owned()));
    }

    async fn days_that_are_not_their_events_are_found(world: World) {
        lived(&world).await;
        let everyday = usage_day::Entity::update_many().col_expr(usage_day::Column::Quantity, Expr::value(Fixed::ONE));
        everyday.exec(world.db()).await.unwrap();
        let expected = [
            "use of cpu on 2025-01-10: 1 is stored, its events add up to 100",
            "use of cpu on 2025-01-11: 1 is stored, its events add up to 10",
        ];
        assert_eq!(texts_within(&world, 1).await, expected);
    }

    async fn days_that_were_swapped_or_fell_below_zero_are_found_though_they_add_up(world: World) {
        lived(&world).await;
        set_day(&world, "2025-01-10", "150").await;
        set_day(&world, "2025-01-11", "-40").await;
        let expected = [
            "use of cpu on 2025-01-10: 150 is stored, its events add up to 100",
            "use of cpu on 2025-01-11 is -40, below zero",
        ];
        assert_eq!(texts_of(&world, 1).await, expected);
    }

    async fn an_event_whose_days_are_not_its_quantity_is_found(world: World) {
        lived(&world).await;
        let event = usage_event::Entity::find().filter(usage_event::Column::Key.eq("late")).one(world.db()).await.unwrap().unwrap();
        let mut row = event.into_active_model();
        row.quantity = Set(Fixed::from(11));
        row.update(world.db()).await.unwrap();
        assert_eq!(texts_within(&world, 1).await, ["its days do not add up to its quantity, 11"]);
    }

    async fn a_price_that_was_edited_after_documents_depended_on_it_is_found(world: World) {
        lived(&world).await;
        let price = PriceScheme::PerUnit { price: Fixed::from(62) };
        let disks = plan_price::Entity::find().all(world.db()).await.unwrap();
        let disk = disks.into_iter().find(|row| row.sort_price == Fixed::from(31)).unwrap();
        let mut row = disk.into_active_model();
        row.scheme = Set(serde_json::json!(price));
        row.update(world.db()).await.unwrap();
        let expected = [
            "TB from 2025-01-10 was issued for 2025-01 with 34 EUR, but computes as 68 today",
            "TB from 2025-02-01 was issued for 2025-02 with 62 EUR, but computes as 124 today",
            "it is not as it was published: its amount, period or first instant was changed",
        ];
        assert_eq!(texts_of(&world, 6).await, expected);
    }

    async fn a_history_that_was_edited_after_documents_depended_on_it_is_found(world: World) {
        lived(&world).await;
        let first = resource_interval::Entity::find().order_by_asc(resource_interval::Column::StartsAt);
        let first = first.one(world.db()).await.unwrap().unwrap();
        let mut row = first.into_active_model();
        row.starts_at = Set("2025-01-08T09:00:00Z".parse().unwrap());
        row.update(world.db()).await.unwrap();
        let expected = [
            "TB from 2025-01-08 was issued for 2025-01 with 0 EUR, but computes as 36 today",
            "TB from 2025-01-10 was issued for 2025-01 with 34 EUR, but computes as 0 today",
            "it is billed from 2025-01-08T09:00:00Z on, when it did not run yet",
        ];
        assert_eq!(texts_of(&world, 6).await, expected);
    }

    async fn sound_data_of_any_zone_has_no_findings(world: World) {
        let by_hour = |plan: &mut model::PlanDraft| plan.proration = model::Proration::Hour;
        let sold = || vec![Sold::every_period("base").at("720"), Sold::used("cpu", "CPU-hour").at("0.05")];
        let deal = Deal::in_plan(&world, "2025-03-01T08:00:00Z", sold(), by_hour).await;
        let by_day = deal.add_plan(|_| {}, &[("base", "31"), ("cpu", "1")]).await;
        let zones = [
            "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Chatham", "America/St_Johns", "Pacific/Kiritimati",
            "Pacific/Pago_Pago", "America/Havana", "Africa/Cairo",
        ];
        world.clock().set("2025-03-03T08:00:00Z");
        let mut lived = Vec::new();
        for zone in zones {
            let buyer = world.buyer().await;
            world.was_always_in_zone(buyer.id, zone).await;
            let project = world.project(&buyer).await;
            let id = world.order(&buyer.owner, &project, &deal.offering).fulfilled().await;
            lived.push((buyer, id));
        }
        let ordering = world.domain().ordering();
        for (at, switch) in [("2025-04-09T13:47:00Z", true), ("2025-04-26T22:20:00Z", false), ("2025-05-03T10:40:00Z", true)] {
            world.clock().set(at);
            for (number, (buyer, id)) in lived.iter().enumerate() {
                let plan = if at < "2025-05" { by_day } else { deal.offering.plan };
                if switch && number % 2 == 0 {
                    ordering.place_switch_plan(&buyer.owner, *id, plan, None).await.unwrap();
                } else if number % 3 == 1 && at > "2025-05" {
                    ordering.place_terminate(&buyer.owner, *id, "enough", None).await.unwrap();
                }
                deal.used(*id, at, ("2025-04-05T10:00:00Z", "2025-04-06T16:00:00Z"), "7").await;
            }
            world.run_jobs().await;
        }
        for month in ["2025-03", "2025-04", "2025-05"] {
            deal.closes("2025-06-02T00:00:00Z", month).await;
        }
        assert_eq!(findings(&world).await, []);
    }

    async fn a_day_billed_twice_or_outside_the_life_is_found(world: World) {
        lived(&world).await;
        let disk = open_line(&world).await;
        let copy = invoice_item::Model {
            id: model::InvoiceItemId(uuid::Uuid::from_u128(1)),
            from_day: "2024-12-31".parse().unwrap(),
            until_day: "2025-01-01".parse().unwrap(),
            ..disk.clone()
        };
        let insert = invoice_item::Entity::insert(copy.into_active_model().reset_all());
        insert.exec_without_returning(world.db()).await.unwrap();
        let texts: Vec<String> =
            findings(&world).await.into_iter().filter(|finding| finding.invariant == 2).map(|finding| finding.text).collect();
        assert!(texts.iter().any(|text| text.contains("disk is billed twice on 2025-03-01")), "{texts:?}");
        assert!(texts.iter().any(|text| text.contains("billed from 2024-12-31")), "{texts:?}");
    }

    async fn an_order_that_nobody_works_on_is_found(world: World) {
        let deal = lived(&world).await;
        world.order(&deal.buyer.owner, &deal.project, &deal.offering).await;
        assert_eq!(findings(&world).await, [], "its job waits");
        world.db().execute_unprepared("DELETE FROM jobs WHERE kind = 'provision_order'").await.unwrap();
        let (invariant, text) = only(&world).await;
        assert_eq!((invariant, text.contains("no job carries it out")), (4, true), "{text}");
    }

    async fn a_job_for_what_is_finished_is_found_after_a_while(world: World) {
        let deal = lived(&world).await;
        let id = world.order(&deal.buyer.owner, &deal.project, &deal.offering).await;
        world.operations().ordering().fail(id, "out of luck").await.unwrap();
        world.domain().ordering().cancel(&deal.buyer.owner, id, "").await.ok();
        let orders = order::Entity::update_many().col_expr(order::Column::State, Expr::value(OrderState::Done));
        orders.filter(order::Column::Id.eq(id)).exec(world.db()).await.unwrap();
        world.clock().advance(chrono::TimeDelta::hours(1));
        let found = findings(&world).await;
        assert!(found.iter().any(|finding| finding.invariant == 4 && finding.text.contains("which is finished")), "{found:?}");
        assert!(found.iter().any(|finding| finding.invariant == 5), "the state was not reached by a move: {found:?}");
    }

    async fn an_invoice_without_pdf_and_job_is_found(world: World) {
        lived(&world).await;
        world.db().execute_unprepared("DELETE FROM jobs WHERE kind = 'render_invoice'").await.unwrap();
        let found = findings(&world).await;
        assert_eq!(found.iter().map(|finding| finding.invariant).collect::<Vec<_>>(), [4, 4]);
        let invoices = invoice::Entity::find().filter(invoice::Column::Number.is_not_null()).all(world.db()).await.unwrap();
        for row in invoices {
            world.operations().billing().store_pdf(row.id, vec![1]).await.unwrap();
        }
        assert_eq!(findings(&world).await, []);
    }

    async fn a_resource_that_the_log_does_not_know_is_found(world: World) {
        lived(&world).await;
        let row = resource::Entity::find().one(world.db()).await.unwrap().unwrap();
        let row = resource::Model { id: model::ResourceId(uuid::Uuid::from_u128(1)), slug: "smuggled".into(), activated_at: None, ..row };
        resource::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(world.db()).await.unwrap();
        assert_eq!(only(&world).await, (5, "1 of them have no history in the audit log".to_owned()));
    }

    async fn a_state_that_no_move_led_to_is_found(world: World) {
        lived(&world).await;
        let all = resource::Entity::update_many().col_expr(resource::Column::State, Expr::value(ResourceState::Erred));
        all.exec(world.db()).await.unwrap();
        assert_eq!(only(&world).await, (5, "it is erred, but by the log it is ok".to_owned()));
    }
}
