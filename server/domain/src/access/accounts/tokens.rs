//! Personal access tokens: less than their owner may do, for a bounded time.

use chrono::{DateTime, TimeDelta, Utc};
use entity::api_token::{ActiveModel, Column, Entity, Model, Relation};
use entity::role_grant::{self, ScopeKind};
use entity::{deputy, json, user};
use model::{EventKind, LONGEST_TOKEN_DAYS, Role, TokenId, TokenScope, TokenSummary, UserId};
use sea_orm::sea_query::{Expr, ExprTrait};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait,
    FromQueryResult, JoinType, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    RelationTrait,
};
use serde_json::json;

use super::security_events::record_in;
use super::{AccountOperations, Accounts, AccountsError};
use crate::access::{AccessError, Actor, Grant, check_scope};
use crate::actor::stored_zone;
use crate::check::Check;
use crate::core::{Core, advisory_lock};
use crate::crypto::sha256_hex;

/// How every token begins, so that leak scanners can find them.
const PREFIX: &str = "stoa_";
/// Characters after the prefix that are kept to recognise a token.
const SHOWN: usize = 6;
/// The longest life of a token.
const LONGEST: TimeDelta = TimeDelta::days(LONGEST_TOKEN_DAYS);
/// Tokens in force that one person may have.
const MOST: u64 = 50;
/// Tokens that were revoked or have ended that are shown beside them.
const MOST_ENDED: u64 = 100;
/// For so long after the password was typed, ways in can be changed without typing it again.
const RECENT: TimeDelta = TimeDelta::minutes(15);

impl Accounts {
    /// Whether the person typed the password so recently that ways in can be changed.
    pub fn may_change_ways_in(&self, actor: &Actor) -> bool {
        let recent = |at: DateTime<Utc>| at > self.core.now() - RECENT;
        actor.password_typed_at.is_some_and(recent)
    }

    /// Makes a token for the actor; the secret is in this answer and nowhere else. Refused with another token
    /// (`BrowserOnly`), when the password was not typed within the last 15 minutes (`SignInAgain`), and for what is wrong
    /// with name, scopes or end and where 50 tokens of the actor are in force (`Invalid`).
    pub async fn create_token(
        &self,
        actor: &Actor,
        name: &str,
        scopes: &[TokenScope],
        expires_at: DateTime<Utc>,
    ) -> Result<(TokenSummary, String), AccountsError> {
        if actor.token_scopes.is_some() {
            return Err(AccountsError::BrowserOnly);
        }
        if !self.may_change_ways_in(actor) {
            return Err(AccountsError::SignInAgain);
        }
        create(
            &self.core,
            actor,
            actor,
            NewToken {
                name,
                scopes,
                expires_at,
            },
        )
        .await
    }

    /// The actor's tokens, newest first: those in force, and the newest 100 that have ended. Refused with a token that lacks
    /// the scope `read` (`Access`).
    pub async fn tokens(&self, actor: &Actor) -> Result<Vec<TokenSummary>, AccountsError> {
        check_scope(actor, TokenScope::Read)?;
        tokens_of(&self.core, actor.user_id).await
    }

    /// Whether any token of the actor still works.
    pub async fn has_working_tokens(&self, actor: &Actor) -> Result<bool, AccountsError> {
        let now = self.core.now();
        let tokens = self.tokens(actor).await?;
        let works = |token: &TokenSummary| token.revoked_at.is_none() && token.expires_at > now;
        Ok(tokens.iter().any(works))
    }

    /// Ends one of the actor's tokens at once. Ending it twice is fine. Refused with a token (`BrowserOnly`); one that is
    /// not the actor's is not found.
    pub async fn revoke_token(&self, actor: &Actor, id: TokenId) -> Result<(), AccountsError> {
        if actor.token_scopes.is_some() {
            return Err(AccountsError::BrowserOnly);
        }
        revoke(&self.core, actor, actor.user_id, id).await
    }

