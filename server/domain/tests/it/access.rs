//! Roles: giving, taking, and what they let people see.

use chrono::TimeDelta;
use domain::access::{AccessError, NewGrant};
use domain::{Actor, Clock, Target};
use entity::{audit_event, role_grant};
use model::{Kind, Permission, Role, Scope, UserId};
use sea_orm::{ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PaginatorTrait, QueryFilter};
use testkit::{World, both_engines};

fn grant(user: UserId, role: Role, scope: Scope) -> NewGrant {
    NewGrant {
        user,
        role,
        scope,
        expires_at: None,
        reason: String::new(),
    }
}

both_engines! {
    async fn a_role_counts_from_the_next_request_on_and_ends_with_its_date(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let somebody = world.stranger().await;
        let target = Target::project(buyer.id, project.id);
        assert!(!somebody.may(Permission::ViewProject, &target));
        let access = world.domain().access();
        let for_a_day = NewGrant {
            expires_at: Some(world.clock().now() + TimeDelta::days(1)),
            ..grant(somebody.user_id, Role::ProjectMember, Scope::Project(project.id))
        };
        access.grant(&buyer.owner, for_a_day).await.unwrap();
        assert!(world.actor(somebody.user_id).await.may(Permission::PlaceOrder, &target));
        world.clock().advance(TimeDelta::days(1));
        assert!(!world.actor(somebody.user_id).await.may(Permission::ViewProject, &target));
    }

    async fn a_thousand_roles_are_held_on_one_project_and_not_one_more(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let (one, other) = (world.stranger().await, world.stranger().await);
        let scope = Scope::Project(project.id);
        let access = world.domain().access();
        access.grant(&buyer.owner, grant(one.user_id, Role::ProjectMember, scope)).await.unwrap();
        let held = role_grant::Entity::find().filter(role_grant::Column::UserId.eq(one.user_id));
        let held = held.one(world.db()).await.unwrap().unwrap();
        let more = |number: u32| role_grant::Model { id: model::GrantId(uuid::Uuid::from_u128(held.id.0.as_u128() + 1 + u128::from(number))), ..held.clone() }.into_active_model().reset_all();
        let fill = async |count: u32| {
            for some in (0..count).map(more).collect::<Vec<_>>().chunks(100) {
                role_grant::Entity::insert_many(some.to_vec()).exec_without_returning(world.db()).await.unwrap();
            }
        };
        fill(998).await;
        access.grant(&buyer.owner, grant(other.user_id, Role::ProjectMember, scope)).await.unwrap();
        let another = world.stranger().await;
        let refused = access.grant(&buyer.owner, grant(another.user_id, Role::ProjectMember, scope)).await.unwrap_err();
        assert_eq!(refused.problem().fields[0].code, "too_many");
        assert_eq!(access.members(&buyer.owner, scope).await.unwrap().len(), 1_000);
    }

    async fn the_last_owner_of_an_organization_cannot_be_removed(world: World) {
        let buyer = world.buyer().await;
        let scope = Scope::Organization(buyer.id);
        let access = world.domain().access();
        let own = access.members(&buyer.owner, scope).await.unwrap()[0].grant_id;
        let refused = access.revoke(&buyer.owner, own, "leaving").await.unwrap_err();
        assert!(matches!(refused, AccessError::LastOwner));
        let second = world.person(Role::OrganizationOwner, scope).await;
        access.revoke(&second, own, "leaving").await.unwrap();
        assert_eq!(access.members(&second, scope).await.unwrap().len(), 1);
    }

    async fn an_owner_for_a_while_does_not_stand_in_for_one_who_stays(world: World) {
        let buyer = world.buyer().await;
        let scope = Scope::Organization(buyer.id);
        let access = world.domain().access();
        let guest = world.stranger().await;
        let for_a_week = NewGrant {
            expires_at: Some(world.clock().now() + TimeDelta::days(7)),
            ..grant(guest.user_id, Role::OrganizationOwner, scope)
        };
        let passing = access.grant(&buyer.owner, for_a_week).await.unwrap();
        let members = access.members(&buyer.owner, scope).await.unwrap();
        let own = members.iter().find(|member| member.user_id == buyer.owner.user_id).unwrap().grant_id;
        for actor in [&buyer.owner, &world.actor(guest.user_id).await, &world.staff().await] {
            assert!(matches!(access.revoke(actor, own, "").await.unwrap_err(), AccessError::LastOwner), "{}", actor.name);
        }
        access.revoke(&buyer.owner, passing, "the week is over").await.unwrap();
    }

    async fn the_last_staff_cannot_be_removed_by_anybody(world: World) {
        let access = world.domain().access();
        let first = world.staff().await;
        let of = async |user: UserId| {
            let members = access.members(&first, Scope::System).await.unwrap();
            members.iter().find(|member| member.user_id == user).unwrap().grant_id
        };
        let own = of(first.user_id).await;
        assert!(matches!(access.revoke(&first, own, "").await.unwrap_err(), AccessError::LastStaff));
        let second = world.staff().await;
        let (left, right) = tokio::join!(
            access.revoke(&first, of(second.user_id).await, "out"),
            access.revoke(&second, own, "out"),
        );
        assert!(left.is_ok() != right.is_ok(), "one stays: {left:?} {right:?}");
    }

    async fn a_reason_is_bounded_and_cannot_hide_text(world: World) {
        let buyer = world.buyer().await;
        let somebody = world.stranger().await;
        let scope = Scope::Organization(buyer.id);
        let access = world.domain().access();
        let with = |reason: String| NewGrant { reason, ..grant(somebody.user_id, Role::BillingReader, scope) };
        for reason in ["x".repeat(2_001), "because\u{0}".into()] {
            let refused = access.grant(&buyer.owner, with(reason)).await.unwrap_err();
            assert_eq!(refused.problem().fields[0].path, "reason");
        }
        let id = access.grant(&buyer.owner, with("x".repeat(600))).await.unwrap();
        let refused = access.revoke(&buyer.owner, id, &"x".repeat(2_001)).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::Invalid);
    }

    async fn of_two_owners_who_remove_each_other_at_once_one_stays(world: World) {
        let buyer = world.buyer().await;
        let scope = Scope::Organization(buyer.id);
        let second = world.person(Role::OrganizationOwner, scope).await;
        let access = world.domain().access();
        let members = access.members(&second, scope).await.unwrap();
        let of = |user: UserId| members.iter().find(|member| member.user_id == user).unwrap().grant_id;
        let (first_grant, second_grant) = (of(buyer.owner.user_id), of(second.user_id));
        let (left, right) = tokio::join!(
            access.revoke(&buyer.owner, second_grant, "out"),
            access.revoke(&second, first_grant, "out"),
        );
        assert_eq!([left.is_ok(), right.is_ok()].iter().filter(|done| **done).count(), 1, "{left:?} {right:?}");
        assert_eq!(access.members(&Actor::system(), scope).await.unwrap().len(), 1);
    }

    async fn nobody_hands_out_more_than_they_hold(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let admin = world.person(Role::ProjectAdmin, Scope::Project(project.id)).await;
        let somebody = world.stranger().await;
        let access = world.domain().access();
        let scope = Scope::Project(project.id);
        access.grant(&admin, grant(somebody.user_id, Role::ProjectManager, scope)).await.unwrap();
        let above = grant(somebody.user_id, Role::OrganizationOwner, Scope::Organization(buyer.id));
        assert_eq!(access.grant(&admin, above).await.unwrap_err().kind(), Kind::NotFound);
        let staff = grant(somebody.user_id, Role::Staff, Scope::System);
        assert_eq!(access.grant(&buyer.owner, staff).await.unwrap_err().kind(), Kind::NotFound);
    }

    async fn a_role_is_given_once_and_only_where_it_fits(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let member = world.member(&project).await;
        let access = world.domain().access();
        let again = grant(member.user_id, Role::ProjectMember, Scope::Project(project.id));
        let refused = access.grant(&buyer.owner, again).await.unwrap_err();
        assert!(matches!(refused, AccessError::AlreadyGranted));
        let misfit = grant(member.user_id, Role::Staff, Scope::Project(project.id));
        let refused = access.grant(&buyer.owner, misfit).await.unwrap_err();
        assert!(matches!(refused, AccessError::RoleDoesNotFit { .. }));
    }

    async fn the_last_day_of_a_role_is_changed_while_it_is_held(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let (admin, somebody) = (world.person(Role::ProjectAdmin, Scope::Project(project.id)).await, world.stranger().await);
        let (access, scope) = (world.domain().access(), Scope::Project(project.id));
        let in_days = |days| Some(world.clock().now() + TimeDelta::days(days));
        let for_a_day = NewGrant { expires_at: in_days(1), ..grant(somebody.user_id, Role::ProjectMember, scope) };
        let id = access.grant(&admin, for_a_day).await.unwrap();
        let changes = || audit_event::Entity::find().filter(audit_event::Column::Verb.eq("role.end_changed"));
        let logged = async || changes().count(world.db()).await.unwrap();
        let (member, state) = access.member_at_state(&admin, id).await.unwrap();
        access.change_role_end(&admin, id, member.expires_at, "").await.unwrap();
        assert_eq!(logged().await, 0, "nothing was changed");
        access.clone().at_state(&state).change_role_end(&admin, id, in_days(9), "The project goes on").await.unwrap();
        let again = access.clone().at_state(&state).change_role_end(&admin, id, None, "").await;
        assert!(matches!(again, Err(AccessError::ChangedMeanwhile)), "{again:?}");
        world.clock().advance(TimeDelta::days(2));
        let target = Target::project(buyer.id, project.id);
        assert!(world.actor(somebody.user_id).await.may(Permission::PlaceOrder, &target), "it is the same role, longer");
        access.change_role_end(&admin, id, None, "").await.unwrap();
        assert_eq!(access.member(&admin, id).await.unwrap().expires_at, None);
        assert_eq!(logged().await, 2);
        let past = access.change_role_end(&admin, id, in_days(-1), "").await;
        assert!(matches!(past, Err(AccessError::AlreadyOver)), "{past:?}");
        let own = access.change_role_end(&world.actor(somebody.user_id).await, id, in_days(1), "").await;
        assert_eq!(own.unwrap_err().kind(), Kind::Forbidden);
        let hidden = access.change_role_end(&world.stranger().await, id, None, "").await;
        assert_eq!(hidden.unwrap_err().kind(), Kind::NotFound);
        access.revoke(&admin, id, "").await.unwrap();
        let gone = access.change_role_end(&admin, id, in_days(1), "").await;
        assert_eq!(gone.unwrap_err().kind(), Kind::NotFound);
        world.leaves_jobs();
    }

    async fn who_gives_less_does_not_change_the_last_day_of_more(world: World) {
        let buyer = world.buyer().await;
        let scope = Scope::Organization(buyer.id);
        let access = world.domain().access();
        let guest = world.stranger().await;
        let week = Some(world.clock().now() + TimeDelta::days(7));
        let passing = NewGrant { expires_at: week, ..grant(guest.user_id, Role::OrganizationOwner, scope) };
        let passing = access.grant(&buyer.owner, passing).await.unwrap();
        let members = access.members(&buyer.owner, scope).await.unwrap();
        let own = members.iter().find(|member| member.user_id == buyer.owner.user_id).unwrap().grant_id;
        for actor in [&buyer.owner, &world.staff().await] {
            let refused = access.change_role_end(actor, own, week, "").await;
            assert!(matches!(refused, Err(AccessError::LastOwner)), "{refused:?}");
        }
        access.change_role_end(&buyer.owner, passing, None, "stays").await.unwrap();
        access.change_role_end(&buyer.owner, own, week, "leaves").await.unwrap();
        let refused = access.change_role_end(&buyer.owner, passing, week, "").await;
        assert!(matches!(refused, Err(AccessError::LastOwner)), "{refused:?}");
    }

    async fn members_of_what_one_cannot_see_are_not_found(world: World) {
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let stranger = world.stranger().await;
        let access = world.domain().access();
        let hidden = access.members(&stranger, Scope::Project(project.id)).await.unwrap_err();
        let absent = access.members(&stranger, Scope::Project(model::ProjectId(uuid::Uuid::max()))).await.unwrap_err();
        assert_eq!(hidden.problem(), absent.problem(), "not there and not yours answer alike");
        let member = world.member(&project).await;
        assert_eq!(access.members(&member, Scope::Project(project.id)).await.unwrap().len(), 1);
        let refused = access.grant(&member, grant(stranger.user_id, Role::ProjectMember, Scope::Project(project.id)));
        assert_eq!(refused.await.unwrap_err().kind(), Kind::Forbidden, "seen, but not theirs to change");
    }
}
