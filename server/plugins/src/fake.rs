//! A backend in memory for the tests of others: it behaves well unless a script says otherwise.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::{Mutex, MutexGuard, PoisonError},
};

use async_trait::async_trait;
use model::{
    Action, ConditionFacts, InventoryTable,
    attributes::{Field, FieldKind, Schema},
    ids::ResourceId,
    pricing::ChargeType,
};

use crate::{
    ActionOutcome, ActionRequest, BackendObject, Capabilities, ComponentPreset, ConnectionReport, Detail,
    Finding, Inventory, Outcome, Parts, Plugin, PluginError, PluginInfo, Power, Progress, ResourceRequest,
    Settings, UsageReport, UsageReports, UsageRequest, Verb,
};

mod actions;

/// A plugin for tests. It can everything, remembers what it was asked, and answers from a script where there is one.
#[derive(Debug)]
pub struct FakePlugin {
    capabilities: Capabilities,
    memory: Mutex<Memory>,
}

/// One call of a verb, in the order they came.
#[derive(Debug, Clone)]
pub struct Call {
    /// What was asked.
    pub verb: Verb,
    /// For which resource, with what.
    pub request: ResourceRequest,
}

#[derive(Debug, Default)]
struct Memory {
    objects: BTreeMap<String, BackendObject>,
    script: BTreeMap<Verb, VecDeque<Result<Outcome, PluginError>>>,
    calls: Vec<Call>,
    usage: UsageReports,
    accounting: Option<PluginError>,
    usage_reads: Vec<usize>,
    deeds: actions::Deeds,
    action_script: VecDeque<Result<ActionOutcome, PluginError>>,
    actions_done: Vec<ActionRequest>,
    parts: Option<Result<Vec<InventoryTable>, PluginError>>,
}

impl Default for FakePlugin {
    fn default() -> Self {
        Self::new()
    }
}

impl FakePlugin {
    /// A backend that does everything at once.
    pub fn new() -> Self {
        Self {
            capabilities: Capabilities::of(Power::ALL),
            memory: Mutex::default(),
        }
    }

    /// The next call of the verb, with no other queued before, is answered so and has no effect.
    pub fn answer_next(&self, verb: Verb, answer: Result<Outcome, PluginError>) {
        self.memory().script.entry(verb).or_default().push_back(answer);
    }

    /// What the resource used, from now on.
    pub fn set_usage(&self, resource: ResourceId, usage: Result<UsageReport, PluginError>) {
        self.memory().usage.insert(resource, usage);
    }

    /// Makes every reading of usage fail (or, with `None`, succeed again).
    pub fn set_accounting(&self, fault: Option<PluginError>) {
        self.memory().accounting = fault;
    }

    /// How often usage was read so far, and of how many resources each time.
    pub fn usage_reads(&self) -> Vec<usize> {
        self.memory().usage_reads.clone()
    }

    /// The next action that is brought, whichever, with no other answer queued before, is answered so and has no effect.
    pub fn answer_next_action(&self, answer: Result<ActionOutcome, PluginError>) {
        self.memory().action_script.push_back(answer);
    }

    /// Every action that was brought so far, also those that were answered from the script.
    pub fn actions_done(&self) -> Vec<ActionRequest> {
        self.memory().actions_done.clone()
    }

    /// What is listed of every resource from now on, or why it is not.
    pub fn set_parts(&self, parts: Result<Vec<InventoryTable>, PluginError>) {
        self.memory().parts = Some(parts);
    }

    /// A resource is switched `on` or `off` by other hands than the portal's.
    pub fn set_condition(&self, resource: ResourceId, condition: &str) {
        self.memory().deeds.set_condition(resource, condition);
    }

    /// Somebody is given access by other hands than the portal's; to everything that there is.
    pub fn let_in(&self, username: &str) {
        for object in self.memory().objects.values_mut() {
            object.members.push(username.to_owned());
            object.members.sort_unstable();
        }
    }

    /// Every call of a verb so far.
    pub fn calls(&self) -> Vec<Call> {
        self.memory().calls.clone()
    }

    /// What is on the backend.
    pub fn objects(&self) -> BTreeMap<String, BackendObject> {
        self.memory().objects.clone()
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        // A test that panicked elsewhere has left nothing half-done in these maps.
        self.memory.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn carry_out(&self, verb: Verb, request: &ResourceRequest) -> Result<Outcome, PluginError> {
        let mut memory = self.memory();
        memory.calls.push(Call {
            verb,
            request: request.clone(),
        });
        if let Some(answer) = memory.script.get_mut(&verb).and_then(VecDeque::pop_front) {
            return answer;
        }
        let id = request
            .backend_id
            .clone()
            .unwrap_or_else(|| format!("fake-{}", request.resource));
        match verb {
            Verb::Provision => {
                let object = object(request);
                memory.objects.entry(id.clone()).or_insert(object);
            }
            Verb::Terminate => {
                memory.objects.remove(&id);
                return Ok(Outcome::Gone);
            }
            Verb::ChangeLimits => living(&mut memory, &id)?.limits = request.limits_over_life(),
            Verb::ChangeTerms => {}
            Verb::SyncMembers => living(&mut memory, &id)?.members = sorted(&request.members),
        }
        Ok(Outcome::Ready {
            backend_id: id.clone(),
            details: vec![Detail::new("Fake", id)],
        })
    }
}

fn endpoint() -> FieldKind {
    FieldKind::String {
        min_length: None,
        max_length: Some(200),
    }
}

fn living<'a>(memory: &'a mut Memory, id: &str) -> Result<&'a mut BackendObject, PluginError> {
    memory
        .objects
        .get_mut(id)
        .ok_or_else(|| PluginError::needs_operator(format!("There is no {id} any more.")))
}

