//! Billing: written by its owner.

use crate::core::Core;

/// Service.
#[derive(Clone)]
pub struct Billing {
    #[expect(dead_code, reason = "its owner is writing it")]
    core: Core,
}

impl Billing {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
pub enum BillingError {
    /// The database.
    #[error("the database failed")]
    Db(#[from] sea_orm::DbErr),
}

impl BillingError {
    /// What people and programs are shown.
    pub fn problem(&self) -> model::Problem {
        match self {
            Self::Db(error) => crate::error::db_problem(error),
        }
    }
}