    /// Ends every token of the actor that is in force; how many. Refused with a token (`BrowserOnly`).
    pub async fn revoke_all_tokens(&self, actor: &Actor) -> Result<usize, AccountsError> {
        if actor.token_scopes.is_some() {
            return Err(AccountsError::BrowserOnly);
        }
        let tx = self.core.write_tx().await?;
        let ended = end_all_in(&self.core, &tx, actor, actor.user_id).await?;
        tx.commit().await?;
        Ok(ended)
    }

    /// The actor behind a token's secret, limited to its scopes. Forged, expired and revoked tokens and tokens of
    /// inactive people all answer `Rejected`.
    pub async fn actor_by_token(&self, secret: &str) -> Result<Actor, AccountsError> {
        if !secret.starts_with(PREFIX) || secret.len() > 200 {
            return Err(AccountsError::Rejected);
        }
        let rows = self.held_by(&sha256_hex(secret.as_bytes())).await?;
        let Some(first) = rows.first() else {
            return Err(AccountsError::Rejected);
        };
        self.note_use(first).await?;
        let mut actor = actor_of(&rows)?.ok_or(AccountsError::Rejected)?;
        // Whoever stands in decides on orders; what cannot decide needs not know for whom.
        if first.stands_in && actor.has_scope(TokenScope::Approve) {
            let held = crate::actor::held_by(&self.core, actor.user_id).await?;
            actor.stands_in_for = held.stands_in_for;
        }
        Ok(actor)
    }

    /// The token with this hash and its active owner, once for each grant in force and once if there is none. One
    /// statement, since every request of the API begins with it.
    async fn held_by(&self, hash: &str) -> Result<Vec<TokenRow>, DbErr> {
        let now = self.core.now();
        let grants = user::Relation::RoleGrants
            .def()
            .on_condition(move |_, _| role_grant::in_force(now));
        let stands_in = deputy::Entity::find_in_force(now)
            .select_only()
            .expr(Expr::value(1))
            .filter(Expr::col((deputy::Entity, deputy::Column::DeputyId)).equals((Entity, Column::UserId)));
        Entity::find_usable(hash, now)
            .select_only()
            .column_as(Expr::exists(stands_in.into_query()), "stands_in")
            .columns([Column::Id, Column::Scopes, Column::LastUsedAt, Column::UserId])
            .columns([user::Column::Name, user::Column::Email, user::Column::Username])
            .column(user::Column::TimeZone)
            .columns([role_grant::Column::Role, role_grant::Column::ScopeKind])
            .column(role_grant::Column::ScopeId)
            .join(JoinType::InnerJoin, Relation::User.def())
            .join(JoinType::LeftJoin, grants)
            .filter(user::Column::IsActive.eq(true))
            .into_model::<TokenRow>()
            .all(self.core.read())
            .await
    }

    /// Written at most once a minute: a token in heavy use must not make every reading request a writing one.
    async fn note_use(&self, token: &TokenRow) -> Result<(), AccountsError> {
        let now = self.core.now();
        let minute_ago = now - TimeDelta::minutes(1);
        if token.last_used_at.is_some_and(|used| used > minute_ago) {
            return Ok(());
        }
        let _permit = self.core.write_permit().await;
        Entity::update_many()
            .col_expr(Column::LastUsedAt, Expr::value(Some(now)))
            .filter(Column::Id.eq(token.id))
            .filter(
                Condition::any()
                    .add(Column::LastUsedAt.is_null())
                    .add(Column::LastUsedAt.lte(minute_ago)),
            )
            .exec(self.core.read())
            .await?;
        Ok(())
    }
}

impl AccountOperations {
    /// Makes a token for a person, for the command line: who runs the installation needs no password of
    /// theirs. The secret is in this answer and nowhere else. Refused as [`Accounts::create_token`] refuses.
    pub async fn issue_token(
        &self,
        owner: &Actor,
        name: &str,
        scopes: &[TokenScope],
        expires_at: DateTime<Utc>,
    ) -> Result<(TokenSummary, String), AccountsError> {
        let by = Actor::system();
        create(
            &self.core,
            owner,
            &by,
            NewToken {
                name,
                scopes,
                expires_at,
            },
        )
        .await
    }

