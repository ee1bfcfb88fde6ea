//! Tests of the services on both database engines. One binary; one file per context; names are sentences.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    reason = "a test fails by panicking"
)]

mod access;
mod accounts;
mod actions;
mod approvals;
mod assigned_backends;
mod audit;
mod billing;
mod catalogue;
mod catalogue_plugins;
mod catalogue_search;
mod catalogue_terms;
mod connect;
mod idempotency;
mod jobs;
mod limits_over_life;
mod listed_people;
mod lives;
mod notices;
mod ordering;
mod payable_amounts;
mod plan_versions;
mod portal_forms;
mod provider_area;
mod provisioning;
mod queries;
mod secret_keys;
mod sign_in;
mod structure;
mod usage;
mod verify;
mod verify_log;
mod verify_rules;
mod verify_sums;
mod webhooks;
