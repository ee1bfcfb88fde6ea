//! Browser sessions in the database, for the session layer of `auth`.

use chrono::TimeDelta;
use entity::session::{ActiveModel, Column, Entity};
use model::UserId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{
    ActiveValue::{NotSet, Set},
    ColumnTrait, EntityTrait, QueryFilter,
};

use super::{AccountOperations, Accounts, AccountsError};
use crate::crypto::sha256_hex;

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
