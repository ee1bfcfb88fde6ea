//! The log.

use domain::{Actor, trace};
use model::{Kind, PageRequest, Role, Scope};
use testkit::{World, both_engines};

both_engines! {
    async fn a_change_is_in_the_log_with_its_author_and_request(world: World) {
        let provider = world.provider().await;
        let catalogue = world.domain().catalogue();
        let made = catalogue.create_offering(&provider.manager, provider.id, "HPC");
        let id = trace::with("req-1".into(), made).await.unwrap();
        let scope = Scope::Provider(provider.id);
        let page = world.domain().audit().list(&provider.manager, scope, &PageRequest::default()).await.unwrap();
        let newest = &page.items[0];
        assert_eq!(newest.verb, "offering.created");
        assert_eq!(newest.subject, format!("offering {id}"));
        assert_eq!((newest.by.as_str(), newest.trace_id.as_str()), (provider.manager.name.as_str(), "req-1"));
        assert_eq!(newest.after["name"], "HPC");
    }

    async fn a_refused_change_leaves_no_trace_in_the_log(world: World) {
        let provider = world.provider().await;
        let before = entries(&world).await;
        let catalogue = world.domain().catalogue();
        catalogue.create_offering(&provider.manager, provider.id, "").await.unwrap_err();
        assert_eq!(entries(&world).await, before);
    }

    async fn the_log_of_a_scope_is_for_those_who_may_see_it(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let audit = world.domain().audit();
        let request = PageRequest::default();
        let scope = Scope::Organization(buyer.id);
        assert!(!audit.list(&buyer.owner, scope, &request).await.unwrap().items.is_empty());
        let member = world.member(&project).await;
        assert_eq!(audit.list(&member, scope, &request).await.unwrap_err().kind(), Kind::NotFound);
        let refused = audit.list(&member, Scope::Project(project.id), &request).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Forbidden);
        assert_eq!(audit.list(&buyer.owner, Scope::System, &request).await.unwrap_err().kind(), Kind::NotFound);
        let support = world.person(Role::Support, Scope::System).await;
        assert!(!audit.list(&support, Scope::System, &request).await.unwrap().items.is_empty());
    }
}

both_engines! {
    async fn an_entry_names_what_it_is_about(world: World) {
        let (provider, buyer) = (world.provider().await, world.buyer().await);
        let project = world.project(&buyer).await;
        let offering = world.offering(&provider).await;
        world.order(&buyer.owner, &project, &offering).named("Ice model").fulfilled().await;
        let scope = Scope::Organization(buyer.id);
        let log = world.domain().audit().list(&buyer.owner, scope, &PageRequest::first(100)).await.unwrap().items;
        for kind in ["order", "resource"] {
            let about: Vec<_> = log.iter().filter(|one| one.subject.starts_with(kind)).collect();
            assert!(!about.is_empty(), "{kind}");
            assert!(about.iter().all(|one| one.subject_name == "Ice model"), "{kind}: {about:?}");
        }
        let of_project = log.iter().find(|one| one.subject.starts_with("project ")).unwrap();
        assert_eq!(of_project.subject_name, project.name);
    }
}

async fn entries(world: &World) -> usize {
    let request = PageRequest::first(100);
    world
        .domain()
        .audit()
        .list(&Actor::system(), Scope::System, &request)
        .await
        .unwrap()
        .items
        .len()
}
