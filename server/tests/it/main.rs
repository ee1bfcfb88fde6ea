//! Tests of the edge: the API, pages as the server answers them, the worker, and the house itself. One binary; names are
//! sentences.
#![recursion_limit = "512"]
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails by panicking"
)]

#[path = "../support/api.rs"]
mod api;
#[path = "../support/conform.rs"]
mod conform;
#[path = "../support/html.rs"]
mod html;
#[path = "../support/logs.rs"]
mod logs;
#[path = "../support/portal.rs"]
mod portal;
#[path = "../support/shop.rs"]
mod shop;
#[path = "../../plugins/tests/support/programs.rs"]
mod slurm_programs;

mod api_journey;
mod api_parity;
mod approvals;
mod architecture;
mod assigned_backends;
mod asvs;
mod commands;
mod domain_handles;
mod idempotency;
mod lists;
mod openapi;
mod pages;
mod problem_codes;
mod queries;
mod security;
mod who_may_call;
mod worker;
