//! Services with nothing to make: consultancy hours, licences, memberships. An order is fulfilled the moment it is approved.
//!
//! For demonstrations such a service can act as a machine (`machine`), which has conditions, actions and parts though nothing is there.

use async_trait::async_trait;
use model::{
    Action, Condition, ConditionFacts,
    attributes::{Field, FieldKind, Schema},
};

use crate::{
    ActionOutcome, ActionRequest, Capabilities, ComponentPreset, ConnectionReport, Outcome, Parts, Plugin,
    PluginError, PluginInfo, Power, Progress, ResourceRequest, Settings,
};

mod machine;

/// The plugin for services that need no backend. Usage, where it is charged, is reported by the provider.
#[derive(Debug)]
pub struct InstantPlugin {
    capabilities: Capabilities,
}

impl InstantPlugin {
    /// The plugin; it has no configuration.
    pub fn new() -> Self {
        Self {
            capabilities: Capabilities::of(&[Power::Parts]),
        }
    }
}

impl Default for InstantPlugin {
    fn default() -> Self {
        Self::new()
    }
}

fn ready(request: &ResourceRequest) -> Outcome {
    let details = if machine::is_meant(&request.settings) {
        machine::details(request.resource)
    } else {
        Vec::new()
    };
    Outcome::Ready {
        backend_id: request.resource.to_string(),
        details,
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
        let acts_as = FieldKind::choice(&machine::CHOICES);
        Schema::new(vec![
            Field::new(machine::ACTS_AS, "What it is", acts_as)
                .default_value(machine::SERVICE)
                .help("A machine has an address, volumes and actions such as Stop, so that they can be shown. None of it exists."),
        ])
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

    fn actions(&self) -> Vec<Action> {
        machine::actions()
    }

    fn parts_offered_when(&self) -> Option<Condition> {
        Some(machine::is_asked_for())
    }

    /// Those of a machine; a service without one is in the first as long as it is there.
    fn conditions(&self) -> Vec<ConditionFacts> {
        machine::conditions()
    }

    async fn act(
        &self,
        request: &ActionRequest,
        progress: &dyn Progress,
    ) -> Result<ActionOutcome, PluginError> {
        if !machine::is_meant(&request.resource.settings) {
            return Err(PluginError::unknown_action(&request.key));
        }
        progress.step(1, 1, "There is nothing to wait for.").await;
        machine::act(request)
    }

    async fn parts(&self, request: &ResourceRequest, _condition: &str) -> Result<Parts, PluginError> {
        let tables = if machine::is_meant(&request.settings) {
            machine::parts(request.resource)
        } else {
            Vec::new()
        };
        // Nothing is kept that could tell.
        Ok(Parts {
            tables,
            condition: None,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::{
        Detail, Silent,
        contract::{self, Fixture},
    };

    fn machine() -> Fixture {
        let mut fixture = Fixture::plain();
        fixture.request.settings = Settings::new(json!({ "acts_as": "machine" }), BTreeMap::new());
        fixture
    }

    fn wish(fixture: Fixture, key: &str, condition: &str) -> ActionRequest {
        ActionRequest {
            id: model::ids::ActionId(uuid::Uuid::nil()),
            resource: fixture.request,
            key: key.to_owned(),
            input: json!({}),
            condition: condition.to_owned(),
        }
    }

    #[tokio::test]
    async fn it_keeps_the_contract() {
        contract::run(&InstantPlugin::new(), &Fixture::plain())
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn a_machine_keeps_the_contract_too() {
        contract::run(&InstantPlugin::new(), &machine()).await.unwrap();
    }

    #[tokio::test]
    async fn a_machine_stops_starts_and_has_a_console_while_it_runs() {
        let act = async |key: &str, condition: &str| {
            InstantPlugin::new()
                .act(&wish(machine(), key, condition), &Silent)
                .await
        };
        for (key, condition, then) in [
            ("stop", "running", "stopped"),
            ("start", "stopped", "running"),
            ("restart", "running", "running"),
        ] {
            let outcome = act(key, condition).await;
            assert!(
                matches!(&outcome, Ok(ActionOutcome::Done { condition: Some(now), .. }) if now == then),
                "{key}: {outcome:?}"
            );
        }
        let Ok(ActionOutcome::Done { output, .. }) = act("console", "running").await else {
            panic!("there is no console");
        };
        let id = machine().request.resource;
        assert_eq!(
            output,
            [Detail::new("Console", format!("https://console.example/{id}"))]
        );
        for key in ["restart", "console", "shrink"] {
            let refused = act(key, "stopped").await;
            assert!(
                matches!(refused, Err(PluginError::Refused { .. })),
                "{key}: {refused:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_service_has_neither_actions_nor_parts() {
        let plugin = InstantPlugin::new();
        let settings = serde_json::Value::Object(Fixture::plain().request.settings.values().clone());
        assert!(
            plugin
                .actions()
                .iter()
                .all(|action| !action.is_offered(&settings))
        );
        let refused = plugin
            .act(&wish(Fixture::plain(), "stop", "running"), &Silent)
            .await;
        assert!(matches!(refused, Err(PluginError::Refused { .. })), "{refused:?}");
        let request = Fixture::plain().request;
        assert_eq!(plugin.parts(&request, "").await, Ok(Parts::default()));
        let outcome = plugin.provision(&request, &Silent).await;
        assert!(matches!(outcome, Ok(Outcome::Ready { details, .. }) if details.is_empty()));
    }
}
