//! A machine that is not there, so that a portal can be shown with everything that a machine has: conditions, actions, parts.
//!
//! Nothing is kept: addresses come from the resource's id, out of the ranges that are set aside for examples, and the condition is
//! what the portal believes.

use std::net::{Ipv4Addr, Ipv6Addr};

use chrono::DateTime;
use model::{Action, Condition, ConditionFacts, InventoryTable, ids::ResourceId};

use crate::{ActionOutcome, ActionRequest, Detail, PluginError, Settings};

/// The setting that says what resources of an offering are.
pub(super) const ACTS_AS: &str = "acts_as";
/// A service without a machine.
pub(super) const SERVICE: &str = "service";
const MACHINE: &str = "machine";

const RUNNING: &str = "running";
const STOPPED: &str = "stopped";

/// What can be chosen as [`ACTS_AS`].
pub(super) const CHOICES: [(&str, &str); 2] = [
    (SERVICE, "A service without a machine"),
    (MACHINE, "A machine (for demonstrations)"),
];

/// Whether resources of an offering with these settings are machines.
pub(super) fn is_meant(settings: &Settings) -> bool {
    settings.text(ACTS_AS) == Some(MACHINE)
}

/// The setting that makes machines of resources.
pub(super) fn is_asked_for() -> Condition {
    Condition {
        field: ACTS_AS.to_owned(),
        equals: vec![MACHINE.to_owned()],
    }
}

pub(super) fn conditions() -> Vec<ConditionFacts> {
    let condition = |code: &str, label: &str| ConditionFacts {
        code: code.to_owned(),
        label: label.to_owned(),
    };
    vec![condition(RUNNING, "Running"), condition(STOPPED, "Stopped")]
}

pub(super) fn actions() -> Vec<Action> {
    let actions = [
        Action::new("start", "Start", "The machine is switched on.").possible_in(&[STOPPED]),
        Action::new(
            "stop",
            "Stop",
            "The machine is switched off. It keeps its volumes and addresses.",
        )
        .possible_in(&[RUNNING])
        .confirmed("The machine is switched off, and what runs on it ends. It is billed as before."),
        Action::new("restart", "Restart", "The machine is switched off and on again.")
            .possible_in(&[RUNNING]),
        Action::new(
            "console",
            "Open a console",
            "Gives an address under which the machine's screen can be seen.",
        )
        .possible_in(&[RUNNING]),
    ];
    actions
        .into_iter()
        .map(|action| action.offered_when(ACTS_AS, MACHINE))
        .collect()
}

/// Does one of them; there is nothing to look at first.
pub(super) fn act(request: &ActionRequest) -> Result<ActionOutcome, PluginError> {
    let is_stopped = request.condition == STOPPED;
    match request.key.as_str() {
        "start" => Ok(ActionOutcome::now_in(RUNNING, "The machine runs.")),
        "stop" => Ok(ActionOutcome::now_in(STOPPED, "The machine is switched off.")),
        "restart" | "console" if is_stopped => Err(PluginError::refused(
            "The machine is switched off. Start it first.",
        )),
        "restart" => Ok(ActionOutcome::now_in(
            RUNNING,
            "The machine was restarted and runs.",
        )),
        "console" => Ok(ActionOutcome::Done {
            message: "The console has an address. This machine is a demonstration: nothing answers there."
                .to_owned(),
            output: vec![Detail::new(
                "Console",
                format!("https://console.example/{}", request.resource.resource),
            )],
            condition: None,
        }),
        key => Err(PluginError::unknown_action(key)),
    }
}

/// How people would reach it.
pub(super) fn details(resource: ResourceId) -> Vec<Detail> {
    vec![
        Detail::new("Address", address(resource).to_string()),
        Detail::new("User name", "demo"),
    ]
}

pub(super) fn parts(resource: ResourceId) -> Vec<InventoryTable> {
    let since = since(resource);
    let mut addresses = InventoryTable::new("addresses", "Addresses", &["Address", "Network", "Since"]);
    let (old, new) = (address(resource).to_string(), long_address(resource).to_string());
    for (address, network) in [(old, "192.0.2.0/24"), (new, "2001:db8::/32")] {
        addresses.push(address.clone(), vec![address, network.to_owned(), since.clone()]);
    }
    let mut volumes = InventoryTable::new("volumes", "Volumes", &["Volume", "Size", "Use"]);
    for (name, size, purpose) in [
        ("system", "20 GB", "Starts the machine"),
        ("data", "100 GB", "Data"),
    ] {
        volumes.push(name, [name, size, purpose].map(ToOwned::to_owned).to_vec());
    }
    vec![addresses, volumes]
}

/// Out of `192.0.2.0/24`, which RFC 5737 sets aside for examples.
fn address(resource: ResourceId) -> Ipv4Addr {
    let [.., last] = resource.0.into_bytes();
    Ipv4Addr::new(192, 0, 2, 1 + last % 254)
}

/// Out of `2001:db8::/32`, which RFC 3849 sets aside for examples.
fn long_address(resource: ResourceId) -> Ipv6Addr {
    let [.., a, b, c, d] = resource.0.into_bytes();
    let (net, host) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
    Ipv6Addr::new(0x2001, 0xdb8, 0, net, 0, 0, 0, host)
}

/// The day on which the resource was made, as its id tells.
fn since(resource: ResourceId) -> String {
    let (seconds, _) = resource.0.get_timestamp().map_or((0, 0), |made| made.to_unix());
    let made = i64::try_from(seconds).ok().filter(|seconds| *seconds > 0);
    let made = made.and_then(|seconds| DateTime::from_timestamp(seconds, 0));
    made.map(|made| made.format("%Y-%m-%d").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_come_from_the_id_and_lead_nowhere() {
        let id: ResourceId = "0193a5f0-1111-7000-8000-0000000000ff".parse().unwrap();
        let tables = parts(id);
        assert_eq!(
            tables[0].rows[0].cells,
            ["192.0.2.2", "192.0.2.0/24", "2024-12-08"]
        );
        assert_eq!(tables[0].rows[1].key, "2001:db8::ff");
        assert_eq!(tables, parts(id));
        assert_eq!(details(id)[0], Detail::new("Address", "192.0.2.2"));
    }
}
