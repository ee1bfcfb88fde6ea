//! What an event about a role keeps of it.

use entity::audit_event::Model;
use model::{EventKind, Role, Scope, UserId};
use serde::Deserialize;

/// Which role, on what, and whose: by address where it was given, by id where it was taken or lasts otherwise.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RoleTold {
    pub(super) role: Role,
    pub(super) scope: Option<Scope>,
    pub(super) user: Option<String>,
    pub(super) user_id: Option<UserId>,
}

impl RoleTold {
    /// Of an event about a role that keeps so much; of others nothing.
    pub(super) fn of(row: &Model) -> Option<Self> {
        let kept = match EventKind::parse(&row.verb)? {
            EventKind::RoleGranted => &row.after,
            EventKind::RoleRevoked | EventKind::RoleEndChanged => &row.before,
            _ => return None,
        };
        Self::deserialize(kept).ok()
    }
}
