//! Services that a person of the provider delivers. Every verb waits for that person; the domain ends the wait when they say so.

use async_trait::async_trait;
use model::attributes::{Field, FieldKind, Schema};

use crate::{
    Capabilities, ComponentPreset, ConnectionReport, Outcome, Plugin, PluginError, PluginInfo, Progress,
    ResourceRequest, Settings,
};

const USUAL_DAYS: &str = "usual_days";

/// The plugin for services that are delivered by hand.
#[derive(Debug)]
pub struct ManualPlugin {
    capabilities: Capabilities,
}

impl ManualPlugin {
    /// The plugin; what differs between offerings is in their settings.
    pub fn new() -> Self {
        Self {
            capabilities: Capabilities::default(),
        }
    }
}

impl Default for ManualPlugin {
    fn default() -> Self {
        Self::new()
    }
}

/// Nobody polls a person: the domain goes on when the provider has fulfilled or refused the order. It says by itself for whom
/// the order waits.
fn waiting(request: &ResourceRequest) -> Outcome {
    let waiting_for = match request.settings.integer(USUAL_DAYS) {
        Some(1) => "The provider usually does this within a day.".to_owned(),
        Some(days) if days > 1 => {
            format!("The provider usually does this within {days} days.")
        }
        _ => String::new(),
    };
    Outcome::Pending {
        poll_after: None,
        waiting_for,
    }
}

#[async_trait]
impl Plugin for ManualPlugin {
    fn describe(&self) -> PluginInfo {
        PluginInfo {
            kind: "manual",
            title: "By hand",
            description: "You are told of each order, deliver the service in your own way, and mark the order as done \
                          with what the buyer needs to know.",
            icon: "hand",
        }
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn has_backend(&self) -> bool {
        false
    }

    fn takes_own_actions(&self) -> bool {
        true
    }

    fn settings_schema(&self) -> Schema {
        let days = FieldKind::Integer {
            min: Some(1),
            max: Some(90),
            step: None,
            unit: Some("days".to_owned()),
        };
        Schema::new(vec![
            Field::new(USUAL_DAYS, "Usual time", days)
                .help("How long delivery usually takes; buyers see it while they wait."),
        ])
    }

    fn component_presets(&self) -> Vec<ComponentPreset> {
        Vec::new()
    }

    async fn test_connection(&self, _settings: &Settings) -> Result<ConnectionReport, PluginError> {
        let summary = "There is no backend to reach; you fulfil orders yourself.".to_owned();
        Ok(ConnectionReport {
            summary,
            findings: Vec::new(),
        })
    }

    async fn provision(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        progress
            .step(0, 1, "The provider has been asked to deliver the service.")
            .await;
        Ok(waiting(request))
    }

    async fn change_limits(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        progress
            .step(0, 1, "The provider has been asked to change the limits.")
            .await;
        Ok(waiting(request))
    }

    async fn change_terms(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        // Unlike a backend, a person has something to do: to renew a licence, say, or to give what the other plan promises.
        progress
            .step(0, 1, "The provider has been asked to go on as ordered.")
            .await;
        Ok(waiting(request))
    }

    async fn terminate(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        progress
            .step(0, 1, "The provider has been asked to end the service.")
            .await;
        Ok(waiting(request))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::{
        Silent,
        contract::{self, Fixture},
    };

    #[tokio::test]
    async fn it_keeps_the_contract() {
        contract::run(&ManualPlugin::new(), &Fixture::plain())
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn the_buyer_reads_how_long_it_usually_takes() {
        let mut request = Fixture::plain().request;
        request.settings = Settings::new(json!({ "usual_days": 3 }), BTreeMap::new());
        let outcome = ManualPlugin::new().provision(&request, &Silent).await.unwrap();
        let expected = "The provider usually does this within 3 days.".to_owned();
        assert_eq!(
            outcome,
            Outcome::Pending {
                poll_after: None,
                waiting_for: expected
            }
        );
    }
}
