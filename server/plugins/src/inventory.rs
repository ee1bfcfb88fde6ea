//! What the backend has. The reconciler compares who is let in with the database; what is there and its limits are what
//! the contract of plugins is held to.

use std::collections::BTreeMap;

use model::ids::ResourceId;

use crate::Limits;

/// Everything the marketplace made on a backend.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Inventory {
    /// The objects, keyed by backend id.
    pub objects: BTreeMap<String, BackendObject>,
}

/// One object of a backend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BackendObject {
    /// The resource whose object this is, where the backend remembers it.
    pub resource: Option<ResourceId>,
    /// The limits in force, by component code; components without a limit are absent.
    pub limits: Limits,
    /// The users who have access, sorted.
    pub members: Vec<String>,
}
