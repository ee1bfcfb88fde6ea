//! How many statements a page costs: the same however many rows there are.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::{Cipher, Operations};
use model::{CatalogueSearch, PageRequest};
use sea_orm::EntityTrait;
use testkit::{World, both_engines};

/// Services over the world's database that count their statements.
pub(crate) fn counted(world: &World) -> (Operations, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let mut db = world.db().clone();
    let seen = Arc::clone(&count);
    db.set_metric_callback(move |_| {
        seen.fetch_add(1, Ordering::Relaxed);
    });
    let operations = Operations::new(
        db,
        Arc::new(world.clock().clone()),
        Cipher::new("the secret of a test"),
    );
    (operations, count)
}

both_engines! {
    async fn a_page_of_the_catalogue_costs_the_same_with_more_offerings(world: World) {
        let provider = world.provider().await;
        let (operations, count) = counted(&world);
        let domain = operations.domain();
        let owner = world.buyer().await.owner;
        let search = CatalogueSearch { category: Some("compute".into()), q: "offering".into(), count: true, ..Default::default() };
        let mut costs = Vec::new();
        for _ in 0..2 {
            for _ in 0..4 {
                world.offering(&provider).await;
            }
            count.store(0, Ordering::Relaxed);
            let page = domain.catalogue().search(Some(&owner), &search, &PageRequest::first(100)).await.unwrap();
            costs.push((count.load(Ordering::Relaxed), page.items.len()));
        }
        assert_eq!(costs, [(4, 4), (4, 8)]);
    }

    async fn an_offering_costs_at_most_seven_statements_and_two_once_it_is_known(world: World) {
        let provider = world.provider().await;
        let named = world.buyer().await;
        let shared = world.offering(&provider).await;
        let private = world.offering(&provider).only_for(&named).await;
        let (operations, count) = counted(&world);
        let domain = operations.domain();
        for (actor, offering) in [
            (None, &shared),
            (Some(&named.owner), &private),
            (Some(&provider.manager), &private),
        ] {
            count.store(0, Ordering::Relaxed);
            domain.catalogue().offering(actor, &offering.slug).await.unwrap();
            let cost = count.load(Ordering::Relaxed);
            assert!(cost <= 7, "{cost}");
            count.store(0, Ordering::Relaxed);
            domain.catalogue().offering(actor, &offering.slug).await.unwrap();
            let cost = count.load(Ordering::Relaxed);
            assert!(cost <= 2, "{cost} for what is known");
        }
    }

    async fn lists_of_organizations_and_projects_cost_two_statements(world: World) {
        let buyer = world.buyer().await;
        let (operations, count) = counted(&world);
        let domain = operations.domain();
        for _ in 0..3 {
            world.project(&buyer).await;
            count.store(0, Ordering::Relaxed);
            domain.structure().projects(&buyer.owner, None, &model::NamedList::default(), &PageRequest::default()).await.unwrap();
            assert_eq!(count.swap(0, Ordering::Relaxed), 2);
            domain.structure().organizations(&buyer.owner, "", &model::NamedList::default(), &PageRequest::default()).await.unwrap();
            assert_eq!(count.swap(0, Ordering::Relaxed), 2);
        }
        let rows = entity::project::Entity::find().all(world.db()).await.unwrap();
        assert_eq!(rows.len(), 3);
    }
}
