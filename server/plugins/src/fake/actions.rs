//! What can be done with what is on the backend in memory.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use model::{
    Action, ConditionFacts, InventoryTable,
    attributes::{Field, FieldKind, Schema},
    ids::{ActionId, ResourceId},
};

use crate::{ActionOutcome, ActionRequest, Parts, PluginError};

const ON: &str = "on";
const OFF: &str = "off";
const DISKS: &str = "disks";

/// What was done to resources beside their verbs.
#[derive(Debug, Default)]
pub(super) struct Deeds {
    conditions: BTreeMap<ResourceId, String>,
    disks: BTreeMap<(ResourceId, String), i64>,
    begun: BTreeSet<ActionId>,
}

pub(super) fn declared() -> Vec<Action> {
    let size = FieldKind::Integer {
        min: Some(1),
        max: Some(1_000),
        step: None,
        unit: Some("GB".to_owned()),
    };
    let resize = Schema::new(vec![
        Field::new("disk", "Disk", FieldKind::choice(&[])).required(),
        Field::new("size", "Size", size).required(),
    ]);
    vec![
        Action::new("restart", "Restart", "It is switched off and on again."),
        Action::new("stop", "Stop", "It is switched off.")
            .possible_in(&[ON])
            .confirmed("What runs on it ends."),
        Action::new("start", "Start", "It is switched on.").possible_in(&[OFF]),
        Action::new("resize_disk", "Resize a disk", "A disk gets another size.")
            .asking(resize)
            .choosing("disk", DISKS),
        Action::new(
            "slow",
            "Take a while",
            "It is done the second time that it is asked for.",
        ),
    ]
}

pub(super) fn conditions() -> Vec<ConditionFacts> {
    let condition = |code: &str, label: &str| ConditionFacts {
        code: code.to_owned(),
        label: label.to_owned(),
    };
    vec![condition(ON, "On"), condition(OFF, "Off")]
}

impl Deeds {
    pub(super) fn act(&mut self, request: &ActionRequest) -> Result<ActionOutcome, PluginError> {
        let id = request.resource.resource;
        match request.key.as_str() {
            "restart" => Ok(self.switch(id, ON, "It was restarted.")),
            "stop" => Ok(self.switch(id, OFF, "It is switched off.")),
            "start" => Ok(self.switch(id, ON, "It is switched on.")),
            "resize_disk" => self.resize(request),
            "slow" if self.begun.insert(request.id) => Ok(ActionOutcome::Pending {
                poll_after: Duration::ZERO,
                waiting_for: "Waiting for the second time.".to_owned(),
            }),
            "slow" => Ok(ActionOutcome::done("It took a while.")),
            key => Err(PluginError::unknown_action(key)),
        }
    }

    /// Somebody switched it by other hands than the portal's.
    pub(super) fn set_condition(&mut self, id: ResourceId, condition: &str) {
        self.conditions.insert(id, condition.to_owned());
    }

    fn switch(&mut self, id: ResourceId, condition: &str, message: &str) -> ActionOutcome {
        self.set_condition(id, condition);
        ActionOutcome::now_in(condition, message)
    }

    fn resize(&mut self, request: &ActionRequest) -> Result<ActionOutcome, PluginError> {
        let (id, disk) = (
            request.resource.resource,
            request.text("disk").unwrap_or_default(),
        );
        if !self.disks(id).iter().any(|(name, _)| name == disk) {
            return Err(PluginError::refused(format!("There is no disk {disk} any more.")));
        }
        let size = request.input.get("size").and_then(serde_json::Value::as_i64);
        let size = size.ok_or_else(|| PluginError::refused("A disk needs a size."))?;
        self.disks.insert((id, disk.to_owned()), size);
        Ok(ActionOutcome::done(format!("The disk {disk} has {size} GB.")))
    }

    fn disks(&self, id: ResourceId) -> Vec<(String, i64)> {
        let size = |name: &str, size: i64| self.disks.get(&(id, name.to_owned())).copied().unwrap_or(size);
        [("root", 20), ("data", 100)]
            .map(|(name, usual)| (name.to_owned(), size(name, usual)))
            .to_vec()
    }

    pub(super) fn parts(&self, id: ResourceId) -> Parts {
        let mut disks = InventoryTable::new(DISKS, "Disks", &["Disk", "Size"]);
        for (name, size) in self.disks(id) {
            disks.push(name.clone(), vec![name, format!("{size} GB")]);
        }
        Parts {
            tables: vec![disks],
            condition: Some(self.condition(id)),
        }
    }

    pub(super) fn condition(&self, id: ResourceId) -> String {
        self.conditions.get(&id).cloned().unwrap_or_else(|| ON.to_owned())
    }
}
