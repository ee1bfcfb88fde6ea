//! One change of a cluster's accounts at a time.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::OwnedMutexGuard;

/// Hands out locks, one for each cluster.
///
/// SLURM before 23.11 keeps the tree of accounts as nested intervals and shifts them on every change. Two changes at once leave intervals that
/// overlap, and a later removal takes foreign accounts with it: with 22.05.8, four loops that added and removed accounts of their own
/// destroyed a bystander's within seconds. Besides, what was looked at must still hold when it is acted upon.
#[derive(Debug, Default)]
pub(super) struct ClusterLocks {
    clusters: Mutex<BTreeMap<String, Arc<tokio::sync::Mutex<()>>>>,
}

impl ClusterLocks {
    /// Waits for this cluster's lock; it ends when the guard is dropped.
    pub(super) async fn lock(&self, cluster: &str) -> OwnedMutexGuard<()> {
        let lock = {
            let mut clusters = self.clusters.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(clusters.entry(cluster.to_owned()).or_default())
        };
        lock.lock_owned().await
    }
}
