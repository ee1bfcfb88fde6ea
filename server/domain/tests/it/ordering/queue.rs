//! What waits for whom. The condition on rows and the rules for one order must agree.

use domain::ordering::OrderFilter;
use model::{OrderState, PageRequest, Role, Scope};
use testkit::{World, both_engines};

use super::scene::Scene;

both_engines! {
    async fn the_queue_holds_what_the_actor_may_decide_and_nothing_else(world: World) {
        let scene = Scene::of(&world).await;
        let asking = world.offering(&scene.provider).approved_by_provider().await;
        let strict = world.project(&scene.buyer).await;
        let other = world.buyer().await;
        let theirs = world.project(&other).await;
        let ordering = world.domain().ordering();
        let mut orders = Vec::new();
        for project in [&scene.project, &strict, &theirs] {
            let member = world.member(project).await;
            for offering in [&scene.offering, &asking] {
                for limit in ["4", "60"] {
                    orders.push(world.order(&member, project, offering).limits([("cpu", limit)]).await);
                }
            }
        }
        for id in orders.iter().copied() {
            // One of the two dear orders of each project goes on to its next side.
            let row = scene.row(id).await;
            if row.offering_id == asking.id && row.commitment > model::Fixed::from(500) {
                let owner = if row.organization_id == other.id { &other.owner } else { &scene.owner };
                ordering.approve(owner, id, "").await.unwrap();
            }
        }
        let seller = world.person(Role::OrganizationOwner, Scope::Organization(scene.provider.id)).await;
        let offering_manager = world.person(Role::OfferingManager, Scope::Offering(asking.id)).await;
        let staff = world.staff().await;
        let support = world.person(Role::Support, Scope::System).await;
        let stranger = world.stranger().await;
        let people = [
            &scene.owner, &scene.manager, &scene.member, &other.owner, &scene.provider.manager, &seller,
            &offering_manager, &staff, &support, &stranger,
        ];
        let mut sizes = Vec::new();
        for actor in people {
            let queue = ordering.queue(actor, PageRequest::first(100)).await.unwrap();
            assert!(queue.items.iter().all(|order| order.can_decide), "{}", actor.name);
            assert_eq!(ordering.queue_count(actor).await.unwrap(), queue.items.len() as u64);
            let mut queued: Vec<_> = queue.items.iter().map(|order| order.id).collect();
            queued.sort();
            let all = ordering.orders(actor, &OrderFilter::default(), PageRequest::first(100)).await.unwrap();
            let mut decidable: Vec<_> =
                all.items.iter().filter(|order| order.can_decide).map(|order| order.id).collect();
            decidable.sort();
            assert_eq!(queued, decidable, "{}", actor.name);
            sizes.push(queued.len());
        }
        assert_eq!(sizes, [6, 2, 0, 3, 3, 3, 3, 12, 0, 0]);
        world.leaves_jobs();
    }

    async fn the_oldest_order_comes_first_and_pages_follow_each_other(world: World) {
        let scene = Scene::of(&world).await;
        let mut placed = Vec::new();
        for _ in 0..5 {
            placed.push(scene.place(&scene.member).await);
            world.clock().advance(chrono::TimeDelta::seconds(1));
        }
        let ordering = world.domain().ordering();
        let (mut seen, mut request) = (Vec::new(), PageRequest::first(2));
        loop {
            let page = ordering.queue(&scene.owner, request.clone()).await.unwrap();
            seen.extend(page.items.iter().map(|order| order.id));
            match page.next {
                Some(next) => request.cursor = Some(next),
                None => break,
            }
        }
        assert_eq!(seen, placed);
        placed.reverse();
        let newest = ordering.orders(&scene.owner, &OrderFilter::default(), PageRequest::first(2)).await.unwrap();
        assert_eq!(newest.items.iter().map(|order| order.id).collect::<Vec<_>>(), placed[..2]);
        let states = vec![OrderState::Done];
        let filter = OrderFilter { states, ..OrderFilter::default() };
        assert!(ordering.orders(&scene.owner, &filter, PageRequest::default()).await.unwrap().items.is_empty());
    }
}
