//! Everything a test of the services needs: a private database on either engine, a clock to set, and a world to fill.
//! Owns test set-up only; a development dependency, never part of the program. Failing here means failing the test, so it panics.
//! `PostgreSQL` is found through `STOA_TEST_POSTGRES`; `STOA_TEST_SQLITE_ONLY=1` leaves it out.
//! Use it from integration tests (`tests/`): a package's own unit tests see another copy of the package than this does.
//! Start with [`both_engines!`] and [`World`].
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::missing_panics_doc,
    clippy::panic,
    reason = "a test kit fails the test by panicking"
)]

mod clock;
mod database;
mod engine;
pub mod reckoning;
mod world;

pub use clock::FakeClock;
pub use database::TestDb;
pub use engine::{Engine, Fixture, run};
pub use world::{
    Buyer, NewOffering, NewOrder, NewProject, NewSeller, Offering, OverTls, Project, Provider, Sold, World,
};
