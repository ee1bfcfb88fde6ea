//! Browser sessions in the database, for the session layer of `auth`.

use entity::session::{ActiveModel, Column, Entity};
use model::UserId;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter};

use super::{AccountOperations, Accounts, AccountsError};

/// A session as the session layer stores it.
#[derive(Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// Its id: a secret.
    pub id: String,
    /// Who is signed in.
    pub user_id: Option<UserId>,
    /// The session layer's record.
    pub data: Vec<u8>,
    /// Unix seconds.
    pub expires_at: i64,
}

impl Accounts {
    /// The record of a session that has not expired.
    pub async fn session_load(&self, id: &str) -> Result<Option<StoredSession>, AccountsError> {
        let now = self.core.now().timestamp();
        let found = Entity::find_live(id, now).one(self.core.read()).await?;
        Ok(found.map(|row| StoredSession {
            id: row.id,
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

    /// Stores a session, new or known.
    pub async fn session_save(&self, session: StoredSession) -> Result<(), AccountsError> {
        let columns = [
            Column::UserId,
            Column::Data,
            Column::ExpiresAt,
            Column::LastSeenAt,
        ];
        let replace = OnConflict::column(Column::Id).update_columns(columns).to_owned();
        let _permit = self.core.write_permit().await;
        Entity::insert(self.row(session))
            .on_conflict(replace)
            .exec_without_returning(self.core.read())
            .await?;
        Ok(())
    }

    /// Ends a session.
    pub async fn session_delete(&self, id: &str) -> Result<(), AccountsError> {
        let _permit = self.core.write_permit().await;
        Entity::delete_by_id(id.to_owned()).exec(self.core.read()).await?;
        Ok(())
    }

    fn row(&self, session: StoredSession) -> ActiveModel {
        let now = self.core.now();
        ActiveModel {
            id: Set(session.id),
            user_id: Set(session.user_id),
            data: Set(session.data),
            expires_at: Set(session.expires_at),
            created_at: Set(now),
            last_seen_at: Set(now.timestamp()),
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
