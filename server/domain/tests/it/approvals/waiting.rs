//! Steps that wait: reminders, expiry, and whom they ask when those whom they name are gone.

use entity::{audit_event, role_grant};
use model::{Approvers, Ask, EventKind, OrderState, Role, RuleEffect, Scope};
use sea_orm::sea_query::Expr;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use testkit::{World, both_engines};

use super::{always, asks, last, make};
use crate::ordering::scene::Scene;
use crate::verify::findings;

async fn told(world: &World, kind: EventKind) -> u64 {
    let events = audit_event::Entity::find().filter(audit_event::Column::Verb.eq(kind.as_str()));
    events.count(world.db()).await.unwrap()
}

both_engines! {
    async fn those_who_are_asked_are_reminded_until_they_decide(world: World) {
        let scene = Scene::of(&world).await;
        let place = Scope::Organization(scene.buyer.id);
        let ask = Ask { due_days: 5, remind_days: Some(2), ..asks(1, Approvers::Usual) };
        make(&world, &scene.owner, place, always("Soon", last(ask))).await;
        let id = scene.place(&scene.member).await;
        let ordering = world.operations().ordering();
        let mut reminded = Vec::new();
        for _ in 0..4 {
            world.clock().advance(chrono::TimeDelta::days(1));
            reminded.push(ordering.remind_due().await.unwrap());
            assert_eq!(ordering.remind_due().await.unwrap(), 0, "once is enough");
        }
        assert_eq!((reminded, told(&world, EventKind::OrderReminded).await), (vec![0, 1, 0, 1], 2));
        assert_eq!(ordering.expire_due().await.unwrap(), 0);
        world.clock().advance(chrono::TimeDelta::days(1));
        assert_eq!(ordering.expire_due().await.unwrap(), 1);
        let detail = scene.detail(&scene.member, id).await;
        assert_eq!((detail.summary.state, &*detail.error), (OrderState::Expired, "Nobody decided within 5 days."));
        world.clock().advance(chrono::TimeDelta::days(9));
        assert_eq!(ordering.remind_due().await.unwrap(), 0);
        assert_eq!(findings(&world).await, []);
    }

    async fn where_those_who_are_named_are_gone_whoever_may_approve_decides(world: World) {
        let scene = Scene::of(&world).await;
        let place = Scope::Organization(scene.buyer.id);
        let named = asks(1, Approvers::People(vec![scene.member.user_id]));
        make(&world, &scene.owner, place, always("The expert", last(named))).await;
        let other = world.member(&scene.project).await;
        let ordering = world.domain().ordering();
        let id = scene.place(&other).await;
        assert!(scene.detail(&scene.member, id).await.summary.can_decide);
        assert!(!scene.detail(&scene.owner, id).await.summary.can_decide);
        assert_eq!(world.operations().ordering().remind_due().await.unwrap(), 0, "the one who is named is there");
        role_grant::Entity::update_many()
            .col_expr(role_grant::Column::ExpiresAt, Expr::value(Some(domain::Clock::now(world.clock()))))
            .filter(role_grant::Column::UserId.eq(scene.member.user_id))
            .exec(world.db())
            .await
            .unwrap();
        let stuck = scene.detail(&other, id).await.waiting_for;
        assert!(stuck.contains("nobody in"), "{stuck}");
        assert_eq!(world.operations().ordering().remind_due().await.unwrap(), 1);
        assert_eq!(told(&world, EventKind::OrderReassigned).await, 1);
        let detail = scene.detail(&scene.owner, id).await;
        assert!(detail.summary.can_decide && detail.steps[0].rule.ends_with("decides instead."), "{:?}", detail.steps);
        // Who may by the project's limit alone could have had a hand in it.
        assert!(!scene.detail(&scene.manager, id).await.summary.can_decide);
        ordering.approve(&scene.manager, id, "").await.unwrap_err();
        // Placed anew, nobody has to wait for that.
        let id = scene.place(&other).await;
        assert!(scene.detail(&scene.owner, id).await.summary.can_decide);
        assert_eq!(ordering.approve(&scene.owner, id, "").await.unwrap(), OrderState::Executing);
        let mut found = findings(&world).await;
        // The end of the role was set behind the log's back.
        found.retain(|one| !one.subject.starts_with("role "));
        assert_eq!(found, []);
        world.leaves_jobs();
    }

    async fn whoever_placed_an_order_is_asked_instead_of_others_only_where_nobody_else_is(world: World) {
        let scene = Scene::of(&world).await;
        let place = Scope::Organization(scene.buyer.id);
        let second = world.person(Role::OrganizationOwner, place).await;
        let managers = asks(1, Approvers::Roles(vec![Role::OrganizationManager]));
        make(&world, &scene.owner, place, always("Managers", last(managers))).await;
        let ordering = world.domain().ordering();
        let id = scene.place(&scene.owner).await;
        assert!(!scene.detail(&scene.owner, id).await.summary.can_decide, "there is another owner");
        ordering.approve(&second, id, "").await.unwrap();
        let theirs = role_grant::Entity::find_of_user(second.user_id, domain::Clock::now(world.clock()));
        let theirs = theirs.one(world.db()).await.unwrap().unwrap();
        world.domain().access().revoke(&scene.owner, theirs.id, "").await.unwrap();
        let id = scene.place(&scene.owner).await;
        assert!(scene.detail(&scene.owner, id).await.summary.can_decide, "there is nobody else");

        // Who counts as one of two is not the other as well.
        let both = asks(2, Approvers::People(vec![scene.owner.user_id, scene.member.user_id]));
        make(&world, &scene.owner, place, always("Both", RuleEffect::Ask(both))).await;
        let project = role_grant::Entity::find_of_user(scene.member.user_id, domain::Clock::now(world.clock()));
        let project = project.one(world.db()).await.unwrap().unwrap();
        world.domain().access().revoke(&scene.owner, project.id, "").await.unwrap();
        let rules = world.domain().approvals().rules(&scene.owner, place).await.unwrap().rules;
        world.domain().approvals().move_to(&scene.owner, rules[1].id, 1).await.unwrap();
        let id = scene.place(&scene.owner).await;
        let waiting = scene.detail(&scene.owner, id).await;
        assert!(!waiting.summary.can_decide && waiting.waiting_for.contains("nobody in"), "{}", waiting.waiting_for);
        world.leaves_jobs();
    }

    async fn where_there_are_fewer_than_a_rule_asks_for_they_are_enough(world: World) {
        let scene = Scene::of(&world).await;
        let place = Scope::Organization(scene.buyer.id);
        let (ordering, now) = (world.domain().ordering(), || domain::Clock::now(world.clock()));
        // More than there are, from the start.
        let five = make(&world, &scene.owner, place, always("Five", last(asks(5, Approvers::Unlimited)))).await;
        let id = scene.place(&scene.member).await;
        let step = scene.detail(&scene.member, id).await.steps[0].clone();
        assert!(step.needed == 1 && step.rule.ends_with("it is enough when one agrees."), "{step:?}");
        assert_eq!(ordering.approve(&scene.owner, id, "").await.unwrap(), OrderState::Executing);
        world.domain().approvals().remove(&scene.owner, five.id).await.unwrap();

        // Fewer while it waits.
        let second = world.person(Role::OrganizationOwner, place).await;
        let both = asks(2, Approvers::People(vec![scene.owner.user_id, second.user_id]));
        make(&world, &scene.owner, place, always("Both", last(both))).await;
        let id = scene.place(&scene.member).await;
        assert_eq!(ordering.approve(&scene.owner, id, "").await.unwrap(), OrderState::PendingBuyer);
        let third = world.person(Role::OrganizationOwner, place).await;
        let theirs = role_grant::Entity::find_of_user(second.user_id, now());
        let theirs = theirs.one(world.db()).await.unwrap().unwrap();
        world.domain().access().revoke(&scene.owner, theirs.id, "").await.unwrap();
        assert_eq!(world.operations().ordering().remind_due().await.unwrap(), 1);
        assert_eq!(world.operations().ordering().remind_due().await.unwrap(), 0, "once is enough");
        let waiting = scene.detail(&scene.member, id).await;
        assert!(waiting.waiting_for.starts_with(&format!("Waiting for {} since", third.name)), "{}", waiting.waiting_for);
        let theirs = role_grant::Entity::find_of_user(third.user_id, now());
        let theirs = theirs.one(world.db()).await.unwrap().unwrap();
        world.domain().access().revoke(&scene.owner, theirs.id, "").await.unwrap();
        let stuck = scene.detail(&scene.member, id).await.waiting_for;
        assert!(stuck.contains("nobody in") && stuck.contains("staff of the portal to decide"), "{stuck}");
        assert_eq!(ordering.approve(&world.staff().await, id, "for them").await.unwrap(), OrderState::Executing);
        assert_eq!(findings(&world).await, []);
        world.leaves_jobs();
    }

    async fn a_role_that_nobody_has_is_not_waited_for(world: World) {
        let scene = Scene::of(&world).await;
        let place = Scope::Organization(scene.buyer.id);
        let managers = asks(1, Approvers::Roles(vec![Role::OrganizationManager]));
        make(&world, &scene.owner, place, always("Managers", last(managers))).await;
        let id = scene.place(&scene.member).await;
        assert_eq!(told(&world, EventKind::OrderReassigned).await, 1);
        assert!(scene.detail(&scene.owner, id).await.summary.can_decide);
        assert!(!scene.detail(&scene.manager, id).await.summary.can_decide);
    }
}
