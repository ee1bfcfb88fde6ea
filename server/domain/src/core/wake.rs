//! Waking the workers when jobs were committed: by this process through memory, by others through `NOTIFY`.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use sea_orm::sqlx::postgres::PgListener;
use sea_orm::{DatabaseConnection, DbBackend, SqlxError};
use tokio::sync::{Mutex, Notify};

/// The channel that a trigger on the jobs table notifies.
const CHANNEL: &str = "stoa_jobs";
/// After a failed connection; workers look at the queue by themselves meanwhile.
const LISTEN_AGAIN_AFTER: Duration = Duration::from_secs(5);

/// Tells the workers of this process that there may be work.
#[derive(Default)]
pub(super) struct Wake {
    notify: Notify,
    pending: AtomicBool,
    /// Opened by the first worker that waits; the one that holds it wakes the others.
    listener: Mutex<Option<PgListener>>,
}

impl Wake {
    /// Notes that the transaction under way made a job.
    pub(super) fn note(&self) {
        self.pending.store(true, Ordering::Release);
    }

    /// A transaction was committed: wakes the workers if jobs were noted.
    pub(super) fn committed(&self) {
        if self.pending.swap(false, Ordering::AcqRel) {
            // One permit stays for a worker that was about to wait; those that wait already all wake.
            self.notify.notify_one();
            self.notify.notify_waiters();
        }
    }

    /// Completes when there may be work, of this process or of another one.
    pub(super) async fn wait(&self, db: &DatabaseConnection) {
        tokio::select! {
            () = self.notify.notified() => {}
            () = self.announced(db) => self.notify.notify_waiters(),
        }
    }

    async fn announced(&self, db: &DatabaseConnection) {
        if db.get_database_backend() != DbBackend::Postgres {
            return std::future::pending().await;
        }
        let mut listener = self.listener.lock().await;
        if let Err(error) = hear(&mut listener, db).await {
            tracing::warn!(%error, "cannot listen for jobs of other processes; looking at the queue instead");
            *listener = None;
            tokio::time::sleep(LISTEN_AGAIN_AFTER).await;
        }
    }
}

async fn hear(listener: &mut Option<PgListener>, db: &DatabaseConnection) -> Result<(), SqlxError> {
    if listener.is_none() {
        let mut fresh = PgListener::connect_with(db.get_postgres_connection_pool()).await?;
        fresh.listen(CHANNEL).await?;
        *listener = Some(fresh);
        // What was announced before the listening began is found by looking once.
        return Ok(());
    }
    if let Some(open) = listener {
        open.recv().await?;
    }
    Ok(())
}
