//! The same request twice has one effect and the same answer: answers are kept under the key that the client chose.
//!
//! Invariants: a key belongs to its user; the same key with another request is a clash, never a second effect; an answer
//! is kept for a day. A request that died without an answer frees its key after a minute.

use chrono::{DateTime, TimeDelta, Utc};
use entity::idempotency_key::{ActiveModel, Column, Entity, Model};
use model::{Kind, Problem};
use sea_orm::sea_query::{Expr, OnConflict};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter,
};
use serde_json::Value as Json;

use crate::access::Actor;
use crate::core::Core;
use crate::error::db_problem;

/// How long an answer is kept.
const KEPT: TimeDelta = TimeDelta::days(1);
/// After this time a request without an answer counts as dead.
const DEAD_AFTER: TimeDelta = TimeDelta::minutes(1);

/// The service of kept answers.
#[derive(Clone)]
pub struct Idempotency {
    core: Core,
}

/// Housekeeping of kept answers.
#[derive(Clone)]
pub struct AnswerOperations {
    core: Core,
}

/// What is known of a key.
#[derive(Debug, Clone, PartialEq)]
pub enum Begin {
    /// The first time: do it, then call [`Idempotency::finish`] or [`Idempotency::abandon`].
    Fresh,
    /// It was done: answer the same.
    Replay {
        /// Status of the first answer.
        status: i32,
        /// Body of the first answer.
        body: Json,
    },
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
    /// The key is empty or longer than 200 characters.
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

impl Idempotency {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    /// Takes the key for a request with this fingerprint (a hash of method, path and body), or tells its answer.
    pub async fn begin(
        &self,
        actor: &Actor,
        key: &str,
        fingerprint: &str,
    ) -> Result<Begin, IdempotencyError> {
        let tx = self.core.write_tx().await?;
        let begin = match claim_in(&self.core, &tx, actor, key, fingerprint).await? {
            Claim::Mine => Begin::Fresh,
            Claim::Done { status, body } => Begin::Replay { status, body },
        };
        tx.commit().await?;
        Ok(begin)
    }

    /// Keeps the answer.
    pub async fn finish(
        &self,
        actor: &Actor,
        key: &str,
        status: i32,
        body: Json,
    ) -> Result<(), IdempotencyError> {
        let tx = self.core.write_tx().await?;
        finish_in(&*tx, actor, key, status, body).await?;
        tx.commit().await?;
        Ok(())
    }

    /// Frees the key, because the request failed in a way that may be tried again.
    pub async fn abandon(&self, actor: &Actor, key: &str) -> Result<(), IdempotencyError> {
        let _gate = self.core.pass_gate().await;
        let open = Entity::delete_many()
            .filter(of(actor, key))
            .filter(Column::Status.is_null());
        open.exec(self.core.read()).await?;
        Ok(())
    }
}

impl AnswerOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }

    /// Removes answers that are older than a day; how many.
    pub async fn sweep(&self) -> Result<u64, IdempotencyError> {
        let _gate = self.core.pass_gate().await;
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

/// Takes the key within the caller's transaction. A second transaction with the same key waits for the first to end.
/// Services prefix their keys (`order:`), so that they never meet those of the REST door.
pub(crate) async fn claim_in(
    core: &Core,
    tx: &DatabaseTransaction,
    actor: &Actor,
    key: &str,
    fingerprint: &str,
) -> Result<Claim, IdempotencyError> {
    if key.is_empty() || key.len() > 200 || key.chars().any(char::is_control) {
        return Err(IdempotencyError::BadKey);
    }
    let now = core.now();
    let row = ActiveModel {
        user_id: Set(actor.user_id),
        key: Set(key.to_owned()),
        fingerprint: Set(fingerprint.to_owned()),
        status: Set(None),
        response: Set(None),
        created_at: Set(now),
    };
    let insert = Entity::insert(row).on_conflict(OnConflict::new().do_nothing().to_owned());
    if insert.exec_without_returning(tx).await? == 1 {
        return Ok(Claim::Mine);
    }
    let Some(held) = Entity::find().filter(of(actor, key)).one(tx).await? else {
        return Err(IdempotencyError::UnderWay);
    };
    answer(tx, actor, held, fingerprint, now).await
}

async fn answer(
    tx: &DatabaseTransaction,
    actor: &Actor,
    held: Model,
    fingerprint: &str,
    now: DateTime<Utc>,
) -> Result<Claim, IdempotencyError> {
    if held.fingerprint != fingerprint {
        return Err(IdempotencyError::Clash);
    }
    if let (Some(status), Some(body)) = (held.status, held.response) {
        return Ok(Claim::Done { status, body });
    }
    // Two heirs of a dead request: the condition on the old time lets only one of them take over.
    let inherit = Entity::update_many()
        .col_expr(Column::CreatedAt, Expr::value(now))
        .filter(of(actor, &held.key))
        .filter(Column::CreatedAt.eq(held.created_at))
        .filter(Column::CreatedAt.lt(now - DEAD_AFTER));
    if inherit.exec(tx).await?.rows_affected == 1 {
        Ok(Claim::Mine)
    } else {
        Err(IdempotencyError::UnderWay)
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
    Entity::update_many()
        .col_expr(Column::Status, Expr::value(Some(status)))
        .col_expr(Column::Response, Expr::value(Some(body)))
        .filter(of(actor, key))
        .exec(conn)
        .await?;
    Ok(())
}

fn of(actor: &Actor, key: &str) -> sea_orm::Condition {
    sea_orm::Condition::all()
        .add(Column::UserId.eq(actor.user_id))
        .add(Column::Key.eq(key))
}
