//! How a worker works.

use std::time::Duration;

/// How a worker works.
#[derive(Clone)]
pub struct WorkerOptions {
    /// Jobs at once.
    pub concurrency: u32,
    /// Jobs at once against one backend, over all processes.
    pub per_backend: u32,
    /// How long a lease lasts without being renewed.
    pub lease: Duration,
    /// How often usage is collected.
    pub usage_every: Duration,
    /// Where fonts of further scripts are, for invoices.
    pub fonts: documents::ScriptFonts,
    /// Asks addresses that people gave.
    pub outgoing: outgoing::Client,
}
