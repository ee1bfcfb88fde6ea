//! Tests of the services on both database engines. One binary; one file per context; names are sentences.

mod access;
mod accounts;
mod audit;
mod catalogue;
mod catalogue_search;
mod idempotency;
mod jobs;
mod ordering;
mod provisioning;
mod structure;
