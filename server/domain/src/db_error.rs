//! Failures of the database: what people are shown of them, and which of them a service tells apart.

use model::{Kind, Problem};
use sea_orm::{DbErr, RuntimeErr, SqlErr, SqlxError};

/// The problem that a database failure is shown as: `Unavailable` where trying again can help or an operator must make
/// room, `Internal` otherwise.
pub(crate) fn db_problem(error: &DbErr) -> Problem {
    match db_condition(error) {
        Some(DbCondition::Full) => Problem::plain(
            Kind::Unavailable,
            "database_full",
            "Nothing was saved: the database or its disk is full. Please tell the people who run this portal.",
        ),
        Some(DbCondition::Unanswered) => Problem::plain(
            Kind::Unavailable,
            "database_unavailable",
            "The connection to the database broke off while this was being saved, so it is not known whether it was. Look whether it is there before you try again.",
        ),
        Some(DbCondition::Busy) => Problem::plain(
            Kind::Unavailable,
            "database_unavailable",
            "Nothing was saved: the database cannot be reached right now. Please try again in a moment.",
        ),
        None => Problem::plain(
            Kind::Internal,
            "internal",
            "Something went wrong on our side. Nothing was saved. Please try again; if it happens again, tell the people who run this portal the id below.",
        ),
    }
}

/// Why the database could not do what it should, where it is not a fault of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum DbCondition {
    /// No room.
    Full,
    /// Not reachable, locked, or shutting down.
    Busy,
    /// It was told to make durable what was done, and did not answer.
    Unanswered,
}

/// What stands in the place of the driver's error where a commit was not answered.
const UNANSWERED: &str = "a commit was not answered";

/// An error of a commit. Where the connection broke off, the database may have done it all the same: then it must not be said
/// that nothing was saved.
pub(crate) fn of_commit(error: DbErr) -> DbErr {
    match &error {
        DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))
            if matches!(**cause, SqlxError::Io(_) | SqlxError::Protocol(_)) =>
        {
            DbErr::Custom(format!("{UNANSWERED}: {cause}"))
        }
        _ => error,
    }
}

fn db_condition(error: &DbErr) -> Option<DbCondition> {
    match error {
        DbErr::Custom(text) if text.starts_with(UNANSWERED) => Some(DbCondition::Unanswered),
        DbErr::ConnectionAcquire(_) | DbErr::Conn(_) => Some(DbCondition::Busy),
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            match &**error {
                SqlxError::Database(database) => code_condition(&database.code().unwrap_or_default()),
                SqlxError::Io(_)
                | SqlxError::PoolTimedOut
                | SqlxError::PoolClosed
                | SqlxError::WorkerCrashed => Some(DbCondition::Busy),
                _ => None,
            }
        }
        _ => None,
    }
}

/// PostgreSQL answers five characters; SQLite a number whose lowest byte is the primary code.
fn code_condition(code: &str) -> Option<DbCondition> {
    if code.len() == 5 {
        return match (code, code.get(..2)?) {
            ("53100", _) => Some(DbCondition::Full),
            (_, "08" | "40" | "53" | "55" | "57") => Some(DbCondition::Busy),
            _ => None,
        };
    }
    match code.parse::<u32>().ok()? & 0xff {
        5 | 6 | 10 | 14 => Some(DbCondition::Busy),
        13 => Some(DbCondition::Full),
        _ => None,
    }
}

/// Whether a lock was waited for in vain.
pub(crate) fn is_lock_timeout(error: &DbErr) -> bool {
    match error {
        DbErr::Exec(RuntimeErr::SqlxError(error)) | DbErr::Query(RuntimeErr::SqlxError(error)) => {
            let code = error
                .as_database_error()
                .and_then(sea_orm::sqlx::error::DatabaseError::code);
            matches!(code.as_deref(), Some("55P03" | "5"))
        }
        _ => false,
    }
}

/// Whether a unique constraint refused the write.
pub(crate) fn is_unique_breach(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_a_commit_that_was_not_answered_nobody_says_that_nothing_was_saved() {
        let broken = || SqlxError::Io(std::io::ErrorKind::UnexpectedEof.into());
        let error = |cause: SqlxError| DbErr::Exec(RuntimeErr::SqlxError(cause.into()));
        let told = db_problem(&of_commit(error(broken())));
        assert!(
            told.kind == Kind::Unavailable && told.detail.contains("not known"),
            "{told:?}"
        );
        let told = db_problem(&error(broken()));
        assert!(told.detail.starts_with("Nothing was saved"), "{told:?}");
        let refused = db_problem(&of_commit(error(SqlxError::PoolTimedOut)));
        assert!(refused.detail.starts_with("Nothing was saved"), "{refused:?}");
    }

    #[test]
    fn codes_of_both_engines_are_told_apart() {
        assert_eq!(code_condition("5"), Some(DbCondition::Busy));
        assert_eq!(code_condition("517"), Some(DbCondition::Busy), "busy snapshot");
        assert_eq!(code_condition("13"), Some(DbCondition::Full));
        assert_eq!(code_condition("2067"), None, "unique");
        assert_eq!(code_condition("53100"), Some(DbCondition::Full));
        assert_eq!(code_condition("40P01"), Some(DbCondition::Busy));
        assert_eq!(
            code_condition("55P03"),
            Some(DbCondition::Busy),
            "a lock was waited for too long"
        );
        assert_eq!(code_condition("23505"), None);
    }
}
