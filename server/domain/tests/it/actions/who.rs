//! Who may ask for what: by role, by token, and no more once a role is gone.

use domain::Actor;
use model::{Role, Scope, TokenScope};
use serde_json::json;
use testkit::{World, both_engines};

use super::scene::{Scene, by_token, code};

/// An action for each audience, all of which go beside others, and its input.
fn one_of_each() -> [(&'static str, serde_json::Value); 3] {
    [
        ("note", json!({ "text": "x" })),
        ("pin", json!({})),
        ("evacuate", json!({})),
    ]
}

/// What becomes of asking for an action of users, of managers, of the provider; and what the page offers of them.
async fn asks(scene: &Scene<'_>, actor: &Actor) -> [String; 3] {
    let mut answers = [String::new(), String::new(), String::new()];
    for (answer, (key, input)) in answers.iter_mut().zip(one_of_each()) {
        let asked = scene.ask(actor, key, input).await;
        if let Ok(id) = asked {
            scene.fail(id, "over").await;
        }
        *answer = code(asked);
    }
    let actions = scene.world.domain().actions();
    match actions.of_resource(actor, scene.resource, &scene.plugins).await {
        Ok(page) => {
            for (answer, (key, _)) in answers.iter().zip(one_of_each()) {
                let offered = page.actions.iter().any(|one| one.action.key == key);
                assert_eq!(
                    offered,
                    answer == "done",
                    "what a page offers can be asked for: {key}"
                );
            }
        }
        Err(refused) => {
            let refused = refused.problem().code;
            assert!(
                answers.iter().all(|answer| *answer == refused),
                "{refused} {answers:?}"
            );
        }
    }
    answers
}

both_engines! {
    async fn who_may_ask_is_said_by_the_role_and_by_whom_the_action_is_for(world: World) {
        let scene = Scene::of(&world).await;
        let on_organization = Scope::Organization(scene.buyer.id);
        let on_project = Scope::Project(scene.project.id);
        let on_provider = Scope::Provider(scene.provider.id);
        let on_offering = Scope::Offering(scene.offering.id);
        let yes = "done";
        let no = "forbidden";
        for (role, scope, expected) in [
            (Role::OrganizationOwner, on_organization, [yes, yes, no]),
            (Role::OrganizationManager, on_organization, [yes, yes, no]),
            (Role::BillingReader, on_organization, [no, no, no]),
            (Role::ProjectAdmin, on_project, [yes, yes, no]),
            (Role::ProjectManager, on_project, [yes, yes, no]),
            (Role::ProjectMember, on_project, [yes, no, no]),
            (Role::ProjectReader, on_project, [no, no, no]),
            (Role::ProviderManager, on_provider, [yes, yes, yes]),
            (Role::OfferingManager, on_offering, [yes, yes, yes]),
            (Role::OrganizationOwner, Scope::Organization(scene.provider.id), [yes, yes, yes]),
            (Role::OrganizationManager, Scope::Organization(scene.provider.id), [no, no, no]),
            (Role::Staff, Scope::System, [yes, yes, yes]),
            (Role::Support, Scope::System, [no, no, no]),
        ] {
            let somebody = world.person(role, scope).await;
            assert_eq!(asks(&scene, &somebody).await, expected, "{role}");
        }
    }

    async fn for_others_there_is_no_such_resource(world: World) {
        let scene = Scene::of(&world).await;
        let beside = world.project(&scene.buyer).await;
        let other = world.provider().await;
        let others_offering = world.offering(&scene.provider).await;
        let actions = world.domain().actions();
        let asked = scene.note("theirs").await;
        for outsider in [
            world.stranger().await,
            world.buyer().await.owner,
            world.member(&beside).await,
            other.manager.clone(),
            world.person(Role::OfferingManager, Scope::Offering(others_offering.id)).await,
        ] {
            let expected = "resource_not_found";
            assert_eq!(asks(&scene, &outsider).await, [expected; 3], "{}", outsider.name);
            assert_eq!(code(actions.list_parts(&outsider, scene.resource, &scene.plugins).await), expected);
            for answer in [
                actions.one(&outsider, asked).await.map(drop),
                actions.withdraw(&outsider, asked).await,
                actions.finish(&outsider, asked, ("", &[])).await,
                actions.refuse(&outsider, asked, "no").await,
            ] {
                assert_eq!(code(answer), "action_not_found");
            }
        }
        let nowhere = model::ResourceId(uuid::Uuid::nil());
        let answer = actions.of_resource(&scene.owner, nowhere, &scene.plugins).await;
        assert_eq!(code(answer), "resource_not_found");
        assert_eq!(code(actions.list_parts(&scene.owner, nowhere, &scene.plugins).await), "resource_not_found");
        let none = model::ActionId(uuid::Uuid::nil());
        assert_eq!(code(actions.one(&scene.owner, none).await), "action_not_found");
        assert_eq!(code(actions.withdraw(&scene.owner, none).await), "action_not_found");
        assert_eq!(scene.row(asked).await.state, model::ActionState::Waiting);
    }

    async fn a_token_asks_with_the_scope_for_it_and_needs_no_other(world: World) {
        use TokenScope::{Approve, Operate, Order, Provide, Read};
        let scene = Scene::of(&world).await;
        let actions = world.domain().actions();
        let note = async |actor: &Actor| scene.ask(actor, "note", json!({ "text": "x" })).await;
        for scopes in [&[][..], &[Read], &[Read, Approve, Provide, Operate]] {
            let narrow = by_token(&scene.owner, scopes);
            assert_eq!(code(note(&narrow).await), "token_scope_missing", "{scopes:?}");
            assert_eq!(code(scene.ask(&narrow, "pin", json!({})).await), "token_scope_missing", "{scopes:?}");
            assert_eq!(code(actions.list_parts(&narrow, scene.resource, &scene.plugins).await), "token_scope_missing");
        }
        let narrow = by_token(&scene.owner, &[Order]);
        let asked = note(&narrow).await.unwrap();
        assert_eq!(code(scene.ask(&narrow, "pin", json!({})).await), "done");
        assert_eq!(code(actions.list_parts(&narrow, scene.resource, &scene.plugins).await), "done");
        assert_eq!(code(actions.one(&narrow, asked).await), "token_scope_missing", "it does not read");
        assert_eq!(code(actions.of_resource(&narrow, scene.resource, &scene.plugins).await), "token_scope_missing");
        let reading = by_token(&scene.owner, &[Read]);
        assert!(!actions.one(&reading, asked).await.unwrap().can_withdraw);
        assert_eq!(code(actions.withdraw(&reading, asked).await), "token_scope_missing");
        assert_eq!(actions.withdraw(&narrow, asked).await.map_err(|refused| refused.problem()), Ok(()));

        let seller = &scene.provider.manager;
        for key in ["evacuate", "pin"] {
            assert_eq!(code(scene.ask(&by_token(seller, &[Provide]), key, json!({})).await), "done");
            let refused = scene.ask(&by_token(seller, &[Read, Order]), key, json!({})).await.unwrap_err().problem();
            assert_eq!(refused.code, "token_scope_missing", "the role would do");
            assert!(refused.detail.contains("provide"), "{}", refused.detail);
        }
        assert_eq!(code(note(&by_token(&world.stranger().await, &[Read, Order])).await), "resource_not_found");
    }

    async fn a_role_that_is_gone_asks_for_nothing_and_takes_nothing_back(world: World) {
        let scene = Scene::of(&world).await;
        let asked = scene.note("before").await;
        let access = world.domain().access();
        let held = access.members(&scene.owner, Scope::Project(scene.project.id)).await.unwrap();
        let grant = held.iter().find(|one| one.user_id == scene.member.user_id).unwrap().grant_id;
        access.revoke(&scene.owner, grant, "left").await.unwrap();
        let gone = world.actor(scene.member.user_id).await;
        assert_eq!(asks(&scene, &gone).await, ["resource_not_found"; 3]);
        let actions = world.domain().actions();
        assert_eq!(code(actions.withdraw(&gone, asked).await), "action_not_found");
        let left = actions.one(&scene.owner, asked).await.unwrap();
        assert_eq!(left.asked_by, scene.member.name, "what was asked for goes on under the name");
        let reader = world.grant(scene.member.user_id, Role::ProjectReader, Scope::Project(scene.project.id)).await;
        assert_eq!(code(actions.one(&reader, asked).await), "done");
        assert_eq!(code(actions.withdraw(&reader, asked).await), "forbidden");
        assert_eq!(code(actions.withdraw(&scene.owner, asked).await), "done", "others of the project may");
    }

    async fn the_provider_takes_back_what_a_member_asked_for_and_a_member_not_what_the_provider_did(world: World) {
        let scene = Scene::of(&world).await;
        let actions = world.domain().actions();
        let (theirs, ours) = (scene.note("x").await, scene.ask(&scene.provider.manager, "evacuate", json!({})).await.unwrap());
        assert!(!actions.one(&scene.owner, ours).await.unwrap().can_withdraw);
        assert_eq!(code(actions.withdraw(&scene.owner, ours).await), "forbidden");
        assert!(actions.one(&scene.provider.manager, theirs).await.unwrap().can_withdraw);
        assert_eq!(code(actions.withdraw(&scene.provider.manager, theirs).await), "done");
    }
}
