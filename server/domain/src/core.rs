//! What every service stands on: the database, the time, the cipher, new ids and write transactions.
//!
//! A write goes through [`Core::write_tx`] always: on SQLite it takes the write lock at the start (a transaction that
//! reads first and writes later would fail with "database is locked" under load, whatever the busy timeout) and writers
//! of this process queue for a permit, because SQLite's own waiting polls with growing sleeps.
//!
//! [`Core::begin_outer`] makes one transaction of everything that services do with the core that it gives: their own
//! transactions become parts of it, and they read what it wrote.

mod reader;
mod settled;
mod wake;

use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, SubsecRound, Utc};
use sea_orm::{
    ConnectionTrait, DatabaseConnection, DatabaseTransaction, DbBackend, DbErr, SqliteTransactionMode,
    Statement, TransactionOptions, TransactionTrait,
};
use tokio::sync::{Mutex, OwnedMutexGuard};
use uuid::Uuid;

use self::reader::Reader;
use self::settled::Settled;
use self::wake::Wake;
use crate::clock::{Clock, Ids};
use crate::crypto::{Cipher, HashingPool};
use crate::db_error::of_commit;

/// Which addresses that people give may be asked. What asks them has the rule; it is here so that a form says at once what would
/// be refused later.
pub trait AddressRule: Send + Sync {
    /// Why the address may not be asked, in words for who gave it; none where it may.
    fn refusal(&self, address: &str) -> Option<String>;
}

/// Where nothing can ask, no address is taken.
struct NoAddress;

impl AddressRule for NoAddress {
    fn refusal(&self, _address: &str) -> Option<String> {
        Some("This portal asks no addresses.".to_owned())
    }
}

/// Shared by all services; cloning is cheap.
#[derive(Clone)]
pub(crate) struct Core {
    db: DatabaseConnection,
    reader: Reader,
    clock: Arc<dyn Clock>,
    cipher: Arc<Cipher>,
    hashing: Arc<HashingPool>,
    ids: Arc<Ids>,
    writer: Option<Arc<Mutex<()>>>,
    wake: Arc<Wake>,
    settled: Arc<Settled>,
    addresses: Arc<dyn AddressRule>,
}

impl Core {
    pub(crate) fn new(db: DatabaseConnection, clock: Arc<dyn Clock>, cipher: Cipher) -> Self {
        let one_writer = db.get_database_backend() == DbBackend::Sqlite;
        Self {
            reader: Reader::Pool(db.clone()),
            db,
            clock,
            cipher: Arc::new(cipher),
            hashing: Arc::default(),
            ids: Arc::default(),
            writer: one_writer.then(Arc::default),
            wake: Arc::default(),
            settled: Arc::default(),
            addresses: Arc::new(NoAddress),
        }
    }

    /// With this rule of which addresses may be asked.
    pub(crate) fn judging_addresses(mut self, rule: Arc<dyn AddressRule>) -> Self {
        self.addresses = rule;
        self
    }

    /// Why an address that somebody gave may not be asked; none where it may.
    pub(crate) fn address_refusal(&self, address: &str) -> Option<String> {
        self.addresses.refusal(address)
    }

    /// Up to which number the log of events is complete: what is there up to it stays all that is there.
    pub(crate) async fn events_settled(&self) -> Result<i64, DbErr> {
        self.settled.through(&self.db).await
    }

    /// For reading outside a transaction.
    pub(crate) fn read(&self) -> &Reader {
        &self.reader
    }

    /// The connections themselves, whatever transaction is under way.
    pub(crate) fn pool(&self) -> &DatabaseConnection {
        &self.db
    }

    /// Opens a transaction that may write. It is undone when dropped without [`WriteTx::commit`].
    pub(crate) async fn write_tx(&self) -> Result<WriteTx, DbErr> {
        if let Reader::Within(outer) = &self.reader {
            return Ok(WriteTx {
                tx: outer.begin().await?,
                wake: None,
                _permit: None,
            });
        }
        let permit = self.write_permit().await;
        let options = TransactionOptions {
            sqlite_transaction_mode: Some(SqliteTransactionMode::Immediate),
            ..TransactionOptions::default()
        };
        let tx = self.db.begin_with_options(options).await?;
        Ok(WriteTx {
            tx,
            wake: Some(Arc::clone(&self.wake)),
            _permit: permit,
        })
    }

    /// Opens a transaction and gives a core whose every statement is part of it, until [`OuterTx::commit`].
    pub(crate) async fn begin_outer(&self) -> Result<(Self, OuterTx), DbErr> {
        let WriteTx {
            tx, _permit: permit, ..
        } = self.write_tx().await?;
        let tx = Arc::new(tx);
        let core = Self {
            reader: Reader::Within(Arc::clone(&tx)),
            ..self.clone()
        };
        let wake = Arc::clone(&self.wake);
        Ok((
            core,
            OuterTx {
                tx,
                wake,
                _permit: permit,
            },
        ))
    }

