//! Provisioning backends behind one contract: what the marketplace asks of a SLURM cluster, a person or nothing at all.
//!
//! Owns the [`Plugin`] trait, its requests and answers, the plugins themselves and the suite that each must pass
//! ([`contract`]). It must not know the database, HTTP, orders' states or prices: it is told what a resource should be and
//! makes the backend so. Start reading at [`Plugin`] (`plugin.rs`), then [`slurm`], the one with a real backend.
//!
//! # To add a plugin
//! 1. A folder with a type that implements [`Plugin`]; every step looks before it creates, so that a process killed at any
//!    instant and run again leaves one result.
//! 2. Declare its [`Capabilities`] and [`Plugin::actions`]; leave what it cannot do to the default methods, which answer `Unsupported`.
//! 3. Run [`contract::run`] in its tests, and register it in [`PluginRegistry`] where the server is put together.

#![warn(missing_docs)]

mod action;
mod capabilities;
mod describe;
mod error;
mod inventory;
mod outcome;
mod plugin;
mod progress;
mod registry;
mod request;
mod secret;
mod usage;

pub mod contract;
pub mod fake;
pub mod instant;
pub mod manual;
pub mod slurm;

pub use action::{ActionOutcome, ActionRequest, Parts};
pub use capabilities::{Capabilities, Power};
pub use describe::{ComponentPreset, ConnectionReport, Finding, PluginInfo};
pub use error::PluginError;
pub use inventory::{BackendObject, Inventory};
pub use outcome::{Detail, Outcome};
pub use plugin::Plugin;
pub use progress::{Progress, Silent};
pub use registry::PluginRegistry;
pub use request::{BackendNames, Limits, ResourceRequest, Settings, UsageRequest, Verb, Window};
pub use secret::Secret;
pub use usage::{UsageEvent, UsageFault, UsageReport, UsageReports};
