//! Verify: written by its owner.

use crate::core::Core;

/// Service.
#[derive(Clone)]
pub struct Verify {
    #[expect(dead_code, reason = "its owner is writing it")]
    core: Core,
}

impl Verify {
    pub(crate) fn new(core: Core) -> Self {
        Self { core }
    }
}
