//! How names become addresses.

use std::{io, net::IpAddr};

use async_trait::async_trait;

/// Finds the addresses of a name. Tests answer for names that nobody has.
#[async_trait]
pub trait Lookup: Send + Sync {
    /// All addresses that the name has now, in the order to try them.
    ///
    /// # Errors
    /// Where the name does not exist or nobody could be asked.
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>>;
}

/// Asks the system: its resolver, and its file of hosts.
#[derive(Debug, Clone, Copy)]
pub struct SystemNames;

#[async_trait]
impl Lookup for SystemNames {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((name, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}
