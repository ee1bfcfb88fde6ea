//! Meter events, on both engines.

use chrono::{NaiveDate, TimeDelta};
use domain::usage::UsageError;
use domain::{Actor, DomainError};
use entity::{component, usage_event};
use model::{
    ChargeType, ComponentUsage, Kind, LimitPeriod, ResourceId, TokenScope, UsageOutcome, UsageReport,
};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use serde_json::json;
use testkit::{Sold, World, both_engines};

use crate::billing::deal::{Deal, fixed, usage};

const MORNING: (&str, &str) = ("2025-03-10T06:00:00Z", "2025-03-10T09:00:00Z");
const NEXT_DAY: (&str, &str) = ("2025-03-11T06:00:00Z", "2025-03-11T09:00:00Z");

async fn metered(world: &World) -> (Deal<'_>, ResourceId) {
    let capped = Sold::used("gpu", "GPU-hour")
        .at("1")
        .with(|terms| terms.max = Some(fixed("24")));
    let sold = vec![
        Sold::used("cpu", "CPU-hour").at("0.05"),
        capped,
        Sold::reserved("disk", "TB").at("3"),
    ];
    let deal = Deal::selling(world, "2025-03-01T08:00:00Z", sold).await;
    let resource = deal.runs("2025-03-05T09:00:00Z", &[("disk", "1")]).await;
    world.clock().set("2025-03-20T00:00:00Z");
    (deal, resource)
}

async fn report(deal: &Deal<'_>, resource: ResourceId, component: &str) -> ComponentUsage {
    let (from, until) = ("2025-03-09".parse().unwrap(), "2025-03-13".parse().unwrap());
    let all = deal
        .world
        .domain()
        .usage()
        .report(&deal.buyer.owner, resource, from, until)
        .await
        .unwrap();
    all.into_iter()
        .find(|usage| usage.component == component)
        .unwrap()
}

fn days(usage: &ComponentUsage) -> Vec<String> {
    usage
        .days
        .iter()
        .map(|day| format!("{} {}", day.day, day.quantity))
        .collect()
}

async fn codes(deal: &Deal<'_>, lines: Vec<UsageReport>) -> Vec<(u32, String)> {
    let receipt = deal
        .world
        .domain()
        .usage()
        .record(&deal.provider.manager, lines)
        .await
        .unwrap();
    receipt
        .refused
        .into_iter()
        .map(|refusal| (refusal.index, refusal.code))
        .collect()
}

