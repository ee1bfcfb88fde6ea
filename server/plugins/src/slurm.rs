//! SLURM clusters, driven through their own command line.
//!
//! A resource is an account `<prefix>_<organization>_<project>_<resource>` below the project's account, below the
//! organization's account; its limits are `GrpTRESMins`, its members are user associations. The account's description carries
//! the resource's id: so a run that was cut off recognises its own account, and a foreign account of the same name is
//! never adopted.
//!
//! `GrpTRESMins` is compared with all that an account has used since it was made. What is sold by the month or by the term must
//! be usable in each of them, so the account's limit is what was used before the running period and the period's own amount;
//! the marketplace sets it anew when a period begins, when limits change, at a renewal, and when accounting tells of use late.
//! A site that lets usage decay or resets it (`PriorityDecayHalfLife`, `PriorityUsageResetPeriod`) gives the period's amount
//! per such period of its own, because nobody else knows what it has forgotten. Where a site sets an account's use back by hand
//! (`RawUsage=0`), the account can use that much more.
//!
//! An allocation can be paused: its account has `GrpJobs=0` then and its jobs are suspended, which is all that tells that it is. So
//! whoever administers the cluster can pause and resume it as well, and the portal sees that ([`Plugin::parts`]).
//!
//! What a provider fills in never names a program, a file or a host: where the commands and their configuration
//! are is the server's own configuration ([`SlurmHost`]). Clusters, parent accounts and qualities of service are the operator's to
//! assign ([`Plugin::assigned`]).

use std::{path::PathBuf, time::Duration};

use async_trait::async_trait;
use model::{Action, ConditionFacts, attributes::Schema, pricing::ChargeType};

use crate::{
    ActionOutcome, ActionRequest, Capabilities, ComponentPreset, ConnectionReport, Inventory, Outcome, Parts,
    Plugin, PluginError, PluginInfo, Power, Progress, ResourceRequest, Settings, UsageReports, UsageRequest,
};

mod accounts;
mod actions;
mod association;
mod change;
mod cluster;
mod cluster_locks;
mod command;
mod connection;
mod counting;
mod failure;
mod inspect;
mod job_id;
mod limits;
mod members;
mod names;
mod parts;
mod provision;
mod queue;
#[cfg(feature = "fuzzing")]
mod recorded;
mod settings;
mod terminate;
mod usage;

#[cfg(feature = "fuzzing")]
pub use recorded::RecordedAnswer;

use accounts::Accounts;
use cluster_locks::ClusterLocks;
use command::Programs;
use settings::ClusterSettings;

/// The code of the component that counts processor hours.
pub const CPU_HOURS: &str = "cpu_hours";
/// The code of the component that counts hours of graphics processors.
pub const GPU_HOURS: &str = "gpu_hours";
/// The code of the component that counts stored terabytes by month; SLURM knows nothing of it.
pub const STORAGE_TB_MONTHS: &str = "storage_tb_months";

/// Where the server finds SLURM. Comes from the server's configuration, never from a provider.
#[derive(Debug, Clone)]
pub struct SlurmHost {
    /// The directory of `sacctmgr`, `sacct`, `squeue`, `scancel` and `scontrol`. `None`: the system's usual directories.
    pub bin_dir: Option<PathBuf>,
    /// The value of `SLURM_CONF`. `None`: the commands' own default.
    pub conf: Option<PathBuf>,
    /// How long one command may take. A controller that is down makes `scancel` take 18 s, so less than 30 s would turn
    /// clear messages into time-outs.
    pub timeout: Duration,
}

impl Default for SlurmHost {
    fn default() -> Self {
        Self {
            bin_dir: None,
            conf: None,
            timeout: Duration::from_secs(30),
        }
    }
}

/// The plugin for SLURM clusters. See the module's documentation.
#[derive(Debug)]
pub struct SlurmPlugin {
    programs: Programs,
    capabilities: Capabilities,
    locks: ClusterLocks,
}

impl SlurmPlugin {
    /// A plugin that uses the commands of this host.
    pub fn new(host: SlurmHost) -> Self {
        Self::of(Programs::new(host))
    }

    /// A plugin that starts no program and takes these for what programs answer, one after another.
    #[cfg(feature = "fuzzing")]
    pub fn answering(answers: Vec<RecordedAnswer>) -> Self {
        Self::of(Programs::answering(recorded::Recorded::new(answers)))
    }

