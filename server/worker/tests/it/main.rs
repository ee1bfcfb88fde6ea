//! Tests of jobs with a backend in memory, on both database engines. Names are sentences.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

mod actions;
mod scene;
