//! What people are told of themselves, of what they pay and of ends; and what they do not want to be told.

use domain::Actor;
use domain::access::accounts::NewUser;
use model::{FieldFault, Kind, NoticeKind, ProjectChange, Role, Scope, TokenScope};
use testkit::{Sold, World, both_engines};

use super::{notices, ordered, place, tell, told};
use crate::billing::deal::Deal;

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
        assert!(words[0].0 == NoticeKind::Roles && words[0].1.starts_with("Role granted: member of "), "{words:?}");
        let access = world.domain().access();
        let members = access.members(&buyer.owner, Scope::Project(project.id)).await.unwrap();
        let grant = members.iter().find(|one| one.user_id == member.user_id).unwrap().grant_id;
        access.revoke(&buyer.owner, grant, "The thesis is done.").await.unwrap();
        tell(&world).await;
        let last = notices(&world, &member).await.remove(0);
        assert_eq!((last.event.as_str(), last.note.as_str()), ("role.revoked", "The thesis is done."));
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
        let refused = chosen.set_settings(&actor, &[]).await.unwrap_err();
        let fault = FieldFault::at("told", "always_told", "“Your password and tokens” is always told.");
        assert_eq!((refused.kind(), refused.problem().fields), (Kind::Invalid, vec![fault]));
        chosen.set_settings(&actor, &[NoticeKind::Security]).await.unwrap();
        world.domain().accounts().change_password(&actor, PASSWORD, "vihmane teisipäev tuletornis").await.unwrap();
        tell(&world).await;
        assert_eq!(told(&world, &actor).await, ["security account.password_changed"]);
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
            let settings = chosen.set_settings(owner, &but(NoticeKind::ToDo)).await.unwrap();
            let off: Vec<NoticeKind> = settings.iter().filter(|one| !one.told).map(|one| one.kind).collect();
            assert_eq!(off, [NoticeKind::ToDo]);
        }
        ordered(&world, &at).await;
        tell(&world).await;
        assert_eq!(told(&world, owner).await, ["to_do order.placed"], "the one from before");
        chosen.set_settings(owner, NoticeKind::ALL).await.unwrap();
        ordered(&world, &at).await;
        tell(&world).await;
        assert_eq!(told(&world, owner).await, ["to_do order.placed"; 2], "and what comes after");
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
        assert_eq!(notices.set_settings(&reads, NoticeKind::ALL).await.unwrap_err().kind(), Kind::Forbidden);
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
        let admin = world.person(Role::ProjectAdmin, Scope::Project(at.project.id)).await;
        assert_eq!(told(&world, &manager).await.last().unwrap(), "ends project.ending_soon");
        assert_eq!(told(&world, &admin).await, [""; 0], "who comes later is not told of what was");
    }
}
