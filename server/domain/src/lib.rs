//! The services of the marketplace: one module per context, one cloneable handle for all of them.
//! Owns authorisation, transactions and every write to the database; both front doors and the worker call only this.
//! Knows no web framework, no plugin and no HTTP client: what backends do arrives as values.
//! Contexts import only to the left: access ← structure ← catalogue ← approvals ← provisioning ← usage ← billing ← ordering ← verify.
//! Start with `core` (transactions), `access` (who may what) and `ordering` (the main job).
#![warn(missing_docs)]
#![deny(clippy::float_arithmetic)]

pub mod access;
pub mod actions;
pub mod approvals;
pub mod audit;
pub mod billing;
pub mod catalogue;
pub mod clock;
pub mod connect;
mod core;
pub mod crypto;
mod db_error;
pub mod error;
pub mod idempotency;
pub mod installation;
pub mod jobs;
pub mod notices;
pub mod once;
pub mod ordering;
pub mod page;
pub mod provisioning;
pub mod structure;
pub mod trace;
pub mod usage;
pub mod verify;
pub mod webhooks;

mod actor;
mod check;
mod country;
mod slug;
mod text;
mod zone;

use std::sync::Arc;

use sea_orm::DatabaseConnection;

use crate::core::Core;

pub use crate::access::{Accounts, Actor, Grant, Target, Visible};
pub use crate::clock::{Clock, SystemClock};
pub use crate::core::AddressRule;
pub use crate::crypto::Cipher;
pub use crate::error::DomainError;
pub use crate::page::BadCursor;
pub use crate::zone::end_of_day;

/// The handle of the front doors. Cloning is cheap; every public method of a service takes an [`Actor`] and authorises it
/// itself. Left out are only the few that make an actor of somebody who signs in.
#[derive(Clone)]
pub struct Domain {
    core: Core,
    cache: Arc<catalogue::OfferingCache>,
}

impl Domain {
    /// What is done with resources beside orders.
    pub fn actions(&self) -> actions::Actions {
        actions::Actions::new(self.core.clone())
    }

    /// Who must agree to orders, and who stands in for whom.
    pub fn approvals(&self) -> approvals::Approvals {
        approvals::Approvals::new(self.core.clone())
    }

    /// Who may what.
    pub fn access(&self) -> access::Access {
        access::Access::new(self.core.clone())
    }

    /// People, passwords, tokens, sessions.
    pub fn accounts(&self) -> Accounts {
        Accounts::new(self.core.clone())
    }

    /// The append-only log.
    pub fn audit(&self) -> audit::Audit {
        audit::Audit::new(self.core.clone())
    }

    /// Invoices.
    pub fn billing(&self) -> billing::Billing {
        billing::Billing::new(self.core.clone())
    }

    /// Categories, offerings, components, plans.
    pub fn catalogue(&self) -> catalogue::Catalogue {
        catalogue::Catalogue::new(self.core.clone(), Arc::clone(&self.cache))
    }

    /// The queue.
    pub fn jobs(&self) -> jobs::Jobs {
        jobs::Jobs::new(self.core.clone())
    }

    /// What the actor is told of what happened.
    pub fn notices(&self) -> notices::Notices {
        notices::Notices::new(self.core.clone())
    }

    /// Orders and decisions on them.
    pub fn ordering(&self) -> ordering::Ordering {
        ordering::Ordering::new(self.core.clone())
    }

    /// Resources.
    pub fn provisioning(&self) -> provisioning::Provisioning {
        provisioning::Provisioning::new(self.core.clone(), Arc::clone(&self.cache))
    }

    /// Organizations and projects.
    pub fn structure(&self) -> structure::Structure {
        structure::Structure::new(self.core.clone())
    }

    /// Meter events.
    pub fn usage(&self) -> usage::Usage {
        usage::Usage::new(self.core.clone())
    }

    /// Addresses that are told of what happens.
    pub fn webhooks(&self) -> webhooks::Webhooks {
        webhooks::Webhooks::new(self.core.clone())
    }

    /// What the frame of a page shows of the actor: organizations, projects, what waits for a decision, and what was not read.
    pub async fn me(&self, actor: &Actor) -> Result<model::Me, DomainError> {
        let mut me = self.accounts().me(actor).await?;
        me.approvals_waiting = self.ordering().queue_count(actor).await?;
        me.notices_unread = self.notices().unread(actor).await?;
        Ok(me)
    }

    /// The time that all services use.
    pub fn clock(&self) -> &dyn Clock {
        self.core.clock()
    }
}

/// The handle of workers and of the command line: what happens without a person. Front doors never have it; a test of
/// the house reads that they name it nowhere.
#[derive(Clone)]
pub struct Operations {
    core: Core,
    domain: Domain,
}

impl Operations {
    /// All services over an open database (see [`connect`]).
    pub fn new(db: DatabaseConnection, clock: Arc<dyn Clock>, cipher: Cipher) -> Self {
        Self::over(Core::new(db, clock, cipher))
    }

    /// The same with a rule of which addresses, given by people, may be asked. Without one none is taken.
    #[must_use]
    pub fn judging_addresses(self, rule: Arc<dyn AddressRule>) -> Self {
        Self::over(self.core.judging_addresses(rule))
    }

    fn over(core: Core) -> Self {
        Self {
            domain: Domain {
                core: core.clone(),
                cache: Arc::default(),
            },
            core,
        }
    }

    /// What front doors get; here for what an [`Actor`] is needed for, such as [`Actor::system`].
    pub fn domain(&self) -> &Domain {
        &self.domain
    }

    /// What is done with resources beside orders.
    pub fn actions(&self) -> actions::ActionOperations {
        actions::ActionOperations::new(self.core.clone())
    }

    /// People.
    pub fn accounts(&self) -> access::accounts::AccountOperations {
        access::accounts::AccountOperations::new(self.core.clone())
    }

    /// Housekeeping of answers kept for requests that are sent twice.
    pub fn idempotency(&self) -> idempotency::AnswerOperations {
        idempotency::AnswerOperations::new(self.core.clone())
    }

    /// Open invoices, and documents to be drawn.
    pub fn billing(&self) -> billing::InvoiceOperations {
        billing::InvoiceOperations::new(self.core.clone())
    }

    /// The queue.
    pub fn jobs(&self) -> jobs::JobOperations {
        jobs::JobOperations::new(self.core.clone())
    }

    /// Telling people of what happened.
    pub fn notices(&self) -> notices::NoticeOperations {
        notices::NoticeOperations::new(self.core.clone())
    }

    /// Orders under way.
    pub fn ordering(&self) -> ordering::OrderOperations {
        ordering::OrderOperations::new(self.core.clone())
    }

    /// Resources and their backends.
    pub fn provisioning(&self) -> provisioning::ResourceOperations {
        provisioning::ResourceOperations::new(self.core.clone())
    }

    /// What backends measured.
    pub fn usage(&self) -> usage::UsageOperations {
        usage::UsageOperations::new(self.core.clone())
    }

    /// Telling webhooks of what happened.
    pub fn webhooks(&self) -> webhooks::WebhookOperations {
        webhooks::WebhookOperations::new(self.core.clone())
    }

    /// The check of the invariants on a live database.
    pub fn verify(&self) -> verify::Verify {
        verify::Verify::new(self.core.clone())
    }

    /// The time that all services use.
    pub fn clock(&self) -> &dyn Clock {
        self.core.clock()
    }

    /// The database, for readiness probes and tests only.
    pub fn db(&self) -> &DatabaseConnection {
        self.core.pool()
    }
}
