//! The key that stored secrets are sealed with: the wrong one, another one, and what is sealed for another place.

use std::sync::Arc;

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use domain::crypto::SealedIn;
use domain::installation::SecretKeyError;
use domain::{Cipher, Operations};
use entity::{installation, offering, order, resource};
use model::{Field, FieldKind, OfferingId, OrderId, ResourceId, Schema};
use sea_orm::{ActiveModelTrait, ActiveValue::Set, ActiveValue::Unchanged, EntityTrait, IntoActiveModel};
use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use testkit::{World, both_engines};

/// The key of every world.
const FIRST: &str = "the secret of a test";
const SECOND: &str = "another secret of a test";

fn with(world: &World, cipher: Cipher) -> Operations {
    Operations::new(world.db().clone(), Arc::new(world.clock().clone()), cipher)
}

/// A sealed secret of each kind: settings of an offering, answers of an order, and the same of the resource that it made.
struct Sealed {
    offering: OfferingId,
    order: OrderId,
    resource: ResourceId,
    answers: Json,
}

async fn sealed(world: &World, token: &str) -> Sealed {
    let (provider, buyer) = (world.provider().await, world.buyer().await);
    let (offering, project) = (world.offering(&provider).await, world.project(&buyer).await);
    let form = Schema::new(vec![Field::new("token", "Token", FieldKind::Secret).required()]);
    let place = SealedIn::of_offering(offering.id.0);
    let row = offering::ActiveModel {
        id: Unchanged(offering.id),
        request_form: Set(serde_json::to_value(form).unwrap()),
        settings_secret: Set(Some(
            Cipher::new(FIRST).seal(b"{\"password\":\"p\"}", place).unwrap(),
        )),
        ..Default::default()
    };
    row.update(world.db()).await.unwrap();
    let answers = json!({ "token": token });
    let order = world
        .order(&buyer.owner, &project, &offering)
        .answers(answers.clone())
        .await;
    let row = order::Entity::find_by_id(order)
        .one(world.db())
        .await
        .unwrap()
        .unwrap();
    world.leaves_jobs();
    Sealed {
        offering: offering.id,
        order,
        resource: row.resource_id.unwrap(),
        answers,
    }
}

async fn resource_row(world: &World, id: ResourceId) -> resource::Model {
    resource::Entity::find_by_id(id)
        .one(world.db())
        .await
        .unwrap()
        .unwrap()
}

async fn set_secrets(world: &World, id: ResourceId, secrets: Vec<u8>) {
    let mut row = resource_row(world, id).await.into_active_model();
    row.secrets = Set(Some(secrets));
    row.update(world.db()).await.unwrap();
}

/// What the backend is sent of the order's answers.
async fn opened(operations: &Operations, of: &Sealed) -> Option<Json> {
    let work = operations.ordering().work_of(of.order).await.ok()??;
    Some(work.work.attributes)
}

/// As versions did that bound nothing to its place.
fn sealed_before(key: &str, plain: &[u8]) -> Vec<u8> {
    let nonce = [7; 24];
    let cipher = XChaCha20Poly1305::new(&Sha256::digest(key.as_bytes()));
    let text = cipher.encrypt(&XNonce::from(nonce), plain).unwrap();
    [nonce.as_slice(), &text].concat()
}

