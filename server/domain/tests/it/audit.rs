//! The log.

use chrono::TimeDelta;
use domain::access::NewGrant;
use domain::{Actor, Clock, trace};
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

both_engines! {
    async fn roles_and_sign_ins_are_told_in_words_with_names(world: World) {
        let buyer = world.buyer().await;
        let scope = Scope::Organization(buyer.id);
        let (access, audit) = (world.domain().access(), world.domain().audit());
        let person = world.stranger().await;
        let new = NewGrant {
            user: person.user_id,
            role: Role::BillingReader,
            scope,
            expires_at: None,
            reason: String::new(),
        };
        let id = access.grant(&buyer.owner, new).await.unwrap();
        let end = Clock::now(world.clock()) + TimeDelta::days(30);
        access.change_role_end(&buyer.owner, id, Some(end), "").await.unwrap();
        access.revoke(&buyer.owner, id, "").await.unwrap();
        let log = audit.list(&buyer.owner, scope, &PageRequest::first(3)).await.unwrap().items;
        let told: Vec<_> = log.iter().map(|one| one.text.clone()).collect();
        let (organization, name) = (&buyer.name, &person.name);
        assert_eq!(told, [
            format!("Role taken away: accountant of {organization} from {name}"),
            format!("Last day of a role changed: accountant of {organization} held by {name}"),
            format!("Role granted: accountant of {organization} to {name}"),
        ]);
        assert!(log.iter().all(|one| one.subject_name == *name), "{log:?}");
        let staff = world.staff().await;
        world.domain().accounts().deactivate(&staff, person.user_id, "Left").await.unwrap();
        let newest = audit.list(&staff, Scope::System, &PageRequest::first(10)).await.unwrap().items;
        let left = newest.iter().find(|one| one.text == "Deactivated").unwrap();
        assert_eq!((left.subject.split_once(' ').unwrap().0, &left.subject_name), ("user", name));
    }

    async fn the_log_of_a_provider_leaves_out_the_people_of_the_organization(world: World) {
        let provider = world.provider().await;
        world.person(Role::BillingReader, Scope::Organization(provider.id)).await;
        world.person(Role::ProviderManager, Scope::Provider(provider.id)).await;
        let owner = world.person(Role::OrganizationOwner, Scope::Organization(provider.id)).await;
        let audit = world.domain().audit();
        let roles = async |actor: &Actor| -> Vec<String> {
            let scope = Scope::Provider(provider.id);
            let log = audit.list(actor, scope, &PageRequest::first(100)).await.unwrap().items;
            log.into_iter().map(|one| one.text).filter(|text| text.starts_with("Role ")).collect()
        };
        let seen = roles(&provider.manager).await;
        assert!(!seen.is_empty() && seen.iter().all(|text| text.contains("provider manager")), "{seen:?}");
        let all = roles(&owner).await;
        assert!(all.iter().any(|text| text.contains("accountant")), "{all:?}");
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