both_engines! {
    async fn today_is_the_day_of_the_buyer_for_whoever_asks(world: World) {
        let (deal, resource) = metered(&world).await;
        world.was_always_in_zone(deal.buyer.id, "Pacific/Kiritimati").await;
        world.clock().set("2025-03-20T12:00:00Z");
        let usage = world.domain().usage();
        for actor in [&deal.provider.manager, &deal.buyer.owner] {
            assert_eq!(usage.today(actor, resource).await.unwrap().to_string(), "2025-03-21");
        }
        usage.today(&world.stranger().await, resource).await.unwrap_err();
    }

    async fn the_same_event_twice_counts_once(world: World) {
        let (deal, resource) = metered(&world).await;
        let first = deal.used(resource, "a", MORNING, "3").await;
        let second = deal.used(resource, "a", MORNING, "3").await;
        assert_eq!((first.recorded, first.repeated), (1, 0));
        assert_eq!((second.recorded, second.repeated), (0, 1));
        assert_eq!(report(&deal, resource, "cpu").await.total, fixed("3"));
        assert_eq!(usage_event::Entity::find().count(world.db()).await.unwrap(), 1);
    }

    async fn the_same_key_with_another_quantity_replaces_the_event_and_keeps_both(world: World) {
        let (deal, resource) = metered(&world).await;
        deal.used(resource, "a", MORNING, "3").await;
        assert_eq!(deal.used(resource, "a", MORNING, "5").await.corrected, 1);
        assert_eq!(deal.used(resource, "a", NEXT_DAY, "5").await.corrected, 1);
        let usage = report(&deal, resource, "cpu").await;
        assert_eq!(days(&usage), ["2025-03-09 0", "2025-03-10 0", "2025-03-11 5", "2025-03-12 0"]);
        let mut events = usage_event::Entity::find().all(world.db()).await.unwrap();
        events.sort_by_key(|event| event.id);
        assert_eq!(events.iter().map(|event| event.superseded).collect::<Vec<_>>(), [true, true, false]);
        assert_eq!(events[2].replaces, Some(events[1].id));
        assert_eq!(events[1].replaces, Some(events[0].id));
    }

    async fn a_key_that_comes_twice_in_one_batch_counts_with_its_last_quantity(world: World) {
        let (deal, resource) = metered(&world).await;
        let lines = ["1", "2", "2", "4"].map(|quantity| usage(resource, "cpu", "a", MORNING, quantity));
        let receipt = world.domain().usage().record(&deal.provider.manager, lines.to_vec()).await.unwrap();
        assert_eq!((receipt.recorded, receipt.corrected, receipt.repeated), (1, 2, 1));
        assert_eq!(report(&deal, resource, "cpu").await.total, fixed("4"));
    }

    async fn faulty_lines_are_refused_one_by_one_and_good_ones_are_kept(world: World) {
        let (deal, resource) = metered(&world).await;
        let line = |component: &str, key: &str, window, quantity| usage(resource, component, key, window, quantity);
        let lines = vec![
            line("cpu", "good", MORNING, "1"),
            line("cpu", "negative", MORNING, "-1"),
            line("tape", "unknown", MORNING, "1"),
            line("cpu", "early", ("2025-03-04T22:00:00Z", "2025-03-04T23:00:00Z"), "1"),
            line("cpu", "that day", ("2025-03-05T00:00:00Z", "2025-03-05T01:00:00Z"), "1"),
            line("cpu", "backwards", (MORNING.1, MORNING.0), "1"),
            line("cpu", "too long", ("2025-03-06T00:00:00Z", "2025-04-06T00:00:01Z"), "1"),
            line("cpu", "future", ("2025-03-19T00:00:00Z", "2025-03-20T01:00:00Z"), "1"),
            line("gpu", "over", MORNING, "24.000000001"),
            line("gpu", "at the cap", MORNING, "24"),
            line("disk", "reserved, but measured", MORNING, "0.5"),
            line("cpu", "", MORNING, "1"),
            line("cpu", &"k".repeat(201), MORNING, "1"),
            usage(ResourceId(uuid::Uuid::from_u128(1)), "cpu", "nowhere", MORNING, "1"),
        ];
        let refused = codes(&deal, lines).await;
        let expected = [
            (1, "negative"), (2, "unknown_component"), (3, "outside_life"), (5, "window"), (6, "window"), (7, "window"),
            (8, "over_cap"), (11, "key"), (12, "key"), (13, "unknown_resource"),
        ];
        assert_eq!(refused, expected.map(|(index, code)| (index, code.to_owned())));
        assert_eq!(usage_event::Entity::find().count(world.db()).await.unwrap(), 4);
    }

    async fn use_after_the_end_is_refused_and_on_the_last_day_it_is_not(world: World) {
        let (deal, resource) = metered(&world).await;
        deal.ends("2025-03-10T08:00:00Z", resource).await;
        world.clock().set("2025-03-20T00:00:00Z");
        assert_eq!(codes(&deal, vec![usage(resource, "cpu", "last day", MORNING, "1")]).await, []);
        let after = codes(&deal, vec![usage(resource, "cpu", "after", NEXT_DAY, "1")]).await;
        assert_eq!(after, [(0, "outside_life".to_owned())]);
        let late = vec![usage(resource, "cpu", "after", NEXT_DAY, "1")];
        let receipt = world.domain().usage().record(&deal.provider.manager, late).await.unwrap();
        assert_eq!(receipt.refused[0].message, "The resource was not in use after 10 March 2025.");
    }

    async fn use_on_days_that_are_not_billed_is_refused_with_the_reason(world: World) {
        let (deal, resource) = metered(&world).await;
        let ordering = world.domain().ordering();
        world.clock().set("2025-03-09T12:00:00Z");
        let last = Some("2025-03-10".parse().unwrap());
        ordering.change_end(&deal.buyer.owner, resource, last).await.unwrap();
        world.clock().set("2025-03-11T12:00:00Z");
        assert_eq!(codes(&deal, vec![usage(resource, "cpu", "last day", MORNING, "1")]).await, []);
        let refusal = async || {
            let line = vec![usage(resource, "cpu", "grace", NEXT_DAY, "1")];
            let receipt = world.domain().usage().record(&deal.provider.manager, line).await.unwrap();
            receipt.refused[0].message.clone()
        };
        assert_eq!(
            refusal().await,
            "The last day of the resource was 10 March 2025. Nothing is billed after it, so use after it cannot be reported."
        );
        world.clock().set("2025-03-13T12:00:00Z");
        ordering.change_end(&deal.buyer.owner, resource, None).await.unwrap();
        assert_eq!(
            refusal().await,
            "The resource was not in use after 10 March 2025 and before 13 March 2025: nothing is billed for the days between."
        );
        let again = ("2025-03-13T06:00:00Z", "2025-03-13T09:00:00Z");
        assert_eq!(codes(&deal, vec![usage(resource, "cpu", "again", again, "1")]).await, []);
    }

    async fn a_long_user_name_of_a_day_is_taken_and_a_longer_one_is_told_as_such(world: World) {
        let (deal, resource) = metered(&world).await;
        let report = |length: usize| domain::usage::DayReport {
            resource_id: resource,
            component: "cpu".into(),
            day: "2025-03-10".parse().unwrap(),
            quantity: "1".into(),
            username: "u".repeat(length),
        };
        let lines = vec![report(190), report(200), report(201)];
        let receipt = world.domain().usage().record_days(&deal.provider.manager, lines).await.unwrap();
        let refused: Vec<_> = receipt.refused.iter().map(|line| (line.index, line.code.as_str())).collect();
        assert_eq!((receipt.recorded, refused), (2, vec![(2, "username")]));
    }

    async fn a_window_over_midnight_is_divided_among_the_days_of_the_buyers_zone(world: World) {
        let (deal, resource) = metered(&world).await;
        world.was_always_in_zone(deal.buyer.id, "Europe/Tallinn").await;
        deal.used(resource, "night", ("2025-03-10T21:00:00Z", "2025-03-11T00:00:00Z"), "6").await;
        let usage = report(&deal, resource, "cpu").await;
        assert_eq!(days(&usage), ["2025-03-09 0", "2025-03-10 2", "2025-03-11 4", "2025-03-12 0"]);
    }

    async fn use_is_told_by_user(world: World) {
        let (deal, resource) = metered(&world).await;
        let by = |name: &str, key: &str, quantity| UsageReport {
            username: Some(name.to_owned()),
            ..usage(resource, "cpu", key, MORNING, quantity)
        };
        let lines = vec![by("mari", "1", "2"), by("jaan", "2", "5"), by("mari", "3", "1")];
        world.operations().usage().record_collected(resource, lines).await.unwrap();
        let users = report(&deal, resource, "cpu").await.users;
        assert_eq!(users.iter().map(|user| format!("{} {}", user.username, user.quantity)).collect::<Vec<_>>(), ["jaan 5", "mari 3"]);
    }

    async fn what_a_backend_measures_is_brought_to_the_priced_unit(world: World) {
        let minutes = Sold::used("cpu", "CPU-hour").at("1").with(|terms| terms.factor = fixed("60"));
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![minutes]).await;
        let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
        world.clock().set("2025-03-20T00:00:00Z");
        let line = usage(resource, "cpu", "a", MORNING, "90");
        world.operations().usage().record_collected(resource, vec![line]).await.unwrap();
        assert_eq!(report(&deal, resource, "cpu").await.total, fixed("1.5"));
    }

    async fn two_batches_at_once_lose_nothing(world: World) {
        let (deal, resource) = metered(&world).await;
        let batch = |from: u32| (from..from + 50).map(|key| usage(resource, "cpu", &format!("k{key}"), MORNING, "0.1")).collect();
        let (one, two) = (world.domain().usage(), world.second_process().domain().usage());
        // Half of the keys are in both.
        let (left, right) = tokio::join!(
            one.record(&deal.provider.manager, batch(0)),
            two.record(&deal.provider.manager, batch(25)),
        );
        let (left, right) = (left.unwrap(), right.unwrap());
        assert_eq!(left.recorded + right.recorded, 75);
        assert_eq!(left.repeated + right.repeated, 25);
        assert_eq!(report(&deal, resource, "cpu").await.total, fixed("7.5"));
    }

    async fn only_the_provider_reports_and_only_those_who_see_the_resource_read(world: World) {
        let (deal, resource) = metered(&world).await;
        let service = world.domain().usage();
        for actor in [&deal.buyer.owner, &world.provider().await.manager] {
            let receipt = service.record(actor, vec![usage(resource, "cpu", "a", MORNING, "1")]).await.unwrap();
            assert_eq!(receipt.refused[0].code, "unknown_resource");
        }
        let (from, until) = ("2025-03-01".parse().unwrap(), "2025-03-31".parse().unwrap());
        for actor in [&deal.provider.manager, &world.member(&deal.project).await, &Actor::system()] {
            service.report(actor, resource, from, until).await.unwrap();
        }
        let error = service.report(&world.stranger().await, resource, from, until).await.unwrap_err();
        assert_eq!(DomainError::from(error).kind(), Kind::NotFound);
        assert!(matches!(service.report(&deal.buyer.owner, resource, until, from).await, Err(UsageError::Span { .. })));
    }

    async fn a_report_spans_400_days_at_most(world: World) {
        let (deal, resource) = metered(&world).await;
        let from: NaiveDate = "2025-03-01".parse().unwrap();
        let days = async |days: i64| {
            let report = world.domain().usage().report(&deal.buyer.owner, resource, from, from + TimeDelta::days(days)).await;
            report.map(|components| components[0].days.len())
        };
        assert_eq!(days(1).await.unwrap(), 1);
        assert_eq!(days(400).await.unwrap(), 400);
        for span in [0, 401] {
            assert!(matches!(days(span).await, Err(UsageError::Span { most: 400 })), "{span}");
        }
    }

    async fn a_token_without_the_scope_reports_nothing_and_is_told_so(world: World) {
        let (deal, resource) = metered(&world).await;
        let with = |scope| Actor { token_scopes: Some(vec![scope]), ..deal.provider.manager.clone() };
        let line = || usage(resource, "cpu", "a", MORNING, "1");
        let service = world.domain().usage();
        for lines in [vec![line()], Vec::new()] {
            let refused = service.record(&with(TokenScope::Read), lines).await.unwrap_err();
            let problem = DomainError::from(refused).problem();
            assert_eq!((problem.kind, problem.code.as_str()), (Kind::Forbidden, "token_scope_missing"));
            assert!(problem.detail.contains("“provide”"), "{}", problem.detail);
        }
        assert_eq!(service.record(&with(TokenScope::Provide), vec![line()]).await.unwrap().recorded, 1);
    }

    async fn too_large_a_batch_stores_nothing_and_a_line_that_makes_too_large_a_sum_is_refused(world: World) {
        let (deal, resource) = metered(&world).await;
        let service = world.domain().usage();
        let lines = (0..1_001).map(|key| usage(resource, "cpu", &format!("k{key}"), MORNING, "1")).collect();
        assert!(matches!(service.record(&deal.provider.manager, lines).await, Err(UsageError::TooMany { most: 1_000 })));
        assert_eq!(usage_event::Entity::find().count(world.db()).await.unwrap(), 0);
        let huge = |key: &str, window| usage(resource, "cpu", key, window, "599999999");
        let lines = vec![huge("a", MORNING), huge("b", MORNING), huge("c", NEXT_DAY), usage(resource, "cpu", "d", MORNING, "1")];
        let refused = codes(&deal, lines).await;
        assert_eq!(refused, [(1, "too_large".to_owned()), (2, "too_large".to_owned())], "a month must be a number, too");
        assert_eq!(usage_event::Entity::find().count(world.db()).await.unwrap(), 2);
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn a_cap_over_the_whole_life_may_be_more_than_a_month_can_have(world: World) {
        let sold = Sold::used("cpu", "CPU-hour").at("0.05").with(|terms| {
            (terms.max, terms.limit_period) = (Some(fixed("1000000000")), LimitPeriod::Total);
        });
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![sold]).await;
        let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
        world.clock().set("2025-04-20T00:00:00Z");
        let (march, april) = (("2025-03-10T00:00:00Z", "2025-03-11T00:00:00Z"), ("2025-04-10T00:00:00Z", "2025-04-11T00:00:00Z"));
        assert_eq!(deal.used(resource, "a", march, "600000000").await.recorded, 1);
        assert_eq!(deal.used(resource, "b", april, "400000000").await.recorded, 1);
        let code = async |key: &str, window, quantity: &str| deal.used(resource, key, window, quantity).await.refused[0].code.clone();
        assert_eq!(code("c", march, "1").await, "too_large", "of a month");
        assert_eq!(code("d", april, "1").await, "over_cap");
    }

    async fn a_line_that_is_no_number_refuses_itself_alone(world: World) {
        let (deal, resource) = metered(&world).await;
        let sent = |key: &str, quantity: &str| {
            json!({ "resource_id": resource, "component": "cpu", "window_start": MORNING.0, "window_end": MORNING.1,
                "quantity": quantity, "key": key })
        };
        let mut unknown = sent("f", "3");
        unknown["colour"] = json!("red");
        let lines = [sent("a", "1"), sent("b", "NaN"), sent("c", "Infinity"), sent("d", "-1"), sent("e", "2"), json!(null), unknown];
        let receipt = world.domain().usage().record_sent(&deal.provider.manager, &lines).await.unwrap();
        let (recorded, refused) = (UsageOutcome::Recorded, UsageOutcome::Refused);
        assert_eq!(receipt.outcomes, [recorded, refused, refused, refused, recorded, refused, refused]);
        let codes: Vec<_> = receipt.refused.iter().map(|one| (one.index, one.code.as_str())).collect();
        let expected = [(1, "not_a_number"), (2, "not_a_number"), (3, "negative"), (5, "invalid"), (6, "invalid")];
        assert_eq!(codes, expected);
        assert_eq!(report(&deal, resource, "cpu").await.total, fixed("3"));
    }

    async fn a_user_name_that_hides_or_turns_text_refuses_its_line(world: World) {
        let (deal, resource) = metered(&world).await;
        let of = |key: &str, name: &str| UsageReport {
            username: Some(name.to_owned()),
            ..usage(resource, "cpu", key, MORNING, "1")
        };
        let lines = vec![of("a", "mari"), of("b", "ma\u{202E}ri"), of("c", "\u{301}"), of("d", "\u{200B}"), of("e", "")];
        let username = "username".to_owned();
        assert_eq!(codes(&deal, lines).await, [(1, username.clone()), (2, username.clone()), (3, username)]);
    }

    async fn use_of_what_is_not_measured_is_refused(world: World) {
        let sold = vec![
            Sold::every_period("base").at("10"),
            Sold::once("start").at("10"),
            Sold::once("move").at("10").with(|terms| terms.charge = ChargeType::OnPlanSwitch),
            Sold::used("cpu", "CPU-hour").at("1"),
        ];
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", sold).await;
        let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
        world.clock().set("2025-03-20T00:00:00Z");
        let lines = ["base", "start", "move", "cpu"].map(|component| usage(resource, component, component, MORNING, "1"));
        let not_metered = "not_metered".to_owned();
        let expected = [(0, not_metered.clone()), (1, not_metered.clone()), (2, not_metered)];
        assert_eq!(codes(&deal, lines.to_vec()).await, expected);
    }

    async fn a_cap_of_the_plans_own_period_is_one_of_a_month_where_it_is_shown_and_where_it_is_kept(world: World) {
        let sold = Sold::used("traffic", "GB").at("1");
        let sold = sold.with(|terms| (terms.max, terms.limit_period) = (Some(fixed("7")), LimitPeriod::Plan));
        let yearly = |plan: &mut model::PlanDraft| plan.billing_period = model::BillingPeriod::Year;
        let deal = Deal::in_plan(&world, "2025-01-01T08:00:00Z", vec![sold], yearly).await;
        let resource = deal.runs("2025-01-01T09:00:00Z", &[]).await;
        world.clock().set("2025-02-20T00:00:00Z");
        let january = ("2025-01-30T00:00:00Z", "2025-01-31T00:00:00Z");
        let february = ("2025-02-10T00:00:00Z", "2025-02-11T00:00:00Z");
        let line = |key: &str, window| usage(resource, "traffic", key, window, "5");
        let lines = vec![line("a", january), line("b", february), line("c", february)];
        assert_eq!(codes(&deal, lines).await, [(2, "over_cap".to_owned())]);
        let shown = world.domain().provisioning().resource(&deal.buyer.owner, resource).await.unwrap();
        let shown = &shown.use_of_limits[0];
        assert_eq!((shown.every, shown.used), (model::BillingPeriod::Month, fixed("5")));
    }

    async fn a_cap_counts_all_of_its_period_whatever_the_keys(world: World) {
        let capped = |code: &str, period| {
            Sold::used(code, "GB").at("1").with(|terms| (terms.max, terms.limit_period) = (Some(fixed("7")), period))
        };
        let sold = vec![
            capped("month", LimitPeriod::Month), capped("year", LimitPeriod::Year), capped("total", LimitPeriod::Total),
        ];
        let deal = Deal::selling(&world, "2024-11-01T08:00:00Z", sold).await;
        let resource = deal.runs("2024-11-01T09:00:00Z", &[]).await;
        world.clock().set("2025-03-20T00:00:00Z");
        let over = |lines: Vec<UsageReport>| {
            let deal = &deal;
            async move {
                let refused = codes(deal, lines).await;
                assert!(refused.iter().all(|(_, code)| code == "over_cap"), "{refused:?}");
                refused.into_iter().map(|(index, _)| index).collect::<Vec<u32>>()
            }
        };
        let december = ("2024-12-30T00:00:00Z", "2024-12-31T00:00:00Z");
        let january = ("2025-01-30T00:00:00Z", "2025-01-31T00:00:00Z");
        let february = ("2025-02-10T00:00:00Z", "2025-02-11T00:00:00Z");
        for (component, refused) in [("month", vec![1]), ("year", vec![1, 3]), ("total", vec![1, 2, 3])] {
            let line = |key: &str, window| usage(resource, component, &format!("{component} {key}"), window, "5");
            let lines = vec![line("a", december), line("b", december), line("c", january), line("d", february)];
            assert_eq!(over(lines).await, refused, "{component}");
        }
        // A window over the turn of the month counts in both.
        let turn = ("2025-01-31T00:00:00Z", "2025-02-02T00:00:00Z");
        assert_eq!(over(vec![usage(resource, "month", "turn", turn, "4")]).await, Vec::<u32>::new(), "7 and 7");
        assert_eq!(over(vec![usage(resource, "month", "one", january, "0.000000001")]).await, [0]);
        // A correction counts without what it replaces.
        assert_eq!(over(vec![usage(resource, "month", "month a", december, "7")]).await, Vec::<u32>::new());
        assert_eq!(over(vec![usage(resource, "month", "month a", december, "7.1")]).await, [0]);
        // The provider lowers the cap: what comes nearer to it is taken.
        lower_cap(&world, "month", "2").await;
        assert_eq!(over(vec![usage(resource, "month", "month a", december, "6")]).await, Vec::<u32>::new());
        assert_eq!(over(vec![usage(resource, "month", "month a", december, "6.5")]).await, [0]);
    }

    async fn use_and_corrections_older_than_thirteen_months_are_refused(world: World) {
        let (deal, resource) = metered(&world).await;
        deal.used(resource, "old", MORNING, "3").await;
        world.clock().set("2026-04-10T08:00:00Z");
        let march_ninth = ("2025-03-09T06:00:00Z", "2025-03-09T09:00:00Z");
        let lines = vec![
            usage(resource, "cpu", "a day too late", march_ninth, "1"),
            usage(resource, "cpu", "in time", MORNING, "1"),
            usage(resource, "cpu", "old", MORNING, "4"),
        ];
        assert_eq!(codes(&deal, lines).await, [(0, "too_old".to_owned())]);
        world.clock().set("2026-04-11T08:00:00Z");
        // The window is recent, but what it would replace is not.
        let recent = ("2026-04-10T06:00:00Z", "2026-04-10T09:00:00Z");
        let lines = vec![usage(resource, "cpu", "old", recent, "4"), usage(resource, "cpu", "new", recent, "4")];
        assert_eq!(codes(&deal, lines).await, [(0, "too_old".to_owned())]);
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }

    async fn use_that_was_taken_thirteen_months_late_is_billed(world: World) {
        let (deal, resource) = metered(&world).await;
        for month in ["2025-03", "2025-04"] {
            deal.closes("2025-05-02T00:00:00Z", month).await;
        }
        deal.closes("2026-04-02T00:00:00Z", "2026-03").await;
        world.clock().set("2026-04-10T08:00:00Z");
        assert_eq!(deal.used(resource, "late", MORNING, "100").await.recorded, 1);
        let billed = deal.bill("2026-05-02T00:00:00Z", "2026-04").await;
        assert!(billed.contains(&"CPU-hour, change in use of March 2025: 5.00".to_owned()), "{billed:?}");
    }

    async fn a_correction_after_the_buyer_moved_takes_off_what_was_put_on(world: World) {
        let (deal, resource) = metered(&world).await;
        let night = ("2025-03-10T20:00:00Z", "2025-03-10T23:00:00Z");
        deal.used(resource, "night", night, "40").await;
        deal.moves("2025-03-20T00:00:00Z", "Asia/Tokyo").await;
        deal.used(resource, "night", night, "0").await;
        assert_eq!(days(&report(&deal, resource, "cpu").await), ["2025-03-09 0", "2025-03-10 0", "2025-03-11 0", "2025-03-12 0"]);
        assert_eq!(world.operations().verify().run().await.unwrap(), []);
    }
}

async fn lower_cap(world: &World, code: &str, most: &str) {
    let row = component::Entity::find()
        .filter(component::Column::Code.eq(code))
        .one(world.db())
        .await
        .unwrap()
        .unwrap();
    let mut row = row.into_active_model();
    row.max = sea_orm::Set(Some(fixed(most)));
    row.update(world.db()).await.unwrap();
}