    fn of(programs: Programs) -> Self {
        let powers = [Power::Members, Power::Usage, Power::Inspect, Power::Parts];
        Self {
            programs,
            capabilities: Capabilities::of(&powers),
            locks: ClusterLocks::default(),
        }
    }

    fn accounts<'a>(&'a self, settings: &'a ClusterSettings) -> Accounts<'a> {
        Accounts::new(&self.programs, settings)
    }
}

#[async_trait]
impl Plugin for SlurmPlugin {
    fn describe(&self) -> PluginInfo {
        PluginInfo {
            kind: "slurm",
            title: "SLURM allocation",
            description: "An order becomes an account on a SLURM cluster with limits on processor and GPU time. \
                          The project's members can submit jobs to it, and what they use is read from SLURM's accounting.",
            icon: "cpu",
        }
    }

    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn concurrency(&self) -> Option<u32> {
        // Between processes as within one: see `cluster_locks`.
        Some(1)
    }

    fn backend(&self, settings: &Settings) -> String {
        format!(
            "slurm/{}",
            settings
                .text(settings::CLUSTER)
                .unwrap_or_default()
                .to_lowercase()
        )
    }

    fn settings_schema(&self) -> Schema {
        settings::schema()
    }

    fn assigned(&self) -> Schema {
        settings::assigned()
    }

    fn component_presets(&self) -> Vec<ComponentPreset> {
        presets()
    }

    async fn test_connection(&self, settings: &Settings) -> Result<ConnectionReport, PluginError> {
        let settings = ClusterSettings::read(settings)?;
        connection::test(&self.accounts(&settings)).await
    }

    async fn provision(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        let settings = ClusterSettings::read(&request.settings)?;
        let _lock = self.locks.lock(&settings.cluster).await;
        provision::provision(&self.accounts(&settings), request, progress).await
    }

    async fn change_limits(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        let settings = ClusterSettings::read(&request.settings)?;
        let _lock = self.locks.lock(&settings.cluster).await;
        change::limits(&self.accounts(&settings), request, progress).await
    }

    async fn terminate(
        &self,
        request: &ResourceRequest,
        progress: &dyn Progress,
    ) -> Result<Outcome, PluginError> {
        let settings = ClusterSettings::read(&request.settings)?;
        let _lock = self.locks.lock(&settings.cluster).await;
        terminate::terminate(&self.accounts(&settings), request, progress).await
    }

    async fn sync_members(&self, request: &ResourceRequest) -> Result<Outcome, PluginError> {
        let settings = ClusterSettings::read(&request.settings)?;
        let _lock = self.locks.lock(&settings.cluster).await;
        change::members(&self.accounts(&settings), request).await
    }

    async fn collect_usage(&self, requests: &[UsageRequest]) -> Result<UsageReports, PluginError> {
        usage::collect(&self.programs, requests).await
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
        let settings = ClusterSettings::read(&request.resource.settings)?;
        let _lock = self.locks.lock(&settings.cluster).await;
        actions::act(&self.accounts(&settings), request, progress).await
    }

    async fn parts(&self, request: &ResourceRequest, _condition: &str) -> Result<Parts, PluginError> {
        let settings = ClusterSettings::read(&request.settings)?;
        parts::parts(&self.accounts(&settings), request).await
    }

    async fn inspect(&self, settings: &Settings) -> Result<Inventory, PluginError> {
        let settings = ClusterSettings::read(settings)?;
        inspect::inspect(&self.accounts(&settings)).await
    }
}

fn presets() -> Vec<ComponentPreset> {
    vec![
        ComponentPreset {
            code: CPU_HOURS,
            name: "CPU-hours",
            unit: "CPU-hour",
            description: "One processor core for one hour, as allocated to jobs.",
            charges: &[ChargeType::Limit, ChargeType::Usage],
            metered: true,
            enforced: true,
            counts_over_life: true,
        },
        ComponentPreset {
            code: GPU_HOURS,
            name: "GPU-hours",
            unit: "GPU-hour",
            description: "One graphics processor for one hour, as allocated to jobs.",
            charges: &[ChargeType::Usage, ChargeType::Limit],
            metered: true,
            enforced: true,
            counts_over_life: true,
        },
        ComponentPreset {
            code: STORAGE_TB_MONTHS,
            name: "Storage",
            unit: "TB-month",
            description: "One terabyte kept for a month. SLURM does not measure it; the provider reports it.",
            charges: &[ChargeType::Limit, ChargeType::Usage],
            metered: false,
            enforced: false,
            counts_over_life: false,
        },
    ]
}
