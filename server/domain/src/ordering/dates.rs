//! What happens on days: first days, last days, and the notices before them.

pub(super) mod change_end;
pub(super) mod ending;
pub(super) mod notices;
pub(super) mod start;
