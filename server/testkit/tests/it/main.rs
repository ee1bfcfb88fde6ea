//! Tests of the test kit itself, and of the two packages that only meet here: `migrations` and `entity`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod first_version;
mod notify;
mod rows;
mod schema;
mod world;
