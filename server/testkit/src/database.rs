//! A database for one test, on either engine: fresh, private, gone when dropped.

pub(crate) mod postgres;
mod sqlite;

use domain::connect::connect;
use migrations::{Migrator, MigratorTrait};
use sea_orm::DatabaseConnection;

use crate::engine::{Engine, Fixture};

/// Changes with the sources of the migrations; names the templates that tests copy.
pub(crate) const SCHEMA_HASH: &str = env!("STOA_SCHEMA_HASH");

/// Connections per test: enough for a test that races several writers.
const CONNECTIONS: u32 = 8;

/// A database that one test owns.
pub struct TestDb {
    connection: DatabaseConnection,
    url: String,
    /// Removes the database when dropped, after the connection.
    _storage: Storage,
}

enum Storage {
    Sqlite { _folder: tempfile::TempDir },
    Postgres { _database: postgres::Database },
}

impl TestDb {
    /// A database without tables.
    pub async fn empty(engine: Engine) -> Self {
        Self::open(match engine {
            Engine::Sqlite => sqlite::empty(),
            Engine::Postgres => postgres::empty().await,
        })
        .await
    }

    /// A database with every table and no rows.
    pub async fn migrated(engine: Engine) -> Self {
        Self::open(match engine {
            Engine::Sqlite => sqlite::migrated().await,
            Engine::Postgres => postgres::migrated().await,
        })
        .await
    }

    /// The open connection pool.
    pub fn connection(&self) -> &DatabaseConnection {
        &self.connection
    }

    /// Where it is, for a second connection.
    pub fn url(&self) -> &str {
        &self.url
    }

    async fn open((url, storage): (String, Storage)) -> Self {
        let connection = connect(&url, CONNECTIONS)
            .await
            .expect("the test's own database opens");
        Self {
            connection,
            url,
            _storage: storage,
        }
    }
}

impl Fixture for TestDb {
    async fn on(engine: Engine) -> Self {
        Self::migrated(engine).await
    }
}

/// Brings the database at `url` up to date and lets go of it.
async fn migrate(url: &str) {
    let db = connect(url, 2).await.expect("the template database opens");
    Migrator::up(&db, None).await.expect("every migration runs");
    db.close().await.expect("the template database closes");
}

/// Runs `work` to its end from code that cannot await, such as `drop` inside a test's runtime.
pub(crate) fn block_on<T: Send>(work: impl Future<Output = T> + Send) -> T {
    std::thread::scope(|scope| {
        let worker = scope.spawn(|| {
            tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .expect("a runtime for cleaning up")
                .block_on(work)
        });
        worker.join().expect("cleaning up does not panic")
    })
}
