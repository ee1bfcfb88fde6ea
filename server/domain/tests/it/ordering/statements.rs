//! How many statements pages of orders and resources cost: the same however many rows there are.

use std::sync::atomic::Ordering;

use domain::ordering::OrderFilter;
use domain::provisioning::ResourceFilter;
use model::PageRequest;
use testkit::{World, both_engines};

use super::scene::Scene;
use crate::queries::counted;

both_engines! {
    async fn lists_of_orders_and_resources_cost_one_statement(world: World) {
        let scene = Scene::of(&world).await;
        let (operations, count) = counted(&world);
        let domain = operations.domain();
        let nobody = world.stranger().await;
        for rows in 1..=3 {
            scene.resource().await;
            scene.place(&scene.member).await;
            let cost = || count.swap(0, Ordering::Relaxed);
            cost();
            let all = PageRequest::first(100);
            let orders = domain.ordering().orders(&scene.owner, &OrderFilter::default(), all.clone()).await.unwrap();
            assert_eq!((cost(), orders.items.len()), (1, 2 * rows));
            let queue = domain.ordering().queue(&scene.owner, all.clone()).await.unwrap();
            assert_eq!((cost(), queue.items.len()), (1, rows));
            domain.ordering().queue_count(&scene.owner).await.unwrap();
            assert_eq!(cost(), 1);
            domain.ordering().queue_count(&scene.member).await.unwrap();
            assert_eq!(cost(), 1, "a rule may ask anybody with a role");
            domain.ordering().queue_count(&nobody).await.unwrap();
            assert_eq!(cost(), 0, "nothing to those who are never asked");
            let resources =
                domain.provisioning().resources(&scene.owner, &ResourceFilter::default(), all).await.unwrap();
            assert_eq!((cost(), resources.items.len()), (1, rows));
        }
    }

    async fn following_an_order_costs_one_statement_and_reading_it_nine(world: World) {
        let scene = Scene::of(&world).await;
        let (operations, count) = counted(&world);
        let domain = operations.domain();
        let cost = || count.swap(0, Ordering::Relaxed);
        let resource = scene.resource().await;
        let id = scene.place(&scene.member).await;
        cost();
        domain.ordering().progress_of(&scene.member, id).await.unwrap();
        assert_eq!(cost(), 1);
        domain.ordering().order(&scene.member, id).await.unwrap();
        assert_eq!(cost(), 9, "one of them for the names of what it orders, five for its steps and whom they ask, by name");
        domain.provisioning().resource(&scene.member, resource).await.unwrap();
        assert_eq!(cost(), 9, "five of them for its offering");
        domain.provisioning().resource(&scene.member, resource).await.unwrap();
        assert_eq!(cost(), 4);
    }
}
