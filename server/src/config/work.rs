use std::{path::PathBuf, time::Duration};

use super::Reader;

/// How jobs are worked.
#[derive(Debug, Clone)]
pub(crate) struct WorkConfig {
    /// `serve` works jobs as well.
    pub(crate) in_server: bool,
    /// Jobs at once in this process.
    pub(crate) concurrency: u32,
    /// Jobs at once against one backend, over all processes.
    pub(crate) per_backend: u32,
    /// How long a lease lasts without a heartbeat.
    pub(crate) lease: Duration,
    /// How often usage is read from backends.
    pub(crate) usage_every: Duration,
}

impl WorkConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        Self {
            in_server: reader.parsed("work_in_server", true, "true or false"),
            concurrency: reader.number("work_concurrency", 8, 1..=64),
            per_backend: reader.number("work_per_backend", 4, 1..=64),
            lease: Duration::from_secs(reader.number("work_lease_seconds", 30, 2..=3600).into()),
            usage_every: Duration::from_secs(reader.number("usage_seconds", 300, 1..=86_400).into()),
        }
    }
}

/// Where the SLURM client programs of this machine are. Set by whoever runs Stoa, never by a provider.
#[derive(Debug, Clone)]
pub(crate) struct SlurmConfig {
    /// Folder of `sacctmgr`, `sacct`, `squeue`, `scancel`; the usual ones when not set.
    pub(crate) bin_dir: Option<PathBuf>,
    /// `slurm.conf`, when not in the usual place.
    pub(crate) conf: Option<PathBuf>,
    /// How long one call may take.
    pub(crate) timeout: Duration,
}

impl SlurmConfig {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let bin_dir = reader.text("slurm_bin_dir").map(PathBuf::from);
        if bin_dir.as_ref().is_some_and(|path| !path.is_absolute()) {
            reader.fault("slurm_bin_dir", "expected an absolute path");
        }
        let conf = reader.text("slurm_conf").map(PathBuf::from);
        let timeout = Duration::from_secs(reader.number("slurm_timeout_seconds", 20, 1..=600).into());
        Self {
            bin_dir,
            conf,
            timeout,
        }
    }
}
