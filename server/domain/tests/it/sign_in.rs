//! What lets somebody in, and for how long.

use chrono::TimeDelta;
use domain::access::AccountsError;
use domain::access::accounts::Origin;
use domain::{Actor, Clock};
use model::TokenScope;
use testkit::{World, both_engines};

const PASSWORD: &str = "correct horse battery staple";

fn strangers() -> Origin {
    Origin {
        address: "192.0.2.1".into(),
        device: String::new(),
    }
}

async fn with_password(world: &World, password: &str) -> Actor {
    let person = world.stranger().await;
    let accounts = world.operations().accounts();
    accounts.set_password(person.user_id, password).await.unwrap();
    person
}

/// Who has just typed the password.
fn freshly(world: &World, actor: &Actor) -> Actor {
    Actor {
        password_typed_at: Some(world.clock().now()),
        ..actor.clone()
    }
}

fn faults(error: &AccountsError) -> Vec<String> {
    let fields = error.problem().fields.into_iter();
    fields
        .map(|fault| format!("{} {}", fault.path, fault.code))
        .collect()
}

both_engines! {
    async fn a_person_has_50_tokens_in_force_at_most(world: World) {
        let (buyer, accounts) = (world.buyer().await, world.domain().accounts());
        let owner = freshly(&world, &buyer.owner);
        let make = async |owner: &Actor, days: i64| {
            let end = world.clock().now() + TimeDelta::days(days);
            accounts.create_token(owner, "ci", &[TokenScope::Read], end).await
        };
        let (first, _) = make(&owner, 1).await.unwrap();
        for _ in 0..49 {
            make(&owner, 30).await.unwrap();
        }
        assert_eq!(faults(&make(&owner, 30).await.unwrap_err()), ["name too_many"]);
        accounts.revoke_token(&owner, first.id).await.unwrap();
        make(&owner, 1).await.unwrap();
        assert_eq!(faults(&make(&owner, 30).await.unwrap_err()), ["name too_many"]);
        make(&freshly(&world, &world.buyer().await.owner), 30).await.unwrap();
        world.clock().advance(TimeDelta::days(2));
        let owner = freshly(&world, &owner);
        make(&owner, 30).await.unwrap();
        assert_eq!(faults(&make(&owner, 30).await.unwrap_err()), ["name too_many"], "one is over");
    }

    async fn a_browser_is_known_for_a_year_and_is_a_strangers_after_it(world: World) {
        let person = with_password(&world, PASSWORD).await;
        let accounts = world.domain().accounts();
        let known = accounts.authenticate(&person.email, PASSWORD, &strangers()).await.unwrap().device;
        let own = Origin { device: known, ..strangers() };
        let strangers_wait = async || {
            for _ in 0..6 {
                accounts.authenticate(&person.email, "wrong password", &strangers()).await.unwrap_err();
            }
        };
        world.clock().advance(TimeDelta::days(364));
        strangers_wait().await;
        accounts.authenticate(&person.email, PASSWORD, &own).await.unwrap();
        world.clock().advance(TimeDelta::days(2));
        strangers_wait().await;
        let late = accounts.authenticate(&person.email, PASSWORD, &own).await.unwrap_err();
        assert!(matches!(late, AccountsError::Throttled { .. }), "it waits as strangers do: {late:?}");
    }

    async fn a_long_password_counts_to_its_last_character(world: World) {
        let accounts = world.domain().accounts();
        for length in [64, 65, 128, 256] {
            let password: String = "vihmane teisipäev tuletornis ".chars().cycle().take(length - 1).chain(['!']).collect();
            let person = with_password(&world, &password).await;
            accounts.authenticate(&person.email, &password, &strangers()).await.unwrap();
            let other = password.replace('!', "?");
            let refused = accounts.authenticate(&person.email, &other, &strangers()).await.unwrap_err();
            assert!(matches!(refused, AccountsError::Rejected), "{length}: {refused:?}");
        }
    }
}
