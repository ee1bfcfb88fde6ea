//! Notices: who is told of what, once, for how long, and what they can do with it.

mod people;
mod reader;
mod table;

use domain::Actor;
use domain::notices::NoticeError;
use domain::ordering::Fulfilment;
use model::{Kind, Notice, NoticeKind, OrderId, PageRequest, Role, Scope, TokenScope};
use testkit::{Buyer, Offering, Project, Provider, World, both_engines};

/// Tells people of everything that has happened.
pub(crate) async fn tell(world: &World) {
    while world.operations().notices().tell_next().await.unwrap() {}
}

pub(crate) async fn notices(world: &World, of: &Actor) -> Vec<Notice> {
    let domain = world.domain().notices();
    domain
        .list(of, false, &PageRequest::default())
        .await
        .unwrap()
        .items
}

/// What somebody was told, the oldest first: `to_do order.placed`; what they have read is in brackets.
async fn told(world: &World, to: &Actor) -> Vec<String> {
    let all = notices(world, to).await;
    let line = |one: &Notice| {
        let line = format!("{} {}", one.kind, one.event);
        if one.read_at.is_some() {
            format!("({line})")
        } else {
            line
        }
    };
    // Of roles that people were made with nothing is asked here.
    let told = all.iter().rev().filter(|one| one.kind != NoticeKind::Roles);
    told.map(line).collect()
}

struct Place {
    buyer: Buyer,
    project: Project,
    provider: Provider,
    offering: Offering,
    member: Actor,
}

/// A project whose manager may approve up to 100, with a member who asks.
async fn place(world: &World, by_hand: bool, asked: bool) -> Place {
    world.leaves_jobs();
    let (buyer, provider) = (world.buyer().await, world.provider().await);
    let project = world.project(&buyer).approving_up_to("100").await;
    let mut offering = world.offering(&provider);
    if by_hand {
        offering = offering.provisioned_by_hand();
    }
    if asked {
        offering = offering.approved_by_provider();
    }
    let offering = offering.await;
    let member = world.member(&project).await;
    Place {
        buyer,
        project,
        provider,
        offering,
        member,
    }
}

async fn ordered(world: &World, at: &Place) -> OrderId {
    world
        .order(&at.member, &at.project, &at.offering)
        .named("Ice model")
        .await
}

async fn handed_over(world: &World, order: OrderId) {
    let ordering = world.operations().ordering();
    ordering
        .wait_for_provider(order, "Bring four cores.")
        .await
        .unwrap();
}

