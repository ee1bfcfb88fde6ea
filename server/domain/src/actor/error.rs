//! Refusals of access.

use model::{Kind, Permission, Problem, TokenScope};
use sea_orm::DbErr;

use crate::db_error::db_problem;

/// Why access was refused.
#[derive(Debug, thiserror::Error)]
pub enum AccessError {
    /// It does not exist, or the actor may not see it.
    #[error("not found")]
    NotFound,
    /// The actor sees it, but may not do this.
    #[error("{} is not allowed here", permission.label())]
    Forbidden {
        /// What was tried.
        permission: Permission,
    },
    /// The actor sees it, but only those who run the portal may do this.
    #[error("{} is of those who run the portal", permission.label())]
    OfThePortal {
        /// What was tried.
        permission: Permission,
    },
    /// The person may, but this token may not.
    #[error("the token lacks the scope {needed}")]
    TokenTooNarrow {
        /// The scope it would need.
        needed: TokenScope,
    },
    /// The role cannot be granted on this kind of scope.
    #[error("{} cannot be granted there", role.label())]
    RoleDoesNotFit {
        /// The role.
        role: model::Role,
    },
    /// Nobody may hand out more than they hold.
    #[error("the granter does not hold what {} allows", role.label())]
    MoreThanOwn {
        /// The role.
        role: model::Role,
    },
    /// The person already holds this role there.
    #[error("already granted")]
    AlreadyGranted,
    /// An organization would be left without an owner who stays.
    #[error("the last permanent owner cannot be removed")]
    LastOwner,
    /// The installation would be left without staff who stay.
    #[error("the last permanent staff cannot be removed")]
    LastStaff,
    /// The reason that was given cannot be kept, or what is named does not go together.
    #[error("the input was not accepted")]
    Invalid(Vec<model::FieldFault>),
    /// Somebody else changed the role since it was read.
    #[error("the role was changed meanwhile")]
    ChangedMeanwhile,
    /// The end of the grant lies in the past.
    #[error("the grant would have ended already")]
    AlreadyOver,
    /// The database.
    #[error("the database failed")]
    Db(#[from] DbErr),
}

impl AccessError {
    /// The family of the failure.
    pub fn kind(&self) -> Kind {
        self.problem().kind
    }

    /// What people and programs are shown.
    pub fn problem(&self) -> Problem {
        match self {
            Self::NotFound => Problem::plain(
                Kind::NotFound,
                "not_found",
                "There is nothing here that you can see. It may have been removed, or it belongs to somebody else.",
            ),
            Self::OfThePortal { permission } => Problem::plain(
                Kind::Forbidden,
                "forbidden",
                format!(
                    "Your role does not include “{}”. Only those who run this portal have a role that does.",
                    permission.label()
                ),
            ),
            Self::Forbidden { permission } => Problem::plain(
                Kind::Forbidden,
                "forbidden",
                format!(
                    "Your role does not include “{}”. Ask an owner of the organization for a role that does.",
                    permission.label()
                ),
            ),
            Self::TokenTooNarrow { needed } => Problem::plain(
                Kind::Forbidden,
                "token_scope_missing",
                format!("This token lacks the scope “{needed}”. Create a token that has it."),
            ),
            Self::RoleDoesNotFit { role } => Problem::plain(
                Kind::Invalid,
                "role_does_not_fit",
                format!("The role “{}” cannot be given there.", role.label()),
            ),
            Self::MoreThanOwn { role } => Problem::plain(
                Kind::Forbidden,
                "more_than_own",
                format!(
                    "You cannot give the role “{}”, because it allows more than your own roles.",
                    role.label()
                ),
            ),
            Self::AlreadyGranted => Problem::plain(
                Kind::Conflict,
                "already_granted",
                "This person already has that role there. To have it longer or shorter, change its last day.",
            ),
            Self::LastOwner => Problem::plain(
                Kind::Conflict,
                "last_owner",
                "This is the organization's last owner whose role has no last day. Make somebody else an owner for good first.",
            ),
            Self::LastStaff => Problem::plain(
                Kind::Conflict,
                "last_staff",
                "This is the last of the staff whose role has no last day. Make somebody else staff for good first: otherwise \
                 nobody could run the portal.",
            ),
            Self::Invalid(faults) => Problem::invalid(faults.clone()),
            Self::ChangedMeanwhile => Problem::plain(
                Kind::Conflict,
                "changed_meanwhile",
                "Somebody changed this role in the meantime, so nothing was done. Look at how it is now, then do it again.",
            ),
            Self::AlreadyOver => Problem::plain(
                Kind::Invalid,
                "already_over",
                "Choose an end that lies in the future.",
            ),
            Self::Db(error) => db_problem(error),
        }
    }
}
