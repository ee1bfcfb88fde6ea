use async_trait::async_trait;
use axum_login::tower_sessions::session::{Id, Record};
use domain::{Domain, access::accounts::StoredSession};
use time::OffsetDateTime;
use tower_sessions::{SessionStore, session_store};

/// Sessions as rows of the database: they survive a restart, and every process sees them.
#[derive(Clone)]
pub struct SessionRows {
    domain: Domain,
}

impl std::fmt::Debug for SessionRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionRows")
    }
}

impl SessionRows {
    pub(crate) fn of(domain: &Domain) -> Self {
        Self {
            domain: domain.clone(),
        }
    }

    fn stored(record: &Record) -> session_store::Result<StoredSession> {
        let data =
            rmp_serde::to_vec_named(record).map_err(|e| session_store::Error::Encode(e.to_string()))?;
        let user = record
            .data
            .get("axum-login.data")
            .and_then(|data| data.get("user_id"))
            .and_then(|id| id.as_str());
        let user_id = user.and_then(|id| id.parse().ok());
        Ok(StoredSession {
            id: record.id.to_string(),
            user_id,
            data,
            expires_at: record.expiry_date.unix_timestamp(),
        })
    }
}

#[async_trait]
impl SessionStore for SessionRows {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        while !self
            .domain
            .accounts()
            .session_create(Self::stored(record)?)
            .await
            .map_err(fault)?
        {
            record.id = Id::default();
        }
        Ok(())
    }

    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.domain
            .accounts()
            .session_save(Self::stored(record)?)
            .await
            .map_err(fault)
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let Some(stored) = self
            .domain
            .accounts()
            .session_load(&id.to_string())
            .await
            .map_err(fault)?
        else {
            return Ok(None);
        };
        let record: Record =
            rmp_serde::from_slice(&stored.data).map_err(|e| session_store::Error::Decode(e.to_string()))?;
        Ok(Some(record).filter(|record| record.expiry_date > OffsetDateTime::now_utc()))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.domain
            .accounts()
            .session_delete(&id.to_string())
            .await
            .map_err(fault)
    }
}

fn fault(error: domain::access::AccountsError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}