    /// A person's tokens, newest first, those that have ended as in [`Accounts::tokens`], for the command line; of somebody
    /// deactivated, too.
    pub async fn tokens_of(&self, person: UserId) -> Result<Vec<TokenSummary>, AccountsError> {
        tokens_of(&self.core, person).await
    }

    /// Ends one of a person's tokens at once, for the command line, as which the log shows it; of somebody deactivated, too.
    /// Ending it twice is fine. One that is not the person's is not found.
    pub async fn revoke_token_of(&self, person: UserId, id: TokenId) -> Result<(), AccountsError> {
        revoke(&self.core, &Actor::system(), person, id).await
    }
}

/// Ends the person's token where it is in force, as `by` wants it. [`AccessError::NotFound`] where the person has no such token.
async fn revoke(core: &Core, by: &Actor, person: UserId, id: TokenId) -> Result<(), AccountsError> {
    let tx = core.write_tx().await?;
    let found = Entity::find_by_id(id)
        .filter(Column::UserId.eq(person))
        .one(&*tx)
        .await?;
    let token = found.ok_or(AccessError::NotFound)?;
    if token.revoked_at.is_none() {
        end(core, &tx, by, &token).await?;
    }
    Ok(tx.commit().await?)
}

/// A token to be made.
#[derive(Clone, Copy)]
struct NewToken<'a> {
    name: &'a str,
    scopes: &'a [TokenScope],
    expires_at: DateTime<Utc>,
}

async fn create(
    core: &Core,
    owner: &Actor,
    by: &Actor,
    new: NewToken<'_>,
) -> Result<(TokenSummary, String), AccountsError> {
    let tx = core.write_tx().await?;
    // Two that are made at once must not both find room.
    advisory_lock(&tx, &format!("tokens of {}", owner.user_id)).await?;
    let name = check(&tx, owner, new, core.now()).await?;
    let random: [u8; 32] = rand::random();
    let secret = format!("{PREFIX}{}", hex::encode(random));
    let mut scopes = new.scopes.to_vec();
    scopes.sort_unstable();
    scopes.dedup();
    let row = ActiveModel {
        id: Set(core.new_id(TokenId)),
        user_id: Set(owner.user_id),
        name: Set(name),
        prefix: Set(secret.chars().take(PREFIX.len() + SHOWN).collect()),
        secret_hash: Set(sha256_hex(secret.as_bytes())),
        scopes: Set(json::write("api_tokens.scopes", &scopes)?),
        created_at: Set(core.now()),
        last_used_at: Set(None),
        expires_at: Set(new.expires_at),
        revoked_at: Set(None),
    };
    let row = row.insert(&*tx).await?;
    let after =
        json!({ "token": row.id, "name": row.name, "scopes": row.scopes, "expires_at": row.expires_at });
    let details = (after, row.name.clone());
    record_in(
        core,
        &tx,
        by,
        owner.user_id,
        EventKind::AccountTokenCreated,
        details,
    )
    .await?;
    tx.commit().await?;
    Ok((summary(row)?, secret))
}

async fn check(
    tx: &DatabaseTransaction,
    owner: &Actor,
    new: NewToken<'_>,
    now: DateTime<Utc>,
) -> Result<String, AccountsError> {
    let mut faults = Check::default();
    let name = faults.required("name", new.name, 100);
    faults.ensure(
        !new.scopes.is_empty(),
        "scopes",
        "required",
        "Choose at least one scope.",
    );
    faults.ensure(
        new.expires_at > now,
        "expires_at",
        "in_the_past",
        "Choose an end that lies in the future.",
    );
    faults.ensure(
        new.expires_at <= now + LONGEST,
        "expires_at",
        "too_late",
        "A token can live for 366 days at most.",
    );
    let there = Entity::find_of_user(owner.user_id).filter(in_force(now));
    faults.ensure(
        there.count(tx).await? < MOST,
        "name",
        "too_many",
        "You have 50 tokens. Revoke one that you no longer need.",
    );
    faults.done().map_err(AccountsError::Invalid)?;
    Ok(name)
}

