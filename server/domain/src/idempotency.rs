//! The same request twice has one effect and the same answer: answers are kept under the key that the client chose, in the
//! transaction of their effect.
//!
//! Invariants: a key belongs to its user; the same key with another request is a clash, never a second effect; whatever
//! happens between an effect and its answer (the client hangs up, the process dies), either both are there or neither;
//! an answer is kept for a day.

use std::sync::Arc;

use chrono::TimeDelta;
use entity::idempotency_key::{ActiveModel, Column, Entity};
use model::{Kind, Problem, UserId};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
    QuerySelect,
};
use serde_json::Value as Json;

use crate::Domain;
use crate::access::Actor;
use crate::core::{Core, OuterTx};
use crate::crypto::sha256_hex;
use crate::error::{db_problem, is_lock_timeout};

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Housekeeping of kept answers.
#[derive(Clone)]
pub struct AnswerOperations {
    core: Core,
}

/// What is known of a key.
pub enum Begin {
    /// The first time: do it with [`Once::domain`], then [`Once::keep`] the answer.
    Fresh(Box<Once>),
    /// It was done: answer the same.
    Replay {
        /// Status of the first answer.
        status: i32,
        /// Body of the first answer.
        body: Json,
    },
}

/// A request that is answered for the first time under its key. Without [`Once::keep`] nothing of it has happened, and the
/// key is free.
#[must_use = "what is done under a key is undone unless its answer is kept"]
pub struct Once {
    domain: Domain,
    outer: OuterTx,
    user: UserId,
    key: String,
}

impl Once {
    /// The services by which the request is carried out: whatever they do is one transaction with the answer.
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// Keeps the answer and makes everything durable. Every copy of [`Once::domain`] must be gone: it is refused as a
    /// failure of the database otherwise, and undone.
    pub async fn keep(self, status: i32, body: Json) -> Result<(), IdempotencyError> {
        let Self {
            domain,
            outer,
            user,
            key,
        } = self;
        drop(domain);
        keep_of(&*outer, user, &key, status, body).await?;
        Ok(outer.commit().await?)
    }
}

impl Domain {
    /// Takes the key for a request with this fingerprint (a hash of method, path and body), or tells its answer. Who asks
    /// while the first request is under way waits for its end. Refused: a key that is no key, one that was used for
    /// another request, and one whose first request does not end.
    pub async fn begin_once(
        &self,
        actor: &Actor,
        key: &str,
        fingerprint: &str,
    ) -> Result<Begin, IdempotencyError> {
        let key = kept_as("rest", key)?;
        let (core, outer) = self.core.begin_outer().await?;
        match claim_in(&core, &outer, actor, &key, fingerprint).await? {
            Claim::Done { status, body } => Ok(Begin::Replay { status, body }),
            Claim::Mine => Ok(Begin::Fresh(Box::new(Once {
                // What is read within the transaction may never come to be, so nothing of it is held for others.
                domain: Self {
                    core,
                    cache: Arc::default(),
                },
                outer,
                user: actor.user_id,
                key,
            }))),
        }
    }
}

/// Why a request with a key is refused.
#[derive(Debug, thiserror::Error)]
pub enum IdempotencyError {
    /// The key was used for another request.
    #[error("the key was used for another request")]
    Clash,
    /// The first request with this key is still under way.
    #[error("the first request with this key has not ended")]
    UnderWay,
    /// The key is empty or longer than 200 characters, or has some that cannot be printed.
    #[error("a key has 1 to 200 characters")]
    BadKey,
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl IdempotencyError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Clash => Problem::plain(
                Kind::Conflict,
                "idempotency_key_reused",
                "This idempotency key was used for a different request. Choose a new key.",
            ),
            Self::UnderWay => Problem::plain(
                Kind::Conflict,
                "idempotency_under_way",
                "The first request with this idempotency key is still under way. Ask again in a moment.",
            ),
            Self::BadKey => Problem::plain(
                Kind::Invalid,
                "idempotency_key_invalid",
                "An idempotency key has 1 to 200 printable characters.",
            ),
            Self::Db(error) => db_problem(error),
        }
    }
}

impl AnswerOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    /// Removes answers that are older than a day; how many.
    pub async fn sweep(&self) -> Result<u64, IdempotencyError> {
        let _permit = self.core.write_permit().await;
        let over = Entity::delete_many().filter(Column::CreatedAt.lt(self.core.now() - KEPT));
        Ok(over.exec(self.core.read()).await?.rows_affected)
    }
}

/// What [`claim_in`] found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Claim {
    /// The key is the caller's; [`finish_in`] keeps the answer, in the same transaction if the effect is there too.
    Mine,
    /// It was done.
    Done { status: i32, body: Json },
}

/// Under what the key of a client is kept, apart from what it sent for something else. Refused is what is no key: 1 to 200
/// characters, none of which controls.
pub(crate) fn kept_as(what_for: &str, key: &str) -> Result<String, IdempotencyError> {
    if key.is_empty() || key.chars().count() > 200 || key.chars().any(char::is_control) {
        return Err(IdempotencyError::BadKey);
    }
    Ok(format!("{what_for}:{}", sha256_hex(key.as_bytes())))
}

/// Takes the key ([`kept_as`]) within the caller's transaction. A second transaction with the same key waits for the first
/// to end.
pub(crate) async fn claim_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    key: &str,
    fingerprint: &str,
) -> Result<Claim, IdempotencyError> {
    let row = ActiveModel {
        user_id: Set(actor.user_id),
        key: Set(key.to_owned()),
        fingerprint: Set(fingerprint.to_owned()),
        status: Set(None),
        response: Set(None),
        created_at: Set(core.now()),
    };
    let insert = Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned());
    let inserted = insert.exec_without_returning(tx).await;
    if inserted.map_err(waited)? == 1 {
        return Ok(Claim::Mine);
    }
    // Locked, so that of two who find a key without an answer, which an earlier version left, one takes it.
    let held = Entity::find().filter(of(actor.user_id, key)).lock_exclusive();
    let held = held.one(tx).await.map_err(waited)?;
    let held = held.ok_or(IdempotencyError::UnderWay)?;
    if held.fingerprint != fingerprint {
        return Err(IdempotencyError::Clash);
    }
    match (held.status, held.response) {
        (Some(status), Some(body)) => Ok(Claim::Done { status, body }),
        _ => Ok(Claim::Mine),
    }
}

/// Who waited in vain for the first request to end is told so.
fn waited(error: DbErr) -> IdempotencyError {
    if is_lock_timeout(&error) {
        IdempotencyError::UnderWay
    } else {
        IdempotencyError::Db(error)
    }
}

/// Keeps the answer under a key that the caller has claimed.
pub(crate) async fn finish_in<C: ConnectionTrait>(
    conn: &C,
    actor: &Actor,
    key: &str,
    status: i32,
    body: Json,
) -> Result<(), DbErr> {
    keep_of(conn, actor.user_id, key, status, body).await
}

async fn keep_of<C: ConnectionTrait>(
    conn: &C,
    user: UserId,
    key: &str,
    status: i32,
    body: Json,
) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(Some(status)))
        .col_expr(Column::Response, Expr::value(Some(body)))
        .filter(of(user, key))
        .exec(conn)
        .await?;
    Ok(())
}

fn of(user: UserId, key: &str) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(Column::UserId.eq(user))
        .add(Column::Key.eq(key))
}
