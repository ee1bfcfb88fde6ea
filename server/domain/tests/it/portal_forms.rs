//! What the forms of the portal ask for beyond the API: audiences by short name, use by day, everybody with an account.

use domain::access::accounts::NewUser;
use domain::usage::DayReport;
use model::{PageRequest, ResourceId, Role};
use testkit::{Sold, World, both_engines};

use crate::billing::deal::Deal;

async fn metered(world: &World) -> (Deal<'_>, ResourceId) {
    let sold = vec![Sold::used("cpu", "CPU-hour").at("0.05")];
    let deal = Deal::selling(world, "2025-03-01T08:00:00Z", sold).await;
    let resource = deal.runs("2025-03-05T09:00:00Z", &[]).await;
    world.clock().set("2025-03-20T10:00:00Z");
    (deal, resource)
}

fn day(resource_id: ResourceId, day: &str, quantity: &str) -> DayReport {
    DayReport {
        resource_id,
        component: "cpu".into(),
        day: day.parse().unwrap(),
        quantity: quantity.into(),
        username: String::new(),
    }
}

async fn total(deal: &Deal<'_>, resource: ResourceId, on: &str) -> String {
    let from: chrono::NaiveDate = on.parse().unwrap();
    let until = from.succ_opt().unwrap();
    let usage = deal.world.domain().usage();
    let told = usage
        .report(&deal.buyer.owner, resource, from, until)
        .await
        .unwrap();
    told[0].total.to_string()
}

fn newcomer() -> NewUser {
    NewUser {
        email: "zoe@example.org".into(),
        name: "Zoe Newcomer".into(),
        username: "zoe".into(),
        password: "four words that fit".into(),
    }
}