fn in_force(now: DateTime<Utc>) -> Condition {
    Condition::all()
        .add(Column::RevokedAt.is_null())
        .add(Column::ExpiresAt.gt(now))
}

async fn tokens_of(core: &Core, user: UserId) -> Result<Vec<TokenSummary>, AccountsError> {
    let newest = || Entity::find_of_user(user).order_by_desc(Column::Id);
    let mut rows = newest().filter(in_force(core.now())).all(core.read()).await?;
    let ended = newest().filter(in_force(core.now()).not()).limit(MOST_ENDED);
    rows.extend(ended.all(core.read()).await?);
    rows.sort_by_key(|row| std::cmp::Reverse(row.id));
    rows.into_iter().map(|row| Ok(summary(row)?)).collect()
}

/// Ends every token of the person that is in force; how many.
pub(super) async fn end_all_in(
    core: &Core,
    tx: &DatabaseTransaction,
    by: &Actor,
    person: UserId,
) -> Result<usize, DbErr> {
    let in_force = Entity::find_of_user(person)
        .filter(in_force(core.now()))
        .all(tx)
        .await?;
    for token in &in_force {
        end(core, tx, by, token).await?;
    }
    Ok(in_force.len())
}

/// Ends a token that is in force.
async fn end(core: &Core, tx: &DatabaseTransaction, by: &Actor, token: &Model) -> Result<(), DbErr> {
    Entity::update_many()
        .col_expr(Column::RevokedAt, Expr::value(Some(core.now())))
        .filter(Column::Id.eq(token.id))
        .exec(tx)
        .await?;
    let details = (
        json!({ "token": token.id, "name": token.name }),
        token.name.clone(),
    );
    record_in(
        core,
        tx,
        by,
        token.user_id,
        EventKind::AccountTokenRevoked,
        details,
    )
    .await
}

/// A token in use, its owner, and one of the owner's grants.
#[derive(FromQueryResult)]
struct TokenRow {
    id: TokenId,
    scopes: sea_orm::JsonValue,
    last_used_at: Option<DateTime<Utc>>,
    user_id: UserId,
    /// Whether somebody who is away has named the owner.
    stands_in: bool,
    name: String,
    email: String,
    username: String,
    time_zone: String,
    role: Option<Role>,
    scope_kind: Option<ScopeKind>,
    scope_id: Option<uuid::Uuid>,
}

fn actor_of(rows: &[TokenRow]) -> Result<Option<Actor>, DbErr> {
    let Some(first) = rows.first() else {
        return Ok(None);
    };
    let mut grants = Vec::new();
    for row in rows {
        let (Some(role), Some(kind)) = (row.role, row.scope_kind) else {
            continue;
        };
        let scope = role_grant::scope_from(kind, row.scope_id)
            .ok_or_else(|| DbErr::Type(format!("a role grant of {} has no scope id", row.user_id)))?;
        grants.push(Grant { role, scope });
    }
    Ok(Some(Actor {
        user_id: first.user_id,
        name: first.name.clone(),
        email: first.email.clone(),
        username: first.username.clone(),
        time_zone: stored_zone(&first.time_zone)?,
        grants,
        token_scopes: Some(json::read("api_tokens.scopes", &first.scopes)?),
        password_typed_at: None,
        stands_in_for: Vec::new(),
    }))
}

fn summary(row: Model) -> Result<TokenSummary, DbErr> {
    Ok(TokenSummary {
        scopes: row.token_scopes()?,
        id: row.id,
        name: row.name,
        prefix: row.prefix,
        created_at: row.created_at,
        last_used_at: row.last_used_at,
        expires_at: row.expires_at,
        revoked_at: row.revoked_at,
    })
}
