//! A marketplace of one test: services over a private database, a clock to set, and people, shops and orders to fill it.
//!
//! ```ignore
//! both_engines! {
//!     async fn an_owner_orders_without_asking(world: World) {
//!         let provider = world.provider().await;
//!         let offering = world.offering(&provider).await;
//!         let buyer = world.buyer().await;
//!         let project = world.project(&buyer).await;
//!         let order = world.order(&buyer.owner, &project, &offering).limits([("cpu", "4")]).await;
//!         world.run_jobs().await;
//!     }
//! }
//! ```

mod jobs;
mod offering;
mod order;
mod people;
mod structure;

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};

use domain::{AddressRule, Cipher, Domain, Operations};
use sea_orm::DatabaseConnection;

pub use offering::{NewOffering, Offering, Sold};
pub use order::NewOrder;
pub use structure::{Buyer, NewProject, NewSeller, Project, Provider};

use crate::clock::FakeClock;
use crate::database::TestDb;
use crate::engine::{Engine, Fixture};

/// When a world begins, unless the test sets the clock: a working day in the middle of a quarter and of a month.
const BEGINNING: &str = "2026-02-10T09:00:00Z";

/// What a builder becomes when it is awaited.
type Making<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The services over a private database. Dropping it fails the test if jobs remain; see [`World::leaves_jobs`].
pub struct World {
    operations: Operations,
    clock: FakeClock,
    may_leave_jobs: AtomicBool,
    named: AtomicU32,
    db: TestDb,
}

impl World {
    /// The services of the front doors.
    pub fn domain(&self) -> &Domain {
        self.operations.domain()
    }

    /// What workers and the command line have.
    pub fn operations(&self) -> &Operations {
        &self.operations
    }

    /// The clock of the services.
    pub fn clock(&self) -> &FakeClock {
        &self.clock
    }

    /// The database, to look behind the services.
    pub fn db(&self) -> &DatabaseConnection {
        self.db.connection()
    }

    /// Where the database is, for what opens its own connection.
    pub fn url(&self) -> &str {
        self.db.url()
    }

    /// A second set of services over the same database, as another process would have.
    pub fn second_process(&self) -> Operations {
        operations_over(&self.db, &self.clock)
    }

    /// `Buyer 1`, `Provider 2`: names that no two things of a world share.
    fn name(&self, what: &str) -> String {
        format!("{what} {}", self.number())
    }

    /// 1, 2, 3 …
    fn number(&self) -> u32 {
        self.named.fetch_add(1, Ordering::Relaxed) + 1
    }
}

impl Fixture for World {
    async fn on(engine: Engine) -> Self {
        let db = TestDb::migrated(engine).await;
        let clock = FakeClock::at(BEGINNING);
        let operations = operations_over(&db, &clock);
        Self {
            operations,
            clock,
            may_leave_jobs: AtomicBool::new(false),
            named: AtomicU32::new(0),
            db,
        }
    }
}

fn operations_over(db: &TestDb, clock: &FakeClock) -> Operations {
    Operations::new(
        db.connection().clone(),
        Arc::new(clock.clone()),
        Cipher::new("the secret of a test"),
    )
    .judging_addresses(Arc::new(OverTls))
}

/// Takes the addresses that a client would ask that nobody made exceptions for, as far as their texts tell, and those of
/// receivers of tests.
#[derive(Debug, Clone, Copy)]
pub struct OverTls;

impl AddressRule for OverTls {
    fn refusal(&self, address: &str) -> Option<String> {
        let taken = ["https://", "http://127.0.0.1:"]
            .iter()
            .any(|start| address.starts_with(start));
        (!taken).then(|| "Use https.".to_owned())
    }
}