fn object(request: &ResourceRequest) -> BackendObject {
    BackendObject {
        resource: Some(request.resource),
        limits: request.limits_over_life(),
        members: sorted(&request.members),
    }
}

fn sorted(members: &[String]) -> Vec<String> {
    let mut members = members.to_vec();
    members.sort_unstable();
    members.dedup();
    members
}

#[async_trait]
impl Plugin for FakePlugin {
    fn describe(&self) -> PluginInfo {
        PluginInfo {
            kind: "fake",
            title: "Fake",
            description: "A backend in memory, for tests.",
            icon: "beaker",
        }
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn settings_schema(&self) -> Schema {
        Schema::new(vec![
            Field::new("endpoint", "Endpoint", endpoint()),
            Field::new("token", "Token", FieldKind::Secret),
        ])
    }

    /// Endpoints are of those who run the portal: an offering that names one needs it assigned.
    fn assigned(&self) -> Schema {
        Schema::new(vec![Field::new("endpoint", "Endpoint", endpoint()).required()])
    }

    fn component_presets(&self) -> Vec<ComponentPreset> {
        vec![ComponentPreset {
            code: "cpu_hours",
            name: "CPU-hours",
            unit: "CPU-hour",
            description: "One processor core for one hour.",
            charges: &[ChargeType::Limit, ChargeType::Usage],
            metered: true,
            enforced: true,
            counts_over_life: true,
        }]
    }

    async fn test_connection(&self, _settings: &Settings) -> Result<ConnectionReport, PluginError> {
        Ok(ConnectionReport {
            summary: "The backend in memory answers.".to_owned(),
            findings: vec![Finding::good("Memory", "It is there.")],
        })
    }

    async fn provision(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        progress.step(0, 2, "Making the object.").await;
        let outcome = self.carry_out(Verb::Provision, request)?;
        progress.step(2, 2, "The object is ready.").await;
        Ok(outcome)
    }

    async fn change_limits(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        progress.step(0, 1, "Setting the limits.").await;
        self.carry_out(Verb::ChangeLimits, request)
    }

    async fn terminate(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        progress.step(0, 1, "Removing the object.").await;
        self.carry_out(Verb::Terminate, request)
    }

    async fn sync_members(&self, request: &ResourceRequest) -> Result<Outcome, PluginError> {
        self.carry_out(Verb::SyncMembers, request)
    }

    async fn collect_usage(&self, requests: &[UsageRequest]) -> Result<UsageReports, PluginError> {
        let mut memory = self.memory();
        memory.usage_reads.push(requests.len());
        if let Some(fault) = &memory.accounting {
            return Err(fault.clone());
        }
        let report = |id: ResourceId| {
            memory
                .usage
                .get(&id)
                .cloned()
                .unwrap_or_else(|| Ok(UsageReport::default()))
        };
        Ok(requests
            .iter()
            .map(|request| (request.resource.resource, report(request.resource.resource)))
            .collect())
    }

    fn actions(&self) -> Vec<Action> {
        actions::declared()
    }

    fn conditions(&self) -> Vec<ConditionFacts> {
        actions::conditions()
    }

    async fn act(
        &self,
        request: &ActionRequest,
        progress: &dyn Progress,
    ) -> Result<ActionOutcome, PluginError> {
        progress.step(0, 1, "Doing what was asked for.").await;
        let mut memory = self.memory();
        memory.actions_done.push(request.clone());
        match memory.action_script.pop_front() {
            Some(answer) => answer,
            None => memory.deeds.act(request),
        }
    }

    async fn parts(&self, request: &ResourceRequest, _condition: &str) -> Result<Parts, PluginError> {
        let memory = self.memory();
        match &memory.parts {
            None => Ok(memory.deeds.parts(request.resource)),
            Some(Err(fault)) => Err(fault.clone()),
            Some(Ok(tables)) => Ok(Parts {
                tables: tables.clone(),
                condition: Some(memory.deeds.condition(request.resource)),
            }),
        }
    }

    async fn inspect(&self, _settings: &Settings) -> Result<Inventory, PluginError> {
        Ok(Inventory {
            objects: self.objects(),
        })
    }
}

#[cfg(test)]
mod tests;
