//! The database schema, step by step, both ways, on `SQLite` and `PostgreSQL`.
//! Owns tables, indexes and constraints; imports nothing of ours, because a step must mean tomorrow what it means today.
//! One dated file per step, one topic per file. A step that has been released is never edited: add the next one.
//! Every step runs in one transaction on both engines. What only one engine can do lives in `sql/` and says so.
//! A test in `testkit` runs all steps up, down and up again on both engines and reads every entity.

mod column;
mod engine;

mod m20261121_000001_create_accounts;
mod m20261121_000002_create_organizations;
mod m20261121_000003_create_role_grants;
mod m20261121_000004_create_offerings;
mod m20261121_000005_create_plans;
mod m20261121_000006_create_orders;
mod m20261121_000007_create_resources;
mod m20261121_000008_create_usage;
mod m20261121_000009_create_invoices;
mod m20261121_000010_create_jobs;
mod m20261121_000011_notify_workers;
mod m20261121_000012_create_audit_events;
mod m20261121_000013_create_idempotency_keys;
mod m20261121_000014_guard_issued_invoices;
mod m20261121_000015_guard_audit_events;
mod m20261121_000016_limit_backends;
mod m20261121_000017_number_audit_events;
mod m20261126_000010_begin_prices_at_instants;
mod m20261126_000011_version_plan_terms;
mod m20261126_000012_bind_orders_to_versions;
mod m20261126_000020_add_commitments;
mod m20261126_000021_add_expected_use;
mod m20261126_000022_print_article_codes;
mod m20261126_000023_keep_arrears;
mod m20261126_000030_version_organizations;
mod m20261126_000031_name_kinds_of_documents;
mod m20261126_000032_create_account_entries;
mod m20261126_000033_remember_closed_months;
mod m20261126_000034_create_billing_faults;
mod m20261126_000040_keep_days_of_usage;
mod m20261126_000050_create_resource_terms;
mod m20261126_000051_add_durations;
mod m20261126_000052_create_end_notices;
mod m20261126_000060_unique_waiting_jobs;
mod m20261126_000061_tell_backends;
mod m20261126_000062_create_installation;
mod m20261126_000063_correct_prices;
mod m20261126_000064_let_system_order;
mod m20261126_000090_fold_search_text;
mod m20261126_000091_drop_password_changed_at;
mod m20261127_000010_hash_session_ids;
mod m20261127_000020_drop_unread_moments;
mod m20261127_000030_tax_lines;
mod m20261127_000040_assign_backends;
mod m20261127_000050_tell_limits;
mod m20261127_000060_keep_terms_of_service;
mod m20261127_000061_keep_request_forms;
mod m20261128_000010_index_by_pair;
mod m20261128_000020_keep_account_balances;
mod m20261128_000030_tell_higher_prices;
mod m20261128_000040_create_webhooks;
mod m20261128_000050_keep_until;
mod m20261128_000060_create_notices;
mod m20261128_000070_create_resource_actions;
mod m20261129_000010_create_approvals;

use sea_orm_migration::prelude::*;
pub use sea_orm_migration::{MigratorTrait, sea_orm::DbErr};

/// Every step in order. `Migrator::up(&db, None)` brings a database up to date.
#[derive(Clone, Copy, Debug)]
pub struct Migrator;

impl MigratorTrait for Migrator {
    fn migrations() -> Vec<Box<dyn MigrationTrait>> {
        vec![
            Box::new(m20261121_000001_create_accounts::Migration),
            Box::new(m20261121_000002_create_organizations::Migration),
            Box::new(m20261121_000003_create_role_grants::Migration),
            Box::new(m20261121_000004_create_offerings::Migration),
            Box::new(m20261121_000005_create_plans::Migration),
            Box::new(m20261121_000006_create_orders::Migration),
            Box::new(m20261121_000007_create_resources::Migration),
            Box::new(m20261121_000008_create_usage::Migration),
            Box::new(m20261121_000009_create_invoices::Migration),
            Box::new(m20261121_000010_create_jobs::Migration),
            Box::new(m20261121_000011_notify_workers::Migration),
            Box::new(m20261121_000012_create_audit_events::Migration),
            Box::new(m20261121_000013_create_idempotency_keys::Migration),
            Box::new(m20261121_000014_guard_issued_invoices::Migration),
            Box::new(m20261121_000015_guard_audit_events::Migration),
            Box::new(m20261121_000016_limit_backends::Migration),
            Box::new(m20261121_000017_number_audit_events::Migration),
            Box::new(m20261126_000010_begin_prices_at_instants::Migration),
            Box::new(m20261126_000011_version_plan_terms::Migration),
            Box::new(m20261126_000012_bind_orders_to_versions::Migration),
            Box::new(m20261126_000020_add_commitments::Migration),
            Box::new(m20261126_000021_add_expected_use::Migration),
            Box::new(m20261126_000022_print_article_codes::Migration),
            Box::new(m20261126_000023_keep_arrears::Migration),
            Box::new(m20261126_000030_version_organizations::Migration),
            Box::new(m20261126_000031_name_kinds_of_documents::Migration),
            Box::new(m20261126_000032_create_account_entries::Migration),
            Box::new(m20261126_000033_remember_closed_months::Migration),
            Box::new(m20261126_000034_create_billing_faults::Migration),
            Box::new(m20261126_000040_keep_days_of_usage::Migration),
            Box::new(m20261126_000060_unique_waiting_jobs::Migration),
            Box::new(m20261126_000061_tell_backends::Migration),
            Box::new(m20261126_000062_create_installation::Migration),
            Box::new(m20261126_000090_fold_search_text::Migration),
            Box::new(m20261126_000050_create_resource_terms::Migration),
            Box::new(m20261126_000051_add_durations::Migration),
            Box::new(m20261126_000052_create_end_notices::Migration),
            Box::new(m20261126_000063_correct_prices::Migration),
            Box::new(m20261126_000064_let_system_order::Migration),
            Box::new(m20261126_000091_drop_password_changed_at::Migration),
            Box::new(m20261127_000010_hash_session_ids::Migration),
            Box::new(m20261127_000020_drop_unread_moments::Migration),
            Box::new(m20261127_000030_tax_lines::Migration),
            Box::new(m20261127_000050_tell_limits::Migration),
            Box::new(m20261127_000060_keep_terms_of_service::Migration),
            Box::new(m20261127_000061_keep_request_forms::Migration),
            Box::new(m20261128_000010_index_by_pair::Migration),
            Box::new(m20261127_000040_assign_backends::Migration),
            Box::new(m20261128_000020_keep_account_balances::Migration),
            Box::new(m20261128_000030_tell_higher_prices::Migration),
            Box::new(m20261128_000040_create_webhooks::Migration),
            Box::new(m20261128_000050_keep_until::Migration),
            Box::new(m20261128_000060_create_notices::Migration),
            Box::new(m20261128_000070_create_resource_actions::Migration),
            Box::new(m20261129_000010_create_approvals::Migration),
        ]
    }
}
