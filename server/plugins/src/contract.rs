//! The suite every plugin must pass, whatever its backend. Tests call [`run`] with a [`Fixture`] that suits the plugin; it drives one
//! resource through its life and says everything that is not as the trait promises.

use std::{collections::BTreeMap, fmt, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use model::ids::{OrderId, ResourceId};
use rust_decimal::Decimal;
use serde_json::json;
use uuid::Uuid;

use crate::{BackendNames, Limits, Plugin, ResourceRequest, Settings, Window};

mod actions;
mod deeds;
mod description;
mod life;

/// One resource to try a plugin with.
#[derive(Debug, Clone)]
pub struct Fixture {
    /// The resource as it is first ordered.
    pub request: ResourceRequest,
    /// The limits it is changed to.
    pub other_limits: Limits,
    /// The members it is changed to.
    pub other_members: Vec<String>,
    /// The window for usage.
    pub window: Window,
    /// The present.
    pub now: DateTime<Utc>,
    /// How long the suite waits between polls, and how often it polls before it gives up.
    pub poll: (Duration, u32),
}

impl Fixture {
    /// A fixture for plugins that need no settings.
    pub fn plain() -> Self {
        let now = DateTime::from_timestamp(1_795_250_000, 0).unwrap_or_default();
        let limits = |hours: u32| Limits::from([("cpu_hours".to_owned(), Decimal::from(hours))]);
        Self {
            request: ResourceRequest {
                order: Some(OrderId(Uuid::from_u128(
                    0x0193_a5f0_0000_7000_8000_0000_0000_0001,
                ))),
                resource: ResourceId(Uuid::from_u128(0x0193_a5f0_0000_7000_8000_0000_0000_0002)),
                backend_id: None,
                names: BackendNames {
                    organization: "contract".to_owned(),
                    project: "suite".to_owned(),
                    resource: "one".to_owned(),
                },
                settings: Settings::new(json!({}), BTreeMap::new()),
                limits: limits(10),
                used_before: Limits::new(),
                attributes: json!({}),
                members: vec!["alice".to_owned()],
            },
            other_limits: limits(25),
            other_members: vec!["alice".to_owned(), "bob".to_owned()],
            window: Window {
                start: now - TimeDelta::days(1),
                end: now,
            },
            now,
            poll: (Duration::from_millis(500), 60),
        }
    }
}

/// What a plugin did otherwise than the contract says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Breaches(Vec<String>);

impl Breaches {
    fn add(&mut self, breach: impl Into<String>) {
        self.0.push(breach.into());
    }

    fn unless(&mut self, holds: bool, breach: impl Into<String>) {
        if !holds {
            self.add(breach);
        }
    }
}

impl fmt::Display for Breaches {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join("\n"))
    }
}

impl std::error::Error for Breaches {}

/// Runs the whole suite. The backend is left without the fixture's resource, unless the plugin failed to end it.
///
/// # Errors
/// Every breach that was found.
pub async fn run(plugin: &dyn Plugin, fixture: &Fixture) -> Result<(), Breaches> {
    let mut breaches = Breaches::default();
    description::check(plugin, fixture, &mut breaches).await;
    life::check(plugin, fixture, &mut breaches).await;
    if breaches.0.is_empty() {
        Ok(())
    } else {
        Err(breaches)
    }
}
