//! Roles as their pages give and change them.

use testkit::both_engines;

use crate::{html::Page, portal::Portal};

both_engines! {
    async fn the_last_day_of_a_role_is_changed_on_the_page_of_the_people(portal: Portal) {
        let world = &portal.world;
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let member = world.member(&project).await;
        let (owner, scope) = (portal.browser(&buyer.owner).await, model::Scope::Project(project.id));
        let held = async || {
            let members = world.domain().access().members(&buyer.owner, scope).await.unwrap();
            members.into_iter().find(|one| one.user_id == member.user_id).unwrap()
        };
        let before = held().await;
        let people = app::routes::project_part(project.id, "team");
        let page = Page::of(&owner.get(&people).await.text);
        let link = page.links.iter().find(|link| link.contains(&before.grant_id.to_string())).unwrap();
        let at = link.split('#').next().unwrap();
        let form = Page::of(&owner.get(at).await.text).form("change_role_end", &[("last_day", "")]);
        for (day, told) in [("soon", 422), ("2020-01-01", 422)] {
            owner.post(&form.action, &form.with("last_day", day).pairs()).await;
            let refused = owner.get(at).await;
            assert_eq!(refused.status, told, "{day}");
            Page::of(&refused.text).form("change_role_end", &[("last_day", day)]);
        }
        let done = owner.post(&form.action, &form.with("last_day", "2027-05-06").pairs()).await;
        assert_eq!(done.header("location"), people);
        let after = held().await;
        assert_eq!((after.grant_id, after.since), (before.grant_id, before.since), "it is the same role");
        assert_eq!(after.expires_at, "2027-05-07T00:00:00Z".parse().ok());
        Page::of(&owner.get(at).await.text).form("change_role_end", &[("last_day", "2027-05-06")]);
        let looker = portal.browser(&member).await;
        let seen = looker.get(at).await;
        assert_eq!(seen.status, 200);
        assert!(!seen.text.contains("change_role_end"), "who cannot change it is not asked");
    }

    async fn somebody_is_made_the_manager_of_one_offering_on_its_own_page(portal: Portal) {
        let world = &portal.world;
        let provider = world.provider().await;
        let (offering, other) = (world.offering(&provider).await, world.offering(&provider).await);
        let owner = world.person(model::Role::OrganizationOwner, model::Scope::Organization(provider.id)).await;
        let (somebody, owner) = (world.stranger().await, portal.browser(&owner).await);
        let (theirs, seller) = (portal.browser(&somebody).await, portal.browser(&provider.manager).await);
        let (at, elsewhere) = (app::routes::offering_step(offering.id, "people"), app::routes::offering_step(other.id, "people"));
        assert_eq!(theirs.get(&at).await.status, 404);
        let form = Page::of(&owner.get(&at).await.text).form("grant_role", &[("scope", "offering")]);
        let unknown = owner.post(&form.action, &form.with("email", "nobody@example.org").pairs()).await;
        assert_eq!(unknown.header("location"), at);
        assert_eq!(owner.get(&at).await.status, 422);
        owner.post(&form.action, &form.with("email", &somebody.email).pairs()).await;
        assert!(owner.get(&at).await.text.contains(&somebody.email));
        assert_eq!((theirs.get(&at).await.status, theirs.get(&elsewhere).await.status), (200, 404));
        for looker in [&theirs, &seller] {
            let seen = looker.get(&at).await;
            assert!(seen.text.contains(&somebody.email) && !seen.text.contains("grant_role"), "who gives no roles is not asked");
        }
        let form = Page::of(&owner.get(&at).await.text).form("revoke_role", &[]);
        let done = owner.post(&form.action, &form.pairs()).await;
        assert_eq!(done.header("location"), at);
        assert_eq!(theirs.get(&at).await.status, 404);
    }
}
