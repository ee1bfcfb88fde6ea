//! Usage: written by its owner.

use crate::core::Core;

/// Service.
#[derive(Clone)]
pub struct Usage {
    #[expect(dead_code, reason = "its owner is writing it")]
    core: Core,
}

impl Usage {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}

/// Why it did not work.
#[derive(Debug, thiserror::Error)]
pub enum UsageError {
    /// The database.
    #[error("the database failed")]
    Db(#[from] sea_orm::DbErr),
}

impl UsageError {
    /// What people and programs are shown.
    pub fn problem(&self) -> model::Problem {
        match self {
            Self::Db(error) => crate::error::db_problem(error),
        }
    }
}
