//! Whether somebody may do something with an order: what they may not see is answered as not there.

use model::{Kind, Permission};

use super::OrderingError;
use crate::access::{Actor, Target, authorize};

/// As [`authorize`], answering "no such `what`" to those who may not even see it.
pub(super) fn allow(
    actor: &Actor,
    permission: Permission,
    target: &Target,
    what: &'static str,
) -> Result<(), OrderingError> {
    match authorize(actor, permission, target) {
        Err(error) if error.kind() == Kind::NotFound => Err(OrderingError::NotFound { what }),
        answer => Ok(answer?),
    }
}

/// The buyer's side sees its projects' orders, the provider's side those of its offerings.
pub(super) fn check_may_see(actor: &Actor, target: &Target) -> Result<(), OrderingError> {
    if actor.may(Permission::ViewOffering, target) {
        return Ok(());
    }
    allow(actor, Permission::ViewProject, target, "order")
}
