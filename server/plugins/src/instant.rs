//! Services with nothing to make: consultancy hours, licences, memberships. An order is fulfilled the moment it is approved.

use async_trait::async_trait;
use model::attributes::Schema;

use crate::{
    Capabilities, ComponentPreset, ConnectionReport, Outcome, Plugin, PluginError, PluginInfo, Progress,
    ResourceRequest, Settings,
};

/// The plugin for services that need no backend. Usage, where it is charged, is reported by the provider.
#[derive(Debug)]
pub struct InstantPlugin {
    capabilities: Capabilities,
}

impl InstantPlugin {
    /// The plugin; it has no configuration.
    pub fn new() -> Self {
        Self {
            capabilities: Capabilities::default(),
        }
    }
}

impl Default for InstantPlugin {
    fn default() -> Self {
        Self::new()
    }
}

fn ready(request: &ResourceRequest) -> Outcome {
    Outcome::Ready {
        backend_id: request.resource.to_string(),
        details: Vec::new(),
    }
}

#[async_trait]
impl Plugin for InstantPlugin {
    fn describe(&self) -> PluginInfo {
        PluginInfo {
            kind: "instant",
            title: "Immediate",
            description: "There is nothing to provision: the service counts as delivered as soon as its order is \
                          approved. For licences, memberships, consultancy hours.",
            icon: "bolt",
        }
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn has_backend(&self) -> bool {
        false
    }

    fn settings_schema(&self) -> Schema {
        Schema::new(Vec::new())
    }

    fn component_presets(&self) -> Vec<ComponentPreset> {
        Vec::new()
    }

    async fn test_connection(&self, _settings: &Settings) -> Result<ConnectionReport, PluginError> {
        let summary = "There is no backend to reach; orders are fulfilled at once.".to_owned();
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
        progress.step(1, 1, "The service is ready.").await;
        Ok(ready(request))
    }

    async fn change_limits(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        progress.step(1, 1, "The new limits are in force.").await;
        Ok(ready(request))
    }

    async fn terminate(
        &self,
        _request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        progress.step(1, 1, "The service has ended.").await;
        Ok(Outcome::Gone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{self, Fixture};

    #[tokio::test]
    async fn it_keeps_the_contract() {
        contract::run(&InstantPlugin::new(), &Fixture::plain())
            .await
            .unwrap();
    }
}
