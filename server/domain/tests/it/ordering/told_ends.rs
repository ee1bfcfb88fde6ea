//! What is told of an end: nothing of what never ran, and not that it comes while a renewal is carried out.

use model::{OrderState, RenewDraft};
use sea_orm::{ActiveModelTrait, EntityTrait, IntoActiveModel};
use testkit::{World, both_engines};

use super::lasting::{for_months, kept_for, prepaid, row};

both_engines! {
    async fn of_what_ends_soon_the_nearest_two_hundred_are_shown(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let row = entity::project::Entity::find_by_id(project.id).one(world.db()).await.unwrap().unwrap();
        let today = domain::Clock::now(world.clock()).date_naive();
        let more = |number: u64| {
            let id = model::ProjectId(uuid::Uuid::from_u128(row.id.0.as_u128() + 1 + u128::from(number)));
            // The last that is made ends first.
            let end_date = Some(today + chrono::Days::new(if number == 200 { 1 } else { 5 }));
            entity::project::Model { id, end_date, slug: format!("soon-{number}"), ..row.clone() }.into_active_model().reset_all()
        };
        for some in (0..201).map(more).collect::<Vec<_>>().chunks(100) {
            entity::project::Entity::insert_many(some.to_vec()).exec_without_returning(world.db()).await.unwrap();
        }
        let shown = world.domain().ordering().ending_soon(&buyer.owner).await.unwrap();
        assert_eq!((shown.len(), shown[0].days_left), (200, 1));
    }

    async fn a_renewal_that_waits_for_the_provider_is_told_with_the_end_that_it_moves(world: World) {
        let deal = prepaid(&world).await;
        kept_for(&deal, 5).await;
        let resource_id = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        let (owner, domain) = (&deal.buyer.owner, world.domain());
        let told = async || {
            let detail = domain.provisioning().resource(owner, resource_id).await.unwrap();
            let soon = domain.ordering().ending_soon(owner).await.unwrap();
            let soon = soon.into_iter().find(|one| one.resource_id == Some(resource_id));
            let on_start = soon.and_then(|one| one.renewal);
            assert_eq!(on_start, detail.lifetime.renewal, "start page and resource agree");
            on_start
        };
        assert_eq!(told().await, None);
        let member = world.member(&deal.project).await;
        let renewal = RenewDraft { resource_id, months: 1 };
        let order = domain.ordering().place_renew(&member, renewal, None).await.unwrap();
        assert_eq!(told().await, Some(OrderState::PendingBuyer));
        domain.ordering().approve(owner, order, "").await.unwrap();
        world.operations().ordering().wait_for_provider(order, "").await.unwrap();
        world.leaves_jobs();
        assert_eq!(told().await, Some(OrderState::Executing));
        // Long after the days of grace it is still there, and still said why.
        world.clock().set("2025-03-01T12:00:00Z");
        assert_eq!(world.operations().ordering().end_due().await.unwrap(), 0);
        assert_eq!(told().await, Some(OrderState::Executing));
        let ordering = domain.ordering();
        ordering.fulfil(&deal.provider.manager, order, domain::ordering::Fulfilment::default()).await.unwrap();
        assert_eq!(told().await, None);
        let last = row(&world, resource_id).await.end_date.unwrap();
        assert_eq!(last.to_string(), "2025-03-31", "a month from the day on which it was renewed");
    }

    async fn an_order_that_failed_does_not_claim_to_go_on(world: World) {
        let deal = prepaid(&world).await;
        let resource = for_months(&deal, "2025-01-15T09:00:00Z", 1).await;
        let (owner, domain) = (&deal.buyer.owner, world.domain());
        let order = domain.ordering().place_terminate(owner, resource, "", None).await.unwrap();
        let seen = domain.provisioning().resource(owner, resource).await.unwrap();
        assert_eq!((seen.open_order, seen.open_order_state), (Some(order), Some(OrderState::Executing)));
        assert!(seen.why_not.contains("Wait until it is done"), "{}", seen.why_not);
        world.operations().ordering().wait_for_provider(order, "").await.unwrap();
        world.leaves_jobs();
        domain.ordering().cannot_fulfil(&deal.provider.manager, order, "In use elsewhere.").await.unwrap();
        let seen = domain.provisioning().resource(owner, resource).await.unwrap();
        assert_eq!((seen.open_order, seen.open_order_state), (Some(order), Some(OrderState::Erred)));
        assert!(seen.why_not.contains("Try it again or withdraw it") && !seen.why_not.contains("Wait"), "{}", seen.why_not);
        domain.ordering().cancel(owner, order, "").await.unwrap();
        let seen = domain.provisioning().resource(owner, resource).await.unwrap();
        assert_eq!((seen.open_order, seen.open_order_state, &*seen.why_not), (None, None, ""));
    }

    async fn of_what_never_ran_no_end_is_told_and_its_order_is_found(world: World) {
        let deal = prepaid(&world).await;
        world.clock().set("2025-01-15T09:00:00Z");
        let (owner, domain) = (&deal.buyer.owner, world.domain());
        let order = world.order(owner, &deal.project, &deal.offering).limits([("cores", "4")]).for_months(1).await;
        world.operations().ordering().wait_for_provider(order, "").await.unwrap();
        world.leaves_jobs();
        let id = domain.ordering().order(owner, order).await.unwrap().summary.resource_id.unwrap();
        let nothing_ends = async || {
            let told = world.operations().ordering().send_end_notices().await.unwrap();
            told == 0 && domain.ordering().ending_soon(owner).await.unwrap().is_empty()
        };
        assert!(nothing_ends().await, "while it is made");
        domain.ordering().cannot_fulfil(&deal.provider.manager, order, "No disks.").await.unwrap();
        assert!(nothing_ends().await, "nothing was made");
        let failed = domain.provisioning().resource(owner, id).await.unwrap();
        assert_eq!((failed.failed_creation, failed.open_order), (Some(order), None));
        assert!(failed.why_not.contains("can be tried again"), "{}", failed.why_not);
        let sold = domain.provisioning().resource(&deal.provider.manager, id).await.unwrap();
        assert_eq!(sold.why_not, "", "who sells it misses no order form");
        domain.ordering().retry(owner, order).await.unwrap();
        let again = domain.provisioning().resource(owner, id).await.unwrap();
        assert_eq!(again.failed_creation, None);
    }
}
