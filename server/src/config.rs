//! The configuration of a process: `stoa.toml` (or the file that `STOA_CONFIG` names), overridden by `STOA_…` variables.
//! The only reader of the environment. Every fault is found before anything starts, and all are listed at once.

mod http;
mod outgoing;
mod reader;
mod secret;
mod storage;
mod telemetry;
mod work;

use std::path::PathBuf;

pub use self::http::HttpConfig;
pub(crate) use self::{
    outgoing::OutgoingConfig,
    reader::{ConfigFaults, Reader},
    secret::{PreviousKey, SecretKey},
    storage::StorageConfig,
    telemetry::{LogFormat, TelemetryConfig},
    work::{SlurmConfig, WorkConfig},
};

/// Everything that can be configured, one struct per concern.
#[derive(Debug, Clone)]
pub(crate) struct Config {
    pub(crate) storage: StorageConfig,
    pub(crate) http: HttpConfig,
    pub(crate) work: WorkConfig,
    pub(crate) slurm: SlurmConfig,
    pub(crate) outgoing: OutgoingConfig,
    pub(crate) telemetry: TelemetryConfig,
    pub(crate) secret_key: SecretKey,
    pub(crate) previous_secret_key: PreviousKey,
}

impl Config {
    /// Reads the file (if there is one) and the environment.
    pub(crate) fn load(file: Option<PathBuf>) -> Result<Self, ConfigFaults> {
        Self::read(Reader::open(file)?)
    }

    /// With these settings only.
    #[cfg(test)]
    pub(crate) fn of(settings: &[(&str, &str)]) -> Result<Self, ConfigFaults> {
        Self::read(Reader::of(settings, &[]))
    }

    fn read(mut reader: Reader) -> Result<Self, ConfigFaults> {
        let storage = StorageConfig::read(&mut reader);
        let http = HttpConfig::read(&mut reader);
        let work = WorkConfig::read(&mut reader);
        let slurm = SlurmConfig::read(&mut reader);
        let outgoing = OutgoingConfig::read(&mut reader);
        let telemetry = TelemetryConfig::read(&mut reader);
        let secret_key = SecretKey::read(&mut reader, &storage.data_dir);
        let previous_secret_key = PreviousKey::read(&mut reader);
        reader.finish()?;
        Ok(Self {
            storage,
            http,
            work,
            slurm,
            outgoing,
            telemetry,
            secret_key,
            previous_secret_key,
        })
    }
}

#[cfg(test)]
mod tests;
