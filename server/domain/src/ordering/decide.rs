//! What people, and time, decide about an order that waits or has failed: approve, reject, cancel, expire.

pub(super) mod approve;
pub(super) mod cancel;
pub(super) mod deciding;
pub(super) mod expire;
pub(super) mod reject;
pub(super) mod remind;
