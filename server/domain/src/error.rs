//! Errors at the edge of this package: one enum per context, and [`DomainError`] for callers that use several.
//!
//! Every error answers `kind()` (the family, which edges turn into a status) and `problem()` (what people and programs
//! are shown). Database failures never show their text: they are logged once at the edge under the trace id.

use model::{Kind, Problem};
use sea_orm::DbErr;

use crate::access::{AccessError, AccountsError};
use crate::actions::ActionError;
use crate::approvals::ApprovalError;
use crate::audit::AuditError;
use crate::billing::BillingError;
use crate::catalogue::CatalogueError;
use crate::db_error::db_problem;
use crate::idempotency::IdempotencyError;
use crate::jobs::JobsError;
use crate::notices::NoticeError;
use crate::ordering::OrderingError;
use crate::provisioning::ProvisioningError;
use crate::structure::StructureError;
use crate::usage::UsageError;
use crate::webhooks::WebhookError;

/// The error of any service.
#[derive(Debug, thiserror::Error)]
pub enum DomainError {
    /// Of [`crate::access`].
    #[error(transparent)]
    Access(#[from] AccessError),
    /// Of [`crate::actions`].
    #[error(transparent)]
    Action(#[from] ActionError),
    /// Of [`crate::approvals`].
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// Of [`crate::access::accounts`].
    #[error(transparent)]
    Accounts(#[from] AccountsError),
    /// Of [`crate::audit`].
    #[error(transparent)]
    Audit(#[from] AuditError),
    /// Of [`crate::structure`].
    #[error(transparent)]
    Structure(#[from] StructureError),
    /// Of [`crate::catalogue`].
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Of [`crate::provisioning`].
    #[error(transparent)]
    Provisioning(#[from] ProvisioningError),
    /// Of [`crate::usage`].
    #[error(transparent)]
    Usage(#[from] UsageError),
    /// Of [`crate::billing`].
    #[error(transparent)]
    Billing(#[from] BillingError),
    /// Of [`crate::ordering`].
    #[error(transparent)]
    Ordering(#[from] OrderingError),
    /// Of [`crate::notices`].
    #[error(transparent)]
    Notice(#[from] NoticeError),
    /// Of [`crate::jobs`].
    #[error(transparent)]
    Jobs(#[from] JobsError),
    /// Of [`crate::idempotency`].
    #[error(transparent)]
    Idempotency(#[from] IdempotencyError),
    /// Of [`crate::webhooks`].
    #[error(transparent)]
    Webhook(#[from] WebhookError),
    /// A cursor of another list.
    #[error(transparent)]
    Cursor(#[from] crate::page::BadCursor),
    /// The database, outside of any context.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl DomainError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Access(error) => error.problem(),
            Self::Action(error) => error.problem(),
            Self::Approval(error) => error.problem(),
            Self::Accounts(error) => error.problem(),
            Self::Audit(error) => error.problem(),
            Self::Structure(error) => error.problem(),
            Self::Catalogue(error) => error.problem(),
            Self::Provisioning(error) => error.problem(),
            Self::Usage(error) => error.problem(),
            Self::Billing(error) => error.problem(),
            Self::Ordering(error) => error.problem(),
            Self::Notice(error) => error.problem(),
            Self::Jobs(error) => error.problem(),
            Self::Idempotency(error) => error.problem(),
            Self::Webhook(error) => error.problem(),
            Self::Cursor(error) => error.problem(),
            Self::Db(error) => db_problem(error),
        }
    }
}
