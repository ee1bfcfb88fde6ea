//! Lists of what was asked for: whose, which, page by page.

use std::sync::atomic::Ordering;

use domain::Actor;
use domain::actions::ActionFilter;
use model::{ActionId, ActionState, Page, PageRequest, ResourceAction, Role, Scope, TokenScope};
use serde_json::json;
use testkit::{World, both_engines};

use crate::queries::counted;

use super::scene::{Scene, by_token, code, wish};

async fn page(scene: &Scene<'_>, actor: &Actor, filter: &ActionFilter) -> Page<ResourceAction> {
    let actions = scene.world.domain().actions();
    actions
        .list(actor, filter, &PageRequest::default())
        .await
        .unwrap()
}

async fn ids(scene: &Scene<'_>, actor: &Actor, filter: &ActionFilter) -> Vec<ActionId> {
    let page = page(scene, actor, filter).await;
    page.items.iter().map(|one| one.id).collect()
}

fn all() -> ActionFilter {
    ActionFilter::default()
}

both_engines! {
    async fn everybody_sees_what_is_asked_for_of_what_they_see(world: World) {
        let scene = Scene::of(&world).await;
        let other = Scene::of(&world).await;
        let beside = world.project(&scene.buyer).await;
        let resource = world.order(&scene.owner, &beside, &scene.offering).fulfilled().await;
        let beside_member = world.member(&beside).await;
        let (mine, theirs) = (scene.note("a").await, other.note("b").await);
        let actions = world.domain().actions();
        let note = wish("note", json!({ "text": "c" }));
        let third = actions.ask(&beside_member, resource, note, (&scene.plugins, None)).await.unwrap();
        let accountant = world.accountant(&scene.buyer).await;
        let reader = world.person(Role::ProjectReader, Scope::Project(scene.project.id)).await;
        let support = world.person(Role::Support, Scope::System).await;
        let seller = world.person(Role::OfferingManager, Scope::Offering(scene.offering.id)).await;
        for (who, expected) in [
            (&scene.member, vec![mine]),
            (&reader, vec![mine]),
            (&beside_member, vec![third]),
            (&scene.owner, vec![third, mine]),
            (&scene.provider.manager, vec![third, mine]),
            (&seller, vec![third, mine]),
            (&other.member, vec![theirs]),
            (&other.provider.manager, vec![theirs]),
            (&support, vec![third, theirs, mine]),
            (&accountant, vec![]),
            (&world.stranger().await, vec![]),
            (&by_token(&scene.owner, &[TokenScope::Order]), vec![]),
            (&by_token(&scene.owner, &[TokenScope::Read]), vec![third, mine]),
        ] {
            assert_eq!(ids(&scene, who, &all()).await, expected, "{}", who.name);
            for id in [mine, theirs, third] {
                assert_eq!(actions.one(who, id).await.is_ok(), expected.contains(&id), "{}", who.name);
                let narrow = ActionFilter { resource: Some(scene.row(id).await.resource_id), ..all() };
                let expected: Vec<_> = expected.iter().copied().filter(|one| *one == id).collect();
                assert_eq!(ids(&scene, who, &narrow).await, expected, "{}", who.name);
                let last = actions.last_of(who, scene.row(id).await.resource_id, 5).await.unwrap();
                assert_eq!(last.len(), expected.len());
            }
        }
    }

    async fn filters_narrow_what_is_seen(world: World) {
        let scene = Scene::of(&world).await;
        let hand = Scene::by_hand(&world).await;
        let seen = &world.person(Role::Support, Scope::System).await;
        let (done, failed, open) = (scene.note("a").await, scene.note("b").await, scene.note("c").await);
        scene.complete(done).await;
        scene.fail(failed, "no").await;
        let by_hand = hand.ask(&hand.member, "resize", json!({ "size": 7 })).await.unwrap();
        let states = |states: &[ActionState]| ActionFilter { states: states.to_vec(), ..all() };
        assert_eq!(ids(&scene, seen, &states(&[])).await, [by_hand, open, failed, done]);
        assert_eq!(ids(&scene, seen, &states(&[ActionState::Waiting])).await, [by_hand, open]);
        assert_eq!(ids(&scene, seen, &states(&[ActionState::Done, ActionState::Failed])).await, [failed, done]);
        assert_eq!(ids(&scene, seen, &states(&[ActionState::Withdrawn])).await, []);
        assert_eq!(ids(&scene, seen, &ActionFilter { by_hand: true, ..all() }).await, [by_hand]);
        let of = |scene: &Scene<'_>| ActionFilter { sold_by: Some(scene.provider.id), ..all() };
        assert_eq!(ids(&scene, &hand.provider.manager, &of(&hand)).await, [by_hand]);
        assert_eq!(ids(&scene, &hand.provider.manager, &of(&scene)).await, []);
        assert_eq!(ids(&scene, &world.staff().await, &of(&scene)).await, [open, failed, done]);
        for who in [seen, &hand.owner, &by_token(&hand.provider.manager, &[TokenScope::Read])] {
            assert_eq!(ids(&scene, who, &of(&hand)).await, [], "they do not look after it");
        }
        let both = ActionFilter { resource: Some(scene.resource), by_hand: true, ..all() };
        assert_eq!(ids(&scene, seen, &both).await, []);
    }

    async fn a_list_is_read_page_by_page(world: World) {
        let scene = Scene::of(&world).await;
        let mut expected = Vec::new();
        for _ in 0..7 {
            expected.insert(0, scene.note("x").await);
        }
        let actions = world.domain().actions();
        let (mut found, mut request, mut pages) = (Vec::new(), PageRequest::first(3), 0);
        loop {
            let page = actions.list(&scene.member, &all(), &request).await.unwrap();
            found.extend(page.items.iter().map(|one| one.id));
            pages += 1;
            if pages == 1 {
                // What comes meanwhile does not move the pages.
                scene.note("later").await;
            }
            let Some(next) = page.next else { break };
            request.cursor = Some(next);
        }
        assert_eq!((found, pages), (expected.clone(), 3));
        let last = actions.last_of(&scene.member, scene.resource, 2).await.unwrap();
        assert_eq!((last.len(), last[1].id), (2, expected[0]));
        for cursor in ["garbage", "WyJhIiwiYiJd", "WyIxIl0"] {
            let bad = PageRequest { cursor: Some(cursor.into()), ..PageRequest::default() };
            assert_eq!(code(actions.list(&scene.member, &all(), &bad).await), "invalid_input", "{cursor}");
        }
    }

    async fn what_is_read_costs_the_same_however_much_was_asked_for(world: World) {
        let scene = Scene::of(&world).await;
        scene.lists(&["7"]).await;
        let (operations, count) = counted(&world);
        let actions = operations.domain().actions();
        let mut costs = Vec::new();
        for _ in 0..2 {
            for _ in 0..9 {
                scene.note("x").await;
            }
            count.store(0, Ordering::Relaxed);
            let found = actions.list(&scene.member, &all(), &PageRequest::default()).await.unwrap().items.len();
            let listed = count.swap(0, Ordering::Relaxed);
            actions.of_resource(&scene.member, scene.resource, &scene.plugins).await.unwrap();
            costs.push((found, listed, count.load(Ordering::Relaxed)));
        }
        assert_eq!(costs, [(9, 1, 5), (18, 1, 5)]);
    }

    async fn what_the_system_asked_for_is_asked_for_by_the_portal(world: World) {
        let scene = Scene::of(&world).await;
        let id = scene.ask(&Actor::system(), "evacuate", json!({})).await.unwrap();
        let shown = scene.shown(id).await;
        assert_eq!((shown.asked_by.as_str(), scene.row(id).await.asked_by), ("Stoa", None));
    }
}
