use async_trait::async_trait;
use axum_login::tower_sessions::session::{Id, Record};
use chrono::TimeDelta;
use domain::{Domain, access::accounts::StoredSession};
use time::OffsetDateTime;
use tower_sessions::{SessionStore, session_store};

/// Sessions as rows of the database: they survive a restart, and every process sees them.
#[derive(Clone)]
pub struct SessionRows {
    domain: Domain,
    lifetime: TimeDelta,
}

impl std::fmt::Debug for SessionRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SessionRows")
    }
}

impl SessionRows {
    /// Sessions that end `lifetime` after they began, however much they are used.
    pub(crate) fn of(domain: &Domain, lifetime: TimeDelta) -> Self {
        Self {
            domain: domain.clone(),
            lifetime,
        }
    }

    fn stored(record: &Record) -> session_store::Result<StoredSession> {
        // Without the id, which is a secret.
        let data =
            rmp_serde::to_vec_named(&record.data).map_err(|e| session_store::Error::Encode(e.to_string()))?;
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
            .session_load(&id.to_string(), self.lifetime)
            .await
            .map_err(fault)?
        else {
            return Ok(None);
        };
        let data =
            rmp_serde::from_slice(&stored.data).map_err(|e| session_store::Error::Decode(e.to_string()))?;
        let expiry_date = OffsetDateTime::from_unix_timestamp(stored.expires_at)
            .map_err(|e| session_store::Error::Decode(e.to_string()))?;
        let record = Record {
            id: *id,
            data,
            expiry_date,
        };
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