    /// Waits for this process's turn to write; for single statements outside a transaction.
    pub(crate) async fn write_permit(&self) -> Option<OwnedMutexGuard<()>> {
        match (&self.reader, &self.writer) {
            (Reader::Pool(_), Some(writer)) => Some(Arc::clone(writer).lock_owned().await),
            // Within a transaction it is this one's turn already.
            _ => None,
        }
    }

    /// Now, in microseconds: finer parts would be lost on PostgreSQL but not on SQLite.
    pub(crate) fn now(&self) -> DateTime<Utc> {
        self.clock.now().trunc_subsecs(6)
    }

    /// The time that all processes agree on: the database's, wherever this process has the machine's clock. SQLite has no
    /// clock but this machine's.
    pub(crate) async fn database_now<C: ConnectionTrait>(&self, conn: &C) -> Result<DateTime<Utc>, DbErr> {
        if !self.has_database_clock() {
            return Ok(self.now());
        }
        let question = Statement::from_string(DbBackend::Postgres, "SELECT clock_timestamp()");
        let row = conn.query_one_raw(question).await?;
        let row = row.ok_or_else(|| DbErr::RecordNotFound("the time".to_owned()))?;
        row.try_get_by_index(0)
    }

    /// Whether [`Core::database_now`] asks the database.
    pub(crate) fn has_database_clock(&self) -> bool {
        self.clock.is_of_machine() && self.db.get_database_backend() == DbBackend::Postgres
    }

    pub(crate) fn clock(&self) -> &dyn Clock {
        self.clock.as_ref()
    }

    /// A new id: `core.new_id(OrderId)`.
    pub(crate) fn new_id<T>(&self, make: impl FnOnce(Uuid) -> T) -> T {
        make(self.ids.next(self.clock.now()))
    }

    pub(crate) fn cipher(&self) -> &Cipher {
        &self.cipher
    }

    pub(crate) fn hashing(&self) -> &HashingPool {
        &self.hashing
    }

    /// Notes that the transaction under way made a job; its commit wakes the workers.
    pub(crate) fn note_job(&self) {
        self.wake.note();
    }

    /// Completes when jobs may have been committed, by this process or another.
    pub(crate) async fn jobs_committed(&self) {
        self.wake.wait(&self.db).await;
    }
}

/// Until `tx` ends, nobody else is past this call with the same key. For what looks whether something is there and, if not,
/// makes it: of two at once, the second looks after the first has committed. On SQLite only one transaction writes anyway.
pub(crate) async fn advisory_lock(tx: &DatabaseTransaction, key: &str) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        let lock = Statement::from_sql_and_values(
            DbBackend::Postgres,
            "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))",
            [key.into()],
        );
        tx.execute_raw(lock).await?;
    }
    Ok(())
}

/// A transaction that may write. Use it as a `&DatabaseTransaction` (`&tx` coerces; for generic calls `&*tx`).
#[must_use = "a transaction that is not committed is undone"]
pub(crate) struct WriteTx {
    tx: DatabaseTransaction,
    /// None for a part of a transaction: only the whole makes anything durable.
    wake: Option<Arc<Wake>>,
    // Declared last: the permit is given back only after the transaction has ended.
    _permit: Option<OwnedMutexGuard<()>>,
}

impl WriteTx {
    /// Makes everything that was written durable, then wakes the workers if jobs are among it. As a part of a transaction it
    /// becomes durable with the whole.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        self.tx.commit().await.map_err(of_commit)?;
        if let Some(wake) = self.wake {
            wake.committed();
        }
        Ok(())
    }
}

/// A transaction that services' transactions are parts of.
#[must_use = "a transaction that is not committed is undone"]
pub(crate) struct OuterTx {
    tx: Arc<DatabaseTransaction>,
    wake: Arc<Wake>,
    _permit: Option<OwnedMutexGuard<()>>,
}

impl OuterTx {
    /// Makes everything durable that was done with the core, which must be gone by now, and wakes the workers.
    pub(crate) async fn commit(self) -> Result<(), DbErr> {
        let tx = Arc::into_inner(self.tx)
            .ok_or_else(|| DbErr::Custom("the services of a transaction outlive it".to_owned()))?;
        tx.commit().await.map_err(of_commit)?;
        // Other commits may have taken the note of the jobs.
        self.wake.note();
        self.wake.committed();
        Ok(())
    }
}

impl Deref for OuterTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}

impl Deref for WriteTx {
    type Target = DatabaseTransaction;

    fn deref(&self) -> &DatabaseTransaction {
        &self.tx
    }
}