both_engines! {
    async fn an_order_is_told_to_whoever_it_waits_for_and_then_to_whoever_placed_it(world: World) {
        let at = place(&world, false, true).await;
        let manager = world.project_manager(&at.project).await;
        let (accountant, staff) = (world.accountant(&at.buyer).await, world.staff().await);
        let order = ordered(&world, &at).await;
        tell(&world).await;
        for approver in [&at.buyer.owner, &manager] {
            assert_eq!(told(&world, approver).await, ["to_do order.placed"], "{}", approver.name);
        }
        for other in [&at.member, &accountant, &staff, &at.provider.manager] {
            assert_eq!(told(&world, other).await, [""; 0], "{}", other.name);
        }
        let one = notices(&world, &manager).await.remove(0);
        assert_eq!((one.text.as_str(), one.subject_name.as_str()), ("Waits for your decision", "Ice model"));
        assert!(one.waits && !one.offering_name.is_empty() && one.place.contains(", "), "{one:?}");
        assert_eq!((one.by.as_str(), one.subject), (at.member.name.as_str(), format!("order {order}")));
        assert_eq!((one.project_id, one.provider_id), (Some(at.project.id), Some(at.provider.id)));

        let ordering = world.domain().ordering();
        ordering.approve(&at.buyer.owner, order, "Go on.").await.unwrap();
        tell(&world).await;
        assert_eq!(told(&world, &manager).await, ["(to_do order.placed)"], "nothing is left to decide");
        assert_eq!(told(&world, &at.buyer.owner).await, ["(to_do order.placed)"], "nobody is told of what they did");
        assert_eq!(told(&world, &at.member).await, ["orders order.approved"]);
        assert!(notices(&world, &at.member).await[0].text.starts_with("Approved; now: "));
        let asked = notices(&world, &manager).await.into_iter().find(|one| one.kind == NoticeKind::ToDo).unwrap();
        assert!(!asked.waits && asked.text.starts_with("Waited for your decision; now: "), "{asked:?}");
        assert_eq!(told(&world, &at.provider.manager).await, ["to_do order.approved"]);

        ordering.reject(&at.provider.manager, order, "Too few cores.").await.unwrap();
        tell(&world).await;
        let steps = told(&world, &at.member).await;
        assert_eq!(steps, ["(orders order.approved)", "orders order.rejected"], "how far it had come is no news any more");
        assert_eq!(notices(&world, &at.member).await[0].note, "Too few cores.");
        assert_eq!(told(&world, &at.provider.manager).await, ["(to_do order.approved)"]);
        assert_eq!(world.domain().me(&at.member).await.unwrap().notices_unread, 2, "with the role that they got");
    }

    async fn an_order_beyond_the_limit_is_not_told_to_who_may_not_decide_it(world: World) {
        let (buyer, provider) = (world.buyer().await, world.provider().await);
        world.leaves_jobs();
        let project = world.project(&buyer).approving_up_to("9.99").await;
        let offering = world.offering(&provider).selling(testkit::Sold::every_period("base").at("10")).await;
        let (member, manager) = (world.member(&project).await, world.project_manager(&project).await);
        world.order(&member, &project, &offering).await;
        tell(&world).await;
        assert_eq!(told(&world, &manager).await, [""; 0]);
        assert_eq!(told(&world, &buyer.owner).await, ["to_do order.placed"]);
    }

    async fn work_by_hand_is_told_to_those_who_do_it_until_it_is_done(world: World) {
        let at = place(&world, true, false).await;
        let of_offering = world.person(Role::OfferingManager, Scope::Offering(at.offering.id)).await;
        let order = world.order(&at.buyer.owner, &at.project, &at.offering).await;
        handed_over(&world, order).await;
        handed_over(&world, order).await;
        tell(&world).await;
        for one in [&at.provider.manager, &of_offering] {
            assert_eq!(told(&world, one).await, ["to_do order.handed_over"], "{}", one.name);
            assert_eq!(notices(&world, one).await[0].note, "Bring four cores.");
        }
        let done = Fulfilment { backend_id: "rack 7".into(), ..Fulfilment::default() };
        world.domain().ordering().fulfil(&of_offering, order, done).await.unwrap();
        tell(&world).await;
        assert_eq!(told(&world, &at.provider.manager).await, ["(to_do order.handed_over)"]);
        assert_eq!(told(&world, &at.buyer.owner).await, ["orders order.completed"]);
    }

    async fn an_order_that_failed_is_told_on_both_sides(world: World) {
        let at = place(&world, true, false).await;
        let order = world.order(&at.buyer.owner, &at.project, &at.offering).await;
        let ordering = world.operations().ordering();
        ordering.fail(order, "The rack is full.").await.unwrap();
        tell(&world).await;
        assert_eq!(told(&world, &at.buyer.owner).await, ["orders order.failed"]);
        assert_eq!(told(&world, &at.provider.manager).await, ["providing order.failed"]);
    }

    async fn who_loses_the_role_sees_no_more_of_it(world: World) {
        let at = place(&world, false, false).await;
        let manager = world.person(Role::ProjectManager, Scope::Project(at.project.id)).await;
        ordered(&world, &at).await;
        tell(&world).await;
        let unread = async |actor: &Actor| world.domain().notices().unread(actor).await.unwrap();
        assert_eq!(unread(&manager).await, 2, "the order, and the role");
        let access = world.domain().access();
        let members = access.members(&at.buyer.owner, Scope::Project(at.project.id)).await.unwrap();
        let grant = members.iter().find(|one| one.user_id == manager.user_id).unwrap().grant_id;
        let id = notices(&world, &manager).await.iter().find(|one| one.kind == NoticeKind::ToDo).unwrap().id;
        access.revoke(&at.buyer.owner, grant, "").await.unwrap();
        tell(&world).await;
        let without = world.actor(manager.user_id).await;
        assert_eq!(told(&world, &without).await, [""; 0]);
        assert_eq!(unread(&without).await, 2, "that the role was given, and taken");
        let refused = world.domain().notices().mark_read(&without, id).await.unwrap_err();
        assert_eq!(refused.kind(), Kind::NotFound);
        let again = world.grant(manager.user_id, Role::ProjectAdmin, Scope::Project(at.project.id)).await;
        assert_eq!(told(&world, &again).await, ["to_do order.placed"], "whoever may decide again sees it again");
    }

    async fn of_an_order_that_is_carried_out_at_once_one_thing_is_news(world: World) {
        let at = place(&world, false, false).await;
        let order = ordered(&world, &at).await;
        world.domain().ordering().approve(&at.buyer.owner, order, "").await.unwrap();
        world.run_jobs().await;
        tell(&world).await;
        assert_eq!(told(&world, &at.member).await, ["(orders order.approved)", "orders order.completed"]);
        let done = notices(&world, &at.member).await.remove(0);
        assert!(done.resource_id.is_some() && done.text == "Carried out", "{done:?}");
    }

    async fn who_has_two_roles_and_loses_one_sees_on_by_the_other(world: World) {
        let at = place(&world, false, false).await;
        let owner = world.grant(at.buyer.owner.user_id, Role::ProjectManager, Scope::Project(at.project.id)).await;
        let more = world.person(Role::OrganizationOwner, Scope::Organization(at.buyer.id)).await;
        ordered(&world, &at).await;
        tell(&world).await;
        let access = world.domain().access();
        let members = access.members(&more, Scope::Organization(at.buyer.id)).await.unwrap();
        let grant = members.iter().find(|one| one.user_id == owner.user_id).unwrap().grant_id;
        access.revoke(&more, grant, "").await.unwrap();
        let with_less = world.actor(owner.user_id).await;
        assert_eq!(told(&world, &with_less).await, ["to_do order.placed"]);
    }

    async fn an_order_by_a_token_that_may_not_approve_waits_for_its_owner_too(world: World) {
        let at = place(&world, false, false).await;
        let by_token = Actor { token_scopes: Some(vec![TokenScope::Read, TokenScope::Order]), ..at.buyer.owner.clone() };
        world.order(&by_token, &at.project, &at.offering).await;
        tell(&world).await;
        assert_eq!(told(&world, &at.buyer.owner).await, ["to_do order.placed"], "nobody else may decide it");
    }

    async fn a_notice_is_read_by_its_person_only_and_up_to_what_was_shown(world: World) {
        let at = place(&world, false, false).await;
        let (notices_of, owner) = (world.domain().notices(), &at.buyer.owner);
        ordered(&world, &at).await;
        tell(&world).await;
        let shown = notices(&world, owner).await.remove(0);
        ordered(&world, &at).await;
        tell(&world).await;
        let refused = notices_of.mark_read(&at.member, shown.id).await.unwrap_err();
        assert!(matches!(&refused, NoticeError::Access(_)) && refused.kind() == Kind::NotFound, "{refused}");
        notices_of.mark_all_read(&at.member, shown.id).await.unwrap();
        assert_eq!(told(&world, owner).await, ["to_do order.placed"; 2]);
        assert!(notices_of.mark_all_read(owner, shown.id).await.unwrap() > 0);
        assert_eq!(told(&world, owner).await, ["(to_do order.placed)", "to_do order.placed"]);
        let first = notices_of.mark_read(owner, shown.id).await.unwrap();
        assert_eq!(first.read_at, notices_of.mark_read(owner, shown.id).await.unwrap().read_at, "it was read once");
        let only_unread = notices_of.list(owner, true, &PageRequest::default()).await.unwrap();
        assert!(only_unread.items.iter().all(|one| one.read_at.is_none()) && !only_unread.items.is_empty());
    }
}
