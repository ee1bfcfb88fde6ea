//! Where a verb tells how far it is.

use async_trait::async_trait;

/// Takes the steps of a verb as they are done. The worker's sink stores them for the order's page.
#[async_trait]
pub trait Progress: Send + Sync {
    /// `done` of `total` steps are behind us; `message` says what is done next, as a sentence for people.
    async fn step(&self, done: u32, total: u32, message: &str);
}

/// Tells nobody.
#[derive(Debug, Clone, Copy, Default)]
pub struct Silent;

#[async_trait]
impl Progress for Silent {
    async fn step(&self, _done: u32, _total: u32, _message: &str) {}
}
