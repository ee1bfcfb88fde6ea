//! The database tables as `SeaORM` entities, one file each, with scoped finders and conversions from rows to `model`.
//! Owns column types and joins; knows no rule of the marketplace, no service and no migration.
//! Amounts are `model::Fixed` (BIGINT), times are UTC in microseconds, states are text. JSON columns hold `model` types:
//! read them with the methods beside them, write them with [`json::write`].
//! Start with `order` and `resource`; the schema itself is made by `migrations`, and a test in `testkit` compares both.

pub mod account_entry;
pub mod api_token;
pub mod approval_rule;
pub mod approval_step;
pub mod approval_step_approver;
pub mod assigned_backend;
pub mod audit_event;
pub mod billing_fault;
pub mod category;
pub mod closed_month;
pub mod component;
pub mod deputy;
pub mod end_notice;
pub mod event_reader;
pub mod idempotency_key;
pub mod installation;
pub mod invoice;
pub mod invoice_item;
pub mod invoice_pdf;
pub mod invoice_series;
pub mod job;
pub mod json;
pub mod notice;
pub mod notice_choice;
pub mod offering;
pub mod offering_audience;
pub mod offering_facet;
pub mod offering_terms;
pub mod order;
pub mod order_decision;
pub mod organization;
pub mod organization_version;
pub mod plan;
pub mod plan_price;
pub mod plan_terms;
pub mod project;
pub mod resource;
pub mod resource_action;
pub mod resource_interval;
pub mod resource_limit;
pub mod resource_member;
pub mod resource_parts;
pub mod resource_term;
pub mod role_grant;
pub mod schedule;
pub mod session;
pub mod throttle;
pub mod usage_day;
pub mod usage_event;
pub mod user;
pub mod webhook;
pub mod webhook_delivery;
