//! Which people a list shows as changed, and what a list of an organization and a project is of.

use chrono::TimeDelta;
use domain::access::NewGrant;
use domain::{Actor, Clock};
use model::{NamedList, PageRequest, Role, Scope};
use testkit::{World, both_engines};

async fn changed_since(world: &World, staff: &Actor, instant: &str) -> Vec<String> {
    let list = NamedList {
        updated_since: Some(instant.parse().unwrap()),
        ..NamedList::default()
    };
    let people = world.domain().accounts();
    let page = people
        .people(staff, "", &list, &PageRequest::first(100))
        .await
        .unwrap();
    page.items.into_iter().map(|person| person.name).collect()
}

both_engines! {
    async fn whose_roles_came_went_or_ran_out_is_listed_as_changed(world: World) {
        world.clock().set("2026-03-01T00:00:00Z");
        let staff = world.staff().await;
        let buyer = world.buyer().await;
        let (one, other) = (world.stranger().await, world.stranger().await);
        let access = world.domain().access();
        world.clock().set("2026-03-02T00:00:00Z");
        let since = "2026-03-02T00:00:00Z";
        assert_eq!(changed_since(&world, &staff, since).await, Vec::<String>::new());
        let grant = |user, expires_at| NewGrant {
            user,
            role: Role::OrganizationManager,
            scope: Scope::Organization(buyer.id),
            expires_at,
            reason: String::new(),
        };
        let lasting = access.grant(&buyer.owner, grant(one.user_id, None)).await.unwrap();
        assert_eq!(changed_since(&world, &staff, since).await, std::slice::from_ref(&one.name), "given");
        let end = Some(world.clock().now() + TimeDelta::hours(1));
        access.grant(&buyer.owner, grant(other.user_id, end)).await.unwrap();
        world.clock().set("2026-03-02T00:30:00Z");
        let later = "2026-03-02T00:30:00Z";
        assert_eq!(changed_since(&world, &staff, later).await, Vec::<String>::new());
        access.revoke(&buyer.owner, lasting, "").await.unwrap();
        assert_eq!(changed_since(&world, &staff, later).await, std::slice::from_ref(&one.name), "taken away");
        world.clock().set("2026-03-02T01:30:00Z");
        let mut both = vec![one.name.clone(), other.name.clone()];
        both.sort();
        let mut found = changed_since(&world, &staff, later).await;
        found.sort();
        assert_eq!(found, both, "run out");
        assert_eq!(changed_since(&world, &staff, "2026-03-02T01:15:00Z").await, Vec::<String>::new());
        world.leaves_jobs();
    }

    async fn the_people_of_a_place_tell_who_let_them_in_and_who_may_not_sign_in(world: World) {
        let (staff, buyer, one) = (world.staff().await, world.buyer().await, world.stranger().await);
        let (access, scope) = (world.domain().access(), Scope::Organization(buyer.id));
        let new = NewGrant {
            user: one.user_id,
            role: Role::OrganizationManager,
            scope,
            expires_at: None,
            reason: String::new(),
        };
        access.grant(&buyer.owner, new).await.unwrap();
        world.domain().accounts().deactivate(&staff, one.user_id, "Left").await.unwrap();
        let members = access.members(&buyer.owner, scope).await.unwrap();
        let told: Vec<_> = members.iter().map(|one| (one.role, one.granted_by.as_deref(), one.is_active)).collect();
        assert!(told.contains(&(Role::OrganizationManager, Some(buyer.owner.name.as_str()), false)), "{told:?}");
        assert!(told.contains(&(Role::OrganizationOwner, None, true)), "{told:?}");
        world.leaves_jobs();
    }

    async fn a_project_of_another_organization_is_refused_and_not_taken_alone(world: World) {
        let (one, other) = (world.buyer().await, world.buyer().await);
        let (mine, theirs) = (world.project(&one).await, world.project(&other).await);
        let access = world.domain().access();
        let (org, project) = (Some(one.id), Some(mine.id));
        assert_eq!(access.scope_within(&one.owner, None, None).await.unwrap(), None);
        assert_eq!(access.scope_within(&one.owner, org, None).await.unwrap(), Some(Scope::Organization(one.id)));
        for organization in [None, org] {
            let scope = access.scope_within(&one.owner, organization, project).await.unwrap();
            assert_eq!(scope, Some(Scope::Project(mine.id)));
        }
        let nobody = model::ProjectId(uuid::Uuid::max());
        let staff = world.staff().await;
        // Not there, somewhere else, and not theirs answer alike.
        let cases = [(&staff, one.id, theirs.id), (&staff, one.id, nobody), (&one.owner, other.id, theirs.id)];
        for (actor, organization, project) in cases {
            let refused = access.scope_within(actor, Some(organization), Some(project)).await.unwrap_err().problem();
            let fault = &refused.fields[0];
            assert_eq!((fault.path.as_str(), fault.code.as_str()), ("project", "not_in_organization"));
        }
    }
}
