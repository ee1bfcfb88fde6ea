//! The one check before every act.

use model::{Permission, TokenScope};

use super::{AccessError, Actor, Target};

/// What makes a thing visible at all.
const SIGHT: [Permission; 4] = [
    Permission::ViewOrganization,
    Permission::ViewProject,
    Permission::ViewOffering,
    Permission::ViewInvoice,
];

/// Allows `permission` on `target`, or says why not: `NotFound` when the actor may not even see it, `Forbidden` when the
/// actor sees it but may not do this (`OfThePortal` where no role of an organization could let them), `TokenTooNarrow` when
/// only the token stands in the way.
pub fn authorize(actor: &Actor, permission: Permission, target: &Target) -> Result<(), AccessError> {
    if actor.may(permission, target) {
        return Ok(());
    }
    if actor.granted(permission, target) {
        return Err(AccessError::TokenTooNarrow {
            needed: permission.token_scope(),
        });
    }
    if SIGHT.iter().any(|sight| actor.granted(*sight, target)) {
        let of_portal = permission.is_of_system() || *target == Target::system();
        return Err(if of_portal {
            AccessError::OfThePortal { permission }
        } else {
            AccessError::Forbidden { permission }
        });
    }
    Err(AccessError::NotFound)
}

/// Whether the token, if one is used, has a scope at all: for what is the actor's own, and for what is decided row by row.
/// Refused with `TokenTooNarrow` where it lacks it.
pub(crate) fn check_scope(actor: &Actor, needed: TokenScope) -> Result<(), AccessError> {
    if actor.has_scope(needed) {
        Ok(())
    } else {
        Err(AccessError::TokenTooNarrow { needed })
    }
}

#[cfg(test)]
mod tests;