both_engines! {
    async fn a_day_counts_once_and_the_same_day_again_is_a_correction(world: World) {
        let (deal, resource) = metered(&world).await;
        let usage = world.domain().usage();
        let manager = &deal.provider.manager;
        assert_eq!(usage.record_days(manager, vec![day(resource, "2025-03-10", "3")]).await.unwrap().recorded, 1);
        assert_eq!(usage.record_days(manager, vec![day(resource, "2025-03-10", "3")]).await.unwrap().repeated, 1);
        assert_eq!(usage.record_days(manager, vec![day(resource, "2025-03-10", "5")]).await.unwrap().corrected, 1);
        assert_eq!(total(&deal, resource, "2025-03-10").await, "5");
    }

    async fn a_day_by_hand_corrects_what_a_program_told_of_the_same_day_and_person(world: World) {
        let (deal, resource) = metered(&world).await;
        let usage = world.domain().usage();
        let manager = &deal.provider.manager;
        deal.used(resource, "program-1", ("2025-03-10T06:00:00Z", "2025-03-10T09:00:00Z"), "3").await;
        let of_mari = DayReport { username: "mari".into(), ..day(resource, "2025-03-10", "2") };
        assert_eq!(usage.record_days(manager, vec![of_mari]).await.unwrap().recorded, 1);
        assert_eq!(total(&deal, resource, "2025-03-10").await, "5");
        assert_eq!(usage.record_days(manager, vec![day(resource, "2025-03-10", "0")]).await.unwrap().corrected, 1);
        assert_eq!(total(&deal, resource, "2025-03-10").await, "2");
        assert_eq!(usage.record_days(manager, vec![day(resource, "2025-03-10", "1")]).await.unwrap().corrected, 1);
        assert_eq!(total(&deal, resource, "2025-03-10").await, "3");
    }

    async fn what_was_told_in_parts_or_of_more_days_is_not_corrected_by_hand(world: World) {
        let (deal, resource) = metered(&world).await;
        let usage = world.domain().usage();
        for (key, from, until) in [
            ("a", "2025-03-10T06:00:00Z", "2025-03-10T09:00:00Z"),
            ("b", "2025-03-10T09:00:00Z", "2025-03-10T10:00:00Z"),
            ("c", "2025-03-12T06:00:00Z", "2025-03-13T09:00:00Z"),
        ] {
            deal.used(resource, key, (from, until), "3").await;
        }
        for (on, words) in [("2025-03-10", "told in 2 reports"), ("2025-03-12", "part of a report of more days")] {
            let receipt = usage.record_days(&deal.provider.manager, vec![day(resource, on, "1")]).await.unwrap();
            assert_eq!((receipt.refused[0].code.as_str(), receipt.recorded), ("told_otherwise", 0));
            assert!(receipt.refused[0].message.contains(words), "{}", receipt.refused[0].message);
        }
        assert_eq!(total(&deal, resource, "2025-03-10").await, "6");
    }

    async fn of_today_counts_what_was_used_until_now_and_nothing_of_tomorrow(world: World) {
        let (deal, resource) = metered(&world).await;
        let usage = world.domain().usage();
        let manager = &deal.provider.manager;
        assert_eq!(usage.record_days(manager, vec![day(resource, "2025-03-20", "2")]).await.unwrap().recorded, 1);
        world.clock().set("2025-03-20T18:00:00Z");
        assert_eq!(usage.record_days(manager, vec![day(resource, "2025-03-20", "4")]).await.unwrap().corrected, 1);
        assert_eq!(total(&deal, resource, "2025-03-20").await, "4");
        let refused = usage.record_days(manager, vec![day(resource, "2025-03-21", "1")]).await.unwrap().refused;
        assert_eq!(refused[0].code, "window");
    }

    async fn only_the_provider_reports_a_day(world: World) {
        let (deal, resource) = metered(&world).await;
        let usage = world.domain().usage();
        for actor in [&deal.buyer.owner, &world.stranger().await, &world.provider().await.manager] {
            let receipt = usage.record_days(actor, vec![day(resource, "2025-03-10", "3")]).await.unwrap();
            assert_eq!((receipt.recorded, receipt.refused[0].code.as_str()), (0, "unknown_resource"), "{}", actor.name);
        }
        let nowhere = day(ResourceId(uuid::Uuid::from_u128(1)), "2025-03-10", "3");
        let receipt = usage.record_days(&world.stranger().await, vec![nowhere]).await.unwrap();
        assert_eq!(receipt.refused[0].code, "unknown_resource");
    }

    async fn an_audience_is_named_by_short_names(world: World) {
        let provider = world.provider().await;
        let named = world.buyer().await;
        let offering = world.offering(&provider).only_for(&named).await;
        let catalogue = world.domain().catalogue();
        let slugs = catalogue.audience_slugs(&provider.manager, offering.id).await.unwrap();
        assert_eq!(slugs.len(), 1);
        let found = catalogue.organizations_called(&provider.manager, offering.id, &slugs).await.unwrap();
        assert_eq!(found, [named.id]);
        let unknown = [slugs[0].clone(), "nobody-here".to_owned()];
        let refused = catalogue.organizations_called(&provider.manager, offering.id, &unknown).await.unwrap_err();
        assert_eq!(refused.problem().fields[0].path, "audience");
    }

    async fn whom_an_offering_is_for_is_its_providers_business(world: World) {
        let provider = world.provider().await;
        let named = world.buyer().await;
        let offering = world.offering(&provider).only_for(&named).await;
        let catalogue = world.domain().catalogue();
        for actor in [&named.owner, &world.stranger().await, &world.provider().await.manager] {
            assert!(catalogue.audience_slugs(actor, offering.id).await.is_err(), "{}", actor.name);
            assert!(catalogue.organizations_called(actor, offering.id, &[]).await.is_err(), "{}", actor.name);
        }
    }

    async fn staff_finds_everybody_with_their_roles(world: World) {
        let buyer = world.buyer().await;
        let staff = world.staff().await;
        let accounts = world.domain().accounts();
        accounts.register(&staff, newcomer()).await.unwrap();
        let page = accounts.people(&staff, "", &model::NamedList::default(), &PageRequest::default()).await.unwrap();
        let roles = |id| page.items.iter().find(|one| one.id == id).unwrap().roles.clone();
        assert_eq!(roles(buyer.owner.user_id), [Role::OrganizationOwner]);
        assert_eq!(roles(staff.user_id), [Role::Staff]);
        let found = accounts.people(&staff, "ZOE@", &model::NamedList::default(), &PageRequest::default()).await.unwrap().items;
        assert_eq!(found.iter().map(|one| one.username.as_str()).collect::<Vec<_>>(), ["zoe"]);
        assert!(found[0].roles.is_empty() && found[0].last_login_at.is_none());
    }

    async fn people_come_in_pages_and_nobody_twice(world: World) {
        for _ in 0..3 {
            world.buyer().await;
        }
        let staff = world.staff().await;
        let accounts = world.domain().accounts();
        let mut request = PageRequest::first(2);
        let mut seen = Vec::new();
        loop {
            let page = accounts.people(&staff, "", &model::NamedList::default(), &request).await.unwrap();
            seen.extend(page.items.into_iter().map(|one| one.id));
            let Some(next) = page.next else { break };
            request.cursor = Some(next);
        }
        let all = accounts.people(&staff, "", &model::NamedList::default(), &PageRequest::first(100)).await.unwrap().items;
        assert_eq!(seen, all.into_iter().map(|one| one.id).collect::<Vec<_>>());
    }

    async fn the_list_of_people_is_for_those_who_operate_the_portal(world: World) {
        let buyer = world.buyer().await;
        let accounts = world.domain().accounts();
        for actor in [&buyer.owner, &world.stranger().await] {
            assert!(accounts.people(actor, "", &model::NamedList::default(), &PageRequest::default()).await.is_err(), "{}", actor.name);
            assert!(accounts.register(actor, newcomer()).await.is_err(), "{}", actor.name);
        }
    }
}
