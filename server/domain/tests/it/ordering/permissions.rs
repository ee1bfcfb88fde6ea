//! Who may do what with an order: every role against every verb, reviewed like code.

use std::fmt::Write as _;

use domain::Actor;
use domain::ordering::{Fulfilment, OrderingError};
use model::{Kind, OrderId, Role, Scope};
use testkit::{World, both_engines};

use super::scene::Scene;

const VERBS: [&str; 10] = [
    "see",
    "place",
    "approve (buyer)",
    "approve (provider)",
    "reject",
    "withdraw",
    "try again",
    "fulfil",
    "terminate",
    "follow",
];

async fn cast(scene: &Scene<'_>) -> Vec<(&'static str, Actor)> {
    let world = scene.world;
    let (buyer, seller) = (
        Scope::Organization(scene.buyer.id),
        Scope::Organization(scene.provider.id),
    );
    let project = Scope::Project(scene.project.id);
    let offering = Scope::Offering(scene.offering.id);
    let elsewhere = world.project(&scene.buyer).await;
    let mut cast = Vec::new();
    for (name, role, scope) in [
        ("buyer's owner", Role::OrganizationOwner, buyer),
        ("buyer's manager", Role::OrganizationManager, buyer),
        ("buyer's accountant", Role::BillingReader, buyer),
        ("project administrator", Role::ProjectAdmin, project),
        ("project manager", Role::ProjectManager, project),
        ("project member", Role::ProjectMember, project),
        ("project reader", Role::ProjectReader, project),
        (
            "member elsewhere",
            Role::ProjectMember,
            Scope::Project(elsewhere.id),
        ),
        ("seller's owner", Role::OrganizationOwner, seller),
        (
            "provider manager",
            Role::ProviderManager,
            Scope::Provider(scene.provider.id),
        ),
        ("offering manager", Role::OfferingManager, offering),
        ("staff", Role::Staff, Scope::System),
        ("support", Role::Support, Scope::System),
    ] {
        cast.push((name, world.person(role, scope).await));
    }
    cast.push(("stranger", world.stranger().await));
    cast
}

/// A fresh order in the state in which `verb` is possible.
async fn order_for(scene: &Scene<'_>, verb: &str) -> OrderId {
    let ordering = scene.world.domain().ordering();
    match verb {
        "approve (provider)" => {
            scene.ask_provider().await;
            let id = scene.place(&scene.member).await;
            ordering.approve(&scene.owner, id, "").await.unwrap();
            scene
                .set_offering(|row| row.provider_approval = sea_orm::Set(false))
                .await;
            id
        }
        "try again" => {
            let id = scene.place(&scene.owner).await;
            scene
                .world
                .operations()
                .ordering()
                .fail(id, "Down.")
                .await
                .unwrap();
            id
        }
        "fulfil" => {
            let id = scene.place(&scene.owner).await;
            scene
                .world
                .operations()
                .ordering()
                .wait_for_provider(id, "")
                .await
                .unwrap();
            id
        }
        _ => scene.place(&scene.member).await,
    }
}

async fn attempt(scene: &Scene<'_>, actor: &Actor, verb: &str) -> Result<(), OrderingError> {
    let ordering = scene.world.domain().ordering();
    match verb {
        "place" => return ordering.place_create(actor, scene.draft(), None).await.map(drop),
        "terminate" => {
            let resource = scene.resource().await;
            return ordering
                .place_terminate(actor, resource, "", None)
                .await
                .map(drop);
        }
        _ => {}
    }
    let id = order_for(scene, verb).await;
    match verb {
        "see" => ordering.order(actor, id).await.map(drop),
        "follow" => ordering.progress_of(actor, id).await.map(drop),
        "reject" => ordering.reject(actor, id, "No.").await,
        "withdraw" => ordering.cancel(actor, id, "").await,
        "try again" => ordering.retry(actor, id).await,
        "fulfil" => {
            let done = Fulfilment {
                backend_id: "b".into(),
                ..Fulfilment::default()
            };
            ordering.fulfil(actor, id, done).await
        }
        _ => ordering.approve(actor, id, "").await.map(drop),
    }
}

both_engines! {
    async fn every_role_against_every_verb(world: World) {
        let scene = Scene::of(&world).await;
        let cast = cast(&scene).await;
        let mut table = String::new();
        for verb in VERBS {
            writeln!(table, "{verb}").unwrap();
            for (name, actor) in &cast {
                let word = match attempt(&scene, actor, verb).await.map_err(|error| error.kind()) {
                    Ok(()) => "allowed",
                    Err(Kind::Forbidden) => "forbidden",
                    Err(Kind::NotFound) => "not found",
                    Err(Kind::Conflict) => "not their turn",
                    Err(other) => panic!("{name} {verb}: {other:?}"),
                };
                writeln!(table, "    {name:<22} {word}").unwrap();
            }
        }
        insta::assert_snapshot!("who_may_do_what_with_an_order", table);
        world.leaves_jobs();
    }
}
