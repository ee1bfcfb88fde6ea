//! Keys as they are kept: claimed within a transaction, answered, and swept after a day.

use chrono::TimeDelta;
use entity::idempotency_key::{ActiveModel, Column, Entity};
use model::UserId;
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, PaginatorTrait,
    QueryFilter, QuerySelect,
};
use serde_json::Value as Json;

use super::error::IdempotencyError;
use crate::actor::Actor;
use crate::core::Core;
use crate::crypto::sha256_hex;
use crate::db_error::is_lock_timeout;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(1);

/// The most answers that are kept of one person.
pub const MOST_KEYS: u64 = 10_000;
/// The longest answer that is kept, in bytes of JSON.
pub const LONGEST_ANSWER: usize = 1_048_576;

/// The most characters of a key.
pub const LONGEST_KEY: usize = 200;
/// A key as a regular expression, for those who describe it: printable ASCII characters, with blanks inside only, because
/// HTTP cuts them off the ends of a header.
pub const KEY_PATTERN: &str = "^[!-~]([ -~]*[!-~])?$";

/// Housekeeping of kept answers.
#[derive(Clone)]
pub struct AnswerOperations {
    core: Core,
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

/// Whether the text is a key: the rule of [`KEY_PATTERN`] and [`LONGEST_KEY`].
fn is_key(text: &str) -> bool {
    let blank_at_end = text.starts_with(' ') || text.ends_with(' ');
    let fits = (1..=LONGEST_KEY).contains(&text.len());
    fits && !blank_at_end && text.bytes().all(|byte| matches!(byte, b' '..=b'~'))
}

/// What [`claim_in`] found.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Claim {
    /// The key is the caller's; [`finish_in`] keeps the answer, in the same transaction if the effect is there too.
    Mine,
    /// It was done.
    Done { status: i32, body: Json },
}

/// Under what the key of a client is kept, apart from what it sent for something else. Refused is what is no key: see
/// [`KEY_PATTERN`].
pub(crate) fn kept_as(what_for: &str, key: &str) -> Result<String, IdempotencyError> {
    if !is_key(key) {
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
        let kept = Entity::find()
            .filter(Column::UserId.eq(actor.user_id))
            .count(tx)
            .await?;
        if kept > MOST_KEYS {
            return Err(IdempotencyError::TooMany);
        }
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

/// The answer that is kept under the actor's key ([`kept_as`]), where there is one.
pub(crate) async fn answer_under(
    conn: &impl ConnectionTrait,
    actor: &Actor,
    key: &str,
) -> Result<Option<Json>, DbErr> {
    let held = Entity::find().filter(of(actor.user_id, key)).one(conn).await?;
    Ok(held.and_then(|held| held.response))
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

/// As [`finish_in`], for the user with this id.
pub(crate) async fn keep_of<C: ConnectionTrait>(
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
