//! Looks whom a backend lets in. Where that is not who it was told, by whose hand ever, it is told again: what somebody was
//! given beside the portal is taken back.

use std::{collections::BTreeSet, sync::Arc};

use async_trait::async_trait;
use domain::{
    DomainError,
    jobs::{Job, LeasedJob},
    provisioning::SyncedMembers,
};
use model::{OfferingId, ResourceId};
use plugins::{Inventory, Plugin, Power, Settings};
use serde::{Deserialize, Serialize};

use super::requests;
use super::run::{Context, JobOutcome, Run, upkeep_outcome};

/// Compares the members of one backend with who should be.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct InspectBackend {
    /// The plugin's name for it.
    pub(crate) backend: String,
}

impl Job for InspectBackend {
    const NAME: &'static str = "inspect_backend";
    const HOUSEKEEPING: bool = true;

    fn subject(&self) -> String {
        format!("backend {}", self.backend)
    }

    fn serial_key(&self) -> Option<String> {
        Some(format!("{} {}", Self::NAME, self.backend))
    }
}

/// An offering whose backend can be looked into.
pub(super) struct Inspected {
    pub(super) backend: String,
    offering: OfferingId,
    settings: Settings,
    plugin: Arc<dyn Plugin>,
}

/// All offerings in use whose plugin keeps members and can be looked into.
pub(super) async fn inspected(context: &Context) -> Result<Vec<Inspected>, DomainError> {
    let open: Vec<Arc<dyn Plugin>> = context
        .plugins
        .iter()
        .filter(|plugin| {
            let capabilities = plugin.capabilities();
            capabilities.can(Power::Members) && capabilities.can(Power::Inspect)
        })
        .cloned()
        .collect();
    let kinds: Vec<&str> = open.iter().map(|plugin| plugin.kind()).collect();
    let offerings = context.operations.provisioning().offerings_in_use(&kinds).await?;
    let of = |offering: domain::provisioning::OfferingBackend| {
        let plugin = open
            .iter()
            .find(|plugin| plugin.kind() == offering.backend.plugin)?;
        let settings = requests::settings_of(&offering.backend);
        Some(Inspected {
            backend: plugin.backend(&settings),
            offering: offering.offering_id,
            settings,
            plugin: Arc::clone(plugin),
        })
    };
    Ok(offerings.into_iter().filter_map(of).collect())
}

#[async_trait]
impl Run for InspectBackend {
    async fn run(&self, context: &Context, leased: &LeasedJob) -> Result<JobOutcome, JobOutcome> {
        let own: Vec<Inspected> = inspected(context)
            .await?
            .into_iter()
            .filter(|inspected| inspected.backend == self.backend)
            .collect();
        let Some(plugin) = own.first().map(|inspected| Arc::clone(&inspected.plugin)) else {
            return Ok(JobOutcome::Done);
        };
        context
            .take_slot_on(leased, plugin.as_ref(), &self.backend)
            .await?;
        let provisioning = context.operations.provisioning();
        for inspected in own {
            // Before the backend is asked: who is told meanwhile is only told once more.
            let told = provisioning.synced_members(inspected.offering).await?;
            let inventory = match plugin.inspect(&inspected.settings).await {
                Ok(inventory) => inventory,
                Err(error) => return Ok(upkeep_outcome(&error)),
            };
            let diverged = diverged(&told, &inventory);
            if !diverged.is_empty() {
                tracing::warn!(
                    resources.diverged = diverged.len(),
                    "a backend lets in others than it was told"
                );
                provisioning.forget_members(&diverged).await?;
            }
        }
        Ok(JobOutcome::Done)
    }
}

/// Resources that let in others than they were told. What is not on the backend is nobody's to enter.
fn diverged(told: &[SyncedMembers], inventory: &Inventory) -> Vec<ResourceId> {
    let lets_in_others = |one: &&SyncedMembers| {
        inventory.objects.get(&one.backend_id).is_some_and(|object| {
            let has: BTreeSet<&String> = object.members.iter().collect();
            has != one.usernames.iter().collect::<BTreeSet<_>>()
        })
    };
    told.iter()
        .filter(lets_in_others)
        .map(|one| one.resource_id)
        .collect()
}
