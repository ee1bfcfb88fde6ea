//! What people are told of themselves, of what they pay and of ends; and what they do not want to be told.

use domain::Actor;
use domain::access::accounts::NewUser;
use model::{
    ApprovalRuleDraft, Approvers, FieldFault, Kind, NoticeKind, ProjectChange, Role, RuleEffect, Scope, Side,
    TokenScope,
};
use sea_orm::{EntityTrait, IntoActiveModel};
use testkit::{Sold, World, both_engines};

use super::{notices, ordered, place, tell, told};
use crate::approvals::{always, asks, make};
use crate::billing::deal::Deal;
use crate::ordering::scene::Scene;

async fn project_name(world: &World, project: &testkit::Project) -> String {
    let row = entity::project::Entity::find_by_id(project.id)
        .one(world.db())
        .await;
    row.unwrap().unwrap().name
}

const PASSWORD: &str = "kevadine laupäev majakas";

both_engines! {
    async fn a_role_is_told_to_who_gets_or_loses_it(world: World) {
        world.leaves_jobs();
        let buyer = world.buyer().await;
        let project = world.project(&buyer).await;
        let member = world.member(&project).await;
        tell(&world).await;
        let all = notices(&world, &member).await;
        let words: Vec<(NoticeKind, &str)> = all.iter().map(|one| (one.kind, one.text.as_str())).collect();
        assert_eq!(words.len(), 1, "{words:?}");
        let expected = format!("Role granted: member of {}, for good", project_name(&world, &project).await);
        assert_eq!(words[0], (NoticeKind::Roles, expected.as_str()));
        let access = world.domain().access();
        let members = access.members(&buyer.owner, Scope::Project(project.id)).await.unwrap();
        let grant = members.iter().find(|one| one.user_id == member.user_id).unwrap().grant_id;
        access.revoke(&buyer.owner, grant, "The thesis is done.").await.unwrap();
        tell(&world).await;
        let without = world.actor(member.user_id).await;
        let last = notices(&world, &without).await.remove(0);
        assert_eq!((last.event.as_str(), last.note.as_str()), ("role.revoked", "The thesis is done."));
        assert_eq!((last.text.as_str(), last.place.as_str()), ("Role taken away: member", ""), "no name that it has now");
    }

    async fn whoever_a_rule_asks_is_told_whatever_else_they_may(world: World) {
        world.leaves_jobs();
        let scene = Scene::of(&world).await;
        let reader = world.person(Role::ProjectReader, Scope::Project(scene.project.id)).await;
        let support = world.person(Role::Support, Scope::System).await;
        let first = asks(1, Approvers::People(vec![reader.user_id]));
        make(&world, &scene.owner, Scope::Project(scene.project.id), always("A reader", RuleEffect::Ask(first))).await;
        let then = asks(1, Approvers::Roles(vec![Role::Support]));
        let draft = ApprovalRuleDraft { side: Some(Side::Buyer), ..always("Support", RuleEffect::Ask(then)) };
        make(&world, &world.staff().await, Scope::System, draft).await;
        let id = scene.place(&scene.member).await;
        for person in [&support, &reader] {
            tell(&world).await;
            assert_eq!(told(&world, person).await, [if person.user_id == support.user_id { "to_do order.placed" } else { "to_do order.approved" }]);
            world.domain().ordering().approve(person, id, "").await.unwrap();
        }
    }

    async fn changes_of_ones_ways_in_are_told_to_oneself_whatever_one_chose(world: World) {
        let new = NewUser {
            email: "ada@example.org".into(),
            name: "Ada".into(),
            username: "ada".into(),
            password: PASSWORD.into(),
        };
        let id = world.operations().accounts().create_user(new).await.unwrap();
        let actor = world.actor(id).await;
        let chosen = world.domain().notices();
        let refused = chosen.set_settings(&actor, &[], None).await.unwrap_err();
        let fault = FieldFault::at("told", "always_told", "“Your password and tokens” is always told.");
        assert_eq!((refused.kind(), refused.problem().fields), (Kind::Invalid, vec![fault]));
        chosen.set_settings(&actor, &[NoticeKind::Security], None).await.unwrap();
        world.domain().accounts().change_password(&actor, PASSWORD, "vihmane teisipäev tuletornis").await.unwrap();
        tell(&world).await;
        assert_eq!(told(&world, &actor).await, ["security account.password_changed"]);
        let by_token = Actor { token_scopes: Some(TokenScope::ALL.to_vec()), ..actor.clone() };
        assert_eq!(told(&world, &by_token).await, [""; 0], "whoever has a token is told nothing of that");
        let newest = notices(&world, &actor).await.remove(0).id;
        assert_eq!(chosen.mark_all_read(&by_token, newest).await.unwrap(), 0);
        assert_eq!(chosen.mark_read(&by_token, newest).await.unwrap_err().kind(), Kind::NotFound);
        assert_eq!(told(&world, &actor).await, ["security account.password_changed"], "nor does it silence it");
    }

    async fn what_somebody_does_not_want_is_not_told_from_then_on(world: World) {
        let at = place(&world, false, false).await;
        let owner = &at.buyer.owner;
        ordered(&world, &at).await;
        tell(&world).await;
        let chosen = world.domain().notices();
        let but = |left_out: NoticeKind| -> Vec<NoticeKind> {
            NoticeKind::ALL.iter().copied().filter(|kind| *kind != left_out).collect()
        };
        for _again in 0..2 {
            let settings = chosen.set_settings(owner, &but(NoticeKind::ToDo), None).await.unwrap();
            let off: Vec<NoticeKind> = settings.iter().filter(|one| !one.told).map(|one| one.kind).collect();
            assert_eq!(off, [NoticeKind::ToDo]);
        }
        ordered(&world, &at).await;
        tell(&world).await;
        assert_eq!(told(&world, owner).await, ["to_do order.placed"], "the one from before");
        chosen.set_settings(owner, NoticeKind::ALL, None).await.unwrap();
        ordered(&world, &at).await;
        tell(&world).await;
        assert_eq!(told(&world, owner).await, ["to_do order.placed"; 2], "and what comes after");
    }

    async fn of_two_who_set_what_they_saw_at_once_one_is_told_that_it_changed(world: World) {
        let buyer = world.buyer().await;
        world.leaves_jobs();
        let notices = world.domain().notices();
        let seen = notices.settings(&buyer.owner).await.unwrap();
        let mut set = tokio::task::JoinSet::new();
        for left_out in [NoticeKind::Prices, NoticeKind::Ends] {
            let (notices, owner, seen) = (world.second_process().domain().notices(), buyer.owner.clone(), seen.clone());
            let told: Vec<NoticeKind> = NoticeKind::ALL.iter().copied().filter(|kind| *kind != left_out).collect();
            set.spawn(async move { notices.set_settings(&owner, &told, Some(&seen)).await });
        }
        let mut done = Vec::new();
        while let Some(one) = set.join_next().await {
            done.push(one.unwrap());
        }
        let refused: Vec<Kind> = done.iter().filter_map(|one| Some(one.as_ref().err()?.kind())).collect();
        assert_eq!(refused, [Kind::Conflict]);
        let off = notices.settings(&buyer.owner).await.unwrap().into_iter().filter(|one| !one.told).count();
        assert_eq!(off, 1, "one of both, and no mixture");
    }

    async fn a_token_needs_its_scope(world: World) {
        let buyer = world.buyer().await;
        world.leaves_jobs();
        let with = |scopes: &[TokenScope]| Actor { token_scopes: Some(scopes.to_vec()), ..buyer.owner.clone() };
        let notices = world.domain().notices();
        let page = model::PageRequest::default();
        let none = with(&[TokenScope::Order]);
        assert_eq!(notices.list(&none, false, &page).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(notices.settings(&none).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(notices.unread(&none).await.unwrap(), 0, "the frame tells nothing either");
        let reads = with(&[TokenScope::Read]);
        notices.list(&reads, true, &page).await.unwrap();
        let any = model::NoticeId(uuid::Uuid::from_u128(1));
        assert_eq!(notices.mark_all_read(&reads, any).await.unwrap_err().kind(), Kind::Forbidden);
        assert_eq!(notices.set_settings(&reads, NoticeKind::ALL, None).await.unwrap_err().kind(), Kind::Forbidden);
    }

    async fn a_job_that_was_given_up_is_told_to_who_manages_jobs_once(world: World) {
        let at = place(&world, false, false).await;
        let (staff, support) = (world.staff().await, world.person(Role::Support, Scope::System).await);
        world.order(&at.buyer.owner, &at.project, &at.offering).await;
        let jobs = world.operations().jobs();
        let limits = domain::jobs::Limits { per_backend: 9 };
        let lease = std::time::Duration::from_mins(1);
        for again in 0..2_u128 {
            let held = jobs.lease("w", &["provision_order"], lease, limits).await.unwrap().unwrap();
            jobs.dead(&held, "w", "The backend is away.").await.unwrap();
            tell(&world).await;
            assert_eq!(told(&world, &staff).await, ["jobs job.given_up"]);
            let one = notices(&world, &staff).await.into_iter().find(|one| one.kind == NoticeKind::Jobs).unwrap();
            assert_eq!((one.text.as_str(), one.note.as_str()), ("Job given up: provision order", "The backend is away."));
            let dead = entity::job::Entity::find().all(world.db()).await.unwrap();
            let id = dead.iter().find(|job| job.state == model::JobState::Dead).unwrap().id;
            // The same work comes once more while the letter of before lies there.
            let row = entity::job::Entity::find_by_id(id).one(world.db()).await.unwrap().unwrap();
            let more = entity::job::Model { id: model::JobId(uuid::Uuid::from_u128(again)), state: model::JobState::Queued, attempts: 0, ..row };
            let insert = entity::job::Entity::insert(more.into_active_model());
            insert.exec_without_returning(world.db()).await.unwrap();
        }
        assert_eq!(told(&world, &support).await, [""; 0], "who only reads has nothing to do");
    }

    async fn an_invoice_is_told_to_who_reads_the_buyers_and_not_to_the_seller(world: World) {
        let deal = Deal::selling(&world, "2025-03-01T08:00:00Z", vec![Sold::every_period("base").at("31")]).await;
        let accountant = world.accountant(&deal.buyer).await;
        let member = world.member(&deal.project).await;
        deal.runs("2025-03-01T09:00:00Z", &[]).await;
        deal.closes("2025-04-01T12:00:00Z", "2025-03").await;
        tell(&world).await;
        for reader in [&accountant, &deal.buyer.owner] {
            let line = told(&world, reader).await.pop();
            assert_eq!(line.as_deref(), Some("invoices invoice.issued"), "{}", reader.name);
        }
        let one = notices(&world, &accountant).await.remove(0);
        assert!(!one.subject_name.is_empty(), "its number: {one:?}");
        assert_eq!(one.text, "Invoice issued");
        for other in [&member, &deal.provider.manager] {
            let lines = told(&world, other).await;
            assert!(!lines.iter().any(|line| line.contains("invoice")), "{}: {lines:?}", other.name);
        }
    }

    async fn an_end_is_told_to_who_looks_after_the_project_and_who_ordered(world: World) {
        let at = place(&world, false, false).await;
        let (manager, bystander) = (world.project_manager(&at.project).await, world.member(&at.project).await);
        let order = world.order(&at.member, &at.project, &at.offering).ending("2026-02-16").await;
        world.domain().ordering().approve(&at.buyer.owner, order, "").await.unwrap();
        world.run_jobs().await;
        tell(&world).await;
        world.operations().ordering().send_end_notices().await.unwrap();
        tell(&world).await;
        for one in [&at.member, &manager, &at.buyer.owner] {
            let last = notices(&world, one).await.remove(0);
            assert_eq!((last.kind, last.event.as_str()), (NoticeKind::Ends, "resource.ending_soon"), "{}", one.name);
            assert_eq!(last.text, "Ends soon: 16 February 2026 is the last day");
        }
        assert_eq!(told(&world, &bystander).await, [""; 0]);
        let change = ProjectChange {
            name: "P".into(),
            description: String::new(),
            start_date: None,
            end_date: Some("2026-02-11".parse().unwrap()),
            approval_limit: None,
        };
        world.domain().structure().edit_project(&at.buyer.owner, at.project.id, change).await.unwrap();
        world.operations().ordering().send_end_notices().await.unwrap();
        tell(&world).await;
        assert_eq!(told(&world, &at.member).await.last().unwrap(), "ends project.ending_soon", "what they ordered ends with it");
        let admin = world.person(Role::ProjectAdmin, Scope::Project(at.project.id)).await;
        assert_eq!(told(&world, &manager).await.last().unwrap(), "ends project.ending_soon");
        assert_eq!(told(&world, &admin).await, [""; 0], "who comes later is not told of what was");
    }
}
