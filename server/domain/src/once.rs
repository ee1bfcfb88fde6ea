//! A request under a key: all that the services do for it is one transaction with its answer.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::role_grant;
use model::{Role, Scope, UserId};
use sea_orm::{ConnectionTrait, DbErr};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use crate::Domain;
use crate::actor::{Actor, Grant};
use crate::core::OuterTx;
use crate::idempotency::keys::{Claim, claim_in, keep_of, kept_as};
use crate::idempotency::{IdempotencyError, LONGEST_ANSWER};

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
    /// failure of the database otherwise, and undone. So is what has an answer longer than [`LONGEST_ANSWER`].
    pub async fn keep(self, status: i32, body: Json) -> Result<(), IdempotencyError> {
        let Self {
            domain,
            outer,
            user,
            key,
        } = self;
        let now = domain.core.now();
        drop(domain);
        if body.to_string().len() > LONGEST_ANSWER {
            return Err(IdempotencyError::AnswerTooLong);
        }
        let kept = KeptAnswer {
            roles: roles_of(&*outer, user, now).await?,
            answer: body,
        };
        let kept = serde_json::to_value(kept).map_err(|fault| DbErr::Json(fault.to_string()))?;
        keep_of(&*outer, user, &key, status, kept).await?;
        Ok(outer.commit().await?)
    }
}

/// An answer, with the roles that the person had when it was given. Whoever has lost one since may not be shown what the answer
/// tells: which role that was cannot be seen from an answer, so it is kept back after the loss of any.
#[derive(Serialize, Deserialize)]
struct KeptAnswer {
    roles: Vec<(Role, Scope)>,
    answer: Json,
}

impl KeptAnswer {
    /// The answer, for somebody who still has all roles.
    fn shown_to(self, actor: &Actor) -> Result<Json, IdempotencyError> {
        let holds = |(role, scope): &(Role, Scope)| {
            let grant = Grant {
                role: *role,
                scope: *scope,
            };
            actor.grants.contains(&grant)
        };
        if self.roles.iter().all(holds) {
            Ok(self.answer)
        } else {
            Err(IdempotencyError::Withheld)
        }
    }
}

/// The roles in force at the end of the request: what it gave or took itself is no loss.
async fn roles_of(
    conn: &impl ConnectionTrait,
    user: UserId,
    now: DateTime<Utc>,
) -> Result<Vec<(Role, Scope)>, DbErr> {
    let rows = role_grant::Entity::find_of_user(user, now).all(conn).await?;
    rows.iter().map(|row| Ok((row.role, row.scope()?))).collect()
}

/// The scopes of the actor's token, in their order.
fn scopes_of(actor: &Actor) -> String {
    let mut scopes = actor.token_scopes.clone().unwrap_or_default();
    scopes.sort_unstable();
    scopes
        .iter()
        .fold(String::new(), |names, scope| names + "." + scope.as_str())
}

impl Domain {
    /// Takes the key for a request with this fingerprint (a hash of method, path, query, body and the version that is changed), or tells its answer. Who asks
    /// while the first request is under way waits for its end. Refused: a key that is no key, one that was used for
    /// another request, one whose first request does not end, more keys than [`crate::idempotency::MOST_KEYS`], and the answer to
    /// somebody who has lost a role since it was given. Tokens with different scopes have keys of their own: none reads an
    /// answer that only another one could have got.
    pub async fn begin_once(
        &self,
        actor: &Actor,
        key: &str,
        fingerprint: &str,
    ) -> Result<Begin, IdempotencyError> {
        let key = kept_as(&format!("rest{}", scopes_of(actor)), key)?;
        let (core, outer) = self.core.begin_outer().await?;
        match claim_in(&core, &outer, actor, &key, fingerprint).await? {
            Claim::Done { status, body } => {
                let body = match serde_json::from_value::<KeptAnswer>(body.clone()) {
                    Ok(kept) => kept.shown_to(actor)?,
                    // Of an earlier release, for a day at most.
                    Err(_) => body,
                };
                Ok(Begin::Replay { status, body })
            }
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
