//! Browser sessions in the database, for the session layer of `auth`.

use chrono::TimeDelta;
use entity::session::{ActiveModel, Column, Entity};
use model::UserId;
use sea_orm::sea_query::{Expr, ExprTrait, Func, IntoCondition, OnConflict};
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter, QuerySelect,
};

use super::{AccountOperations, Accounts, AccountsError};
use crate::access::Actor;
use crate::crypto::sha256_hex;

/// Bytes that wait in the sessions of one person, and in all.
const MOST_OF_ONE: i64 = 1024 * 1024;
const MOST_OF_ALL: i64 = 64 * 1024 * 1024;

/// A session as the session layer stores it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Its id: a secret, of which only the SHA-256 is stored.
    pub id: String,
    /// Who is signed in.
    pub user_id: Option<UserId>,
    /// What the session layer keeps in it; the id is not among it.
    pub data: Vec<u8>,
    /// Unix seconds.
    pub expires_at: i64,
}

impl Accounts {
    /// The record of a session that has not expired and was begun less than `lifetime` ago, however much it is used.
    pub async fn session_load(
        &self,
        id: &str,
        lifetime: TimeDelta,
    ) -> Result<Option<StoredSession>, AccountsError> {
        let now = self.core.now();
        let found = Entity::find_live(&sha256_hex(id.as_bytes()), now.timestamp());
        let found = found
            .filter(Column::CreatedAt.gt(now - lifetime))
            .one(self.core.read())
            .await?;
        Ok(found.map(|row| StoredSession {
            id: id.to_owned(),
            user_id: row.user_id,
            data: row.data,
            expires_at: row.expires_at,
        }))
    }

    /// Whether so many bytes more may wait in the sessions of this person: 1 MB does for one person, 64 MB for all together. What
    /// is `small` is typed by hand and has as much room again, so that nobody's large forms crowd it out.
    pub async fn have_sessions_room(
        &self,
        actor: &Actor,
        bytes: usize,
        small: bool,
    ) -> Result<bool, AccountsError> {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let times = if small { 2 } else { 1 };
        let fits = |stored: i64, most: i64| stored.saturating_add(bytes) <= most.saturating_mul(times);
        let own = self.stored_bytes(Column::UserId.eq(actor.user_id)).await?;
        Ok(fits(own, MOST_OF_ONE) && fits(self.stored_bytes(Column::Id.is_not_null()).await?, MOST_OF_ALL))
    }

    async fn stored_bytes(&self, of: impl IntoCondition) -> Result<i64, AccountsError> {
        let length = Func::cust("LENGTH").arg(Expr::col(Column::Data));
        let sum: Option<Option<i64>> = Entity::find()
            .select_only()
            .expr(Expr::from(length).sum())
            .filter(Column::ExpiresAt.gt(self.core.now().timestamp()))
            .filter(of)
            .into_tuple()
            .one(self.core.read())
            .await?;
        Ok(sum.flatten().unwrap_or_default())
    }

    /// Stores a new session; `false` where the id exists already.
    pub async fn session_create(&self, session: StoredSession) -> Result<bool, AccountsError> {
        let _permit = self.core.write_permit().await;
        let insert = Entity::insert(self.row(session)).on_conflict(OnConflict::new().do_nothing().to_owned());
        Ok(insert.exec_without_returning(self.core.read()).await? == 1)
    }

    /// Stores what changed in a session. One that has ended meanwhile stays ended: a request that was under way while the
    /// person signed out must not bring it back.
    pub async fn session_save(&self, session: StoredSession) -> Result<(), AccountsError> {
        let id = sha256_hex(session.id.as_bytes());
        let changed = ActiveModel {
            id: NotSet,
            created_at: NotSet,
            ..self.row(session)
        };
        let _permit = self.core.write_permit().await;
        Entity::update_many()
            .set(changed)
            .filter(Column::Id.eq(id))
            .exec(self.core.read())
            .await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn session_delete(&self, id: &str) -> Result<(), AccountsError> {
        let _permit = self.core.write_permit().await;
        Entity::delete_by_id(sha256_hex(id.as_bytes()))
            .exec(self.core.read())
            .await?;
        Ok(())
    }

    fn row(&self, session: StoredSession) -> ActiveModel {
        let now = self.core.now();
        ActiveModel {
            id: Set(sha256_hex(session.id.as_bytes())),
            user_id: Set(session.user_id),
            data: Set(session.data),
            expires_at: Set(session.expires_at),
            created_at: Set(now),
        }
    }
}

impl AccountOperations {
    /// Removes sessions that have expired; how many.
    pub async fn sessions_expire(&self) -> Result<u64, AccountsError> {
        let now = self.core.now().timestamp();
        let _permit = self.core.write_permit().await;
        let over = Entity::delete_many().filter(Column::ExpiresAt.lte(now));
        Ok(over.exec(self.core.read()).await?.rows_affected)
    }
}
