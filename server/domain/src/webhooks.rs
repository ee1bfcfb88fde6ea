//! Webhooks: addresses that are told of what happens. Each reads the log of events from its own position on, in order.
//!
//! Invariants:
//! - A webhook sees the events of its scope, as the history of that scope shows them, and no others.
//! - An event is settled for a webhook when it was delivered, was given up, or is not wanted; the position moves with that, in
//!   one transaction with the delivery's row. So every event is told at least once, and of one webhook in order.
//! - A message of one event has the same id however often it is sent; ids are never used for another event.
//! - Secrets are sealed and never in the log; who reads one is.

mod deliver;
mod edit;
mod error;
mod message;
mod read;
mod redeliver;
mod sign;

pub use deliver::{MessageToSend, Reply};
pub use error::WebhookError;

use entity::{audit_event, role_grant, webhook};
use model::{Permission, Scope};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr};

use crate::access::{AccessError, Actor, Target, authorize, target_of_scope};
use crate::audit;
use crate::core::Core;
use crate::jobs::NewJob;

/// The webhooks of those who look after them.
#[derive(Clone)]
pub struct Webhooks {
    core: Core,
}

impl Webhooks {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// The webhooks as workers tell them.
#[derive(Clone)]
pub struct WebhookOperations {
    core: Core,
}

impl WebhookOperations {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// So many webhooks are told at once, over all processes: receivers that are slow leave workers for everything else.
const TOLD_AT_ONCE: u16 = 4;

/// The job as one of those that tell webhooks.
fn in_turn(job: NewJob) -> NewJob {
    job.on_backend("webhooks").at_most(TOLD_AT_ONCE)
}

/// Where the webhooks of a scope live: those of an organization are of it as a buyer, and no role on its selling side reaches
/// them. Refused where there is no such place (`NotFound`).
async fn place_of(conn: &impl ConnectionTrait, scope: Scope) -> Result<Target, AccessError> {
    let target = target_of_scope(conn, scope).await?;
    Ok(match scope {
        Scope::Organization(id) => Target::organization(id),
        _ => target,
    })
}

/// Whoever manages webhooks of a place sees by them what happens there, so may see its history, too.
fn authorize_for(actor: &Actor, target: &Target) -> Result<(), AccessError> {
    authorize(actor, Permission::ManageWebhook, target)?;
    authorize(actor, Permission::ViewAudit, target)
}

/// What of an address stands in the history: paths and queries are often secret.
fn host_of(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default().to_owned()
}

/// What a webhook is for: the events of its scope that are of its kinds.
fn wanted(webhook: &webhook::Model) -> Result<Condition, DbErr> {
    let within = audit::of_scope(scope_of(webhook)?);
    let kinds = kinds_of(webhook)?;
    Ok(within.add_option((!kinds.is_empty()).then(|| audit_event::Column::Verb.is_in(kinds))))
}

fn scope_of(webhook: &webhook::Model) -> Result<Scope, DbErr> {
    role_grant::scope_from(webhook.scope_kind, webhook.scope_id)
        .ok_or_else(|| DbErr::Type(format!("webhook {} has no scope id", webhook.id)))
}

/// The kinds as they are stored: one that this program does not know yet stays.
fn kinds_of(webhook: &webhook::Model) -> Result<Vec<String>, DbErr> {
    serde_json::from_value(webhook.kinds.clone()).map_err(|fault| DbErr::Json(fault.to_string()))
}