both_engines! {
    async fn a_key_that_does_not_fit_the_database_is_refused(world: World) {
        let first = with(&world, Cipher::new(FIRST));
        first.check_secret_key().await.unwrap();
        first.check_secret_key().await.unwrap();
        let refused = with(&world, Cipher::new(SECOND)).check_secret_key().await.unwrap_err();
        assert!(matches!(refused, SecretKeyError::Other(_)), "{refused:?}");
    }

    async fn a_database_from_before_keys_were_checked_knows_its_key_by_what_is_sealed(world: World) {
        sealed(&world, "t").await;
        assert!(with(&world, Cipher::new(SECOND)).check_secret_key().await.is_err());
        with(&world, Cipher::new(FIRST)).check_secret_key().await.unwrap();
    }

    async fn secrets_are_sealed_anew_with_another_key_and_open_meanwhile(world: World) {
        let first = with(&world, Cipher::new(FIRST));
        first.check_secret_key().await.unwrap();
        let stored = sealed(&world, "very-secret-9").await;
        let both = with(&world, Cipher::new(SECOND).after(FIRST));
        both.check_secret_key().await.unwrap();
        assert_eq!(opened(&both, &stored).await.as_ref(), Some(&stored.answers), "before");
        assert_eq!(both.rotate_secret_key().await.unwrap(), 3);
        assert_eq!(both.rotate_secret_key().await.unwrap(), 0, "nothing is left");
        let second = with(&world, Cipher::new(SECOND));
        second.check_secret_key().await.unwrap();
        assert_eq!(opened(&second, &stored).await.as_ref(), Some(&stored.answers), "after");
        assert_eq!(second.secret_key_id(), both.secret_key_id());
        assert_ne!(second.secret_key_id(), first.secret_key_id());
        assert!(first.check_secret_key().await.is_err(), "the first key is over");
        assert_eq!(opened(&first, &stored).await, None);
        let row = order::Entity::find_by_id(stored.order).one(world.db()).await.unwrap().unwrap();
        let (of_order, cipher) = (row.secrets.unwrap(), Cipher::new(SECOND));
        cipher.open(&of_order, SealedIn::of_order(stored.order.0)).unwrap();
        let row = offering::Entity::find_by_id(stored.offering).one(world.db()).await.unwrap().unwrap();
        cipher.open(&row.settings_secret.unwrap(), SealedIn::of_offering(stored.offering.0)).unwrap();
    }

    async fn without_the_key_before_nothing_is_sealed_anew(world: World) {
        let first = with(&world, Cipher::new(FIRST));
        first.check_secret_key().await.unwrap();
        let stored = sealed(&world, "t").await;
        let refused = with(&world, Cipher::new(SECOND)).rotate_secret_key().await.unwrap_err();
        assert!(matches!(refused, SecretKeyError::Other(_)), "{refused:?}");
        first.check_secret_key().await.unwrap();
        assert_eq!(opened(&first, &stored).await, Some(stored.answers));
    }

    async fn what_is_put_into_another_row_does_not_open(world: World) {
        let first = with(&world, Cipher::new(FIRST));
        let (one, other) = (sealed(&world, "one").await, sealed(&world, "other").await);
        let own = resource_row(&world, one.resource).await.secrets.unwrap();
        let foreign = resource_row(&world, other.resource).await.secrets.unwrap();
        set_secrets(&world, one.resource, foreign).await;
        assert_eq!(opened(&first, &one).await, None, "of another resource");
        let row = order::Entity::find_by_id(one.order).one(world.db()).await.unwrap().unwrap();
        set_secrets(&world, one.resource, row.secrets.unwrap()).await;
        assert_eq!(opened(&first, &one).await, None, "of an order");
        set_secrets(&world, one.resource, own).await;
        assert_eq!(opened(&first, &one).await, Some(one.answers));
    }

    async fn what_an_earlier_version_sealed_is_bound_to_its_place_at_the_start(world: World) {
        let stored = sealed(&world, "t").await;
        let before = sealed_before(FIRST, stored.answers.to_string().as_bytes());
        set_secrets(&world, stored.resource, before).await;
        let check = installation::ActiveModel {
            name: Set("secret_key_check".into()),
            value: Set(sealed_before(FIRST, b"Stoa")),
        };
        installation::Entity::insert(check).exec_without_returning(world.db()).await.unwrap();
        let first = with(&world, Cipher::new(FIRST));
        assert_eq!(opened(&first, &stored).await, None, "it is not bound yet");
        assert!(with(&world, Cipher::new(SECOND)).check_secret_key().await.is_err());
        first.check_secret_key().await.unwrap();
        assert_eq!(opened(&first, &stored).await, Some(stored.answers));
        assert_eq!(first.rotate_secret_key().await.unwrap(), 0, "all is bound");
    }
}
