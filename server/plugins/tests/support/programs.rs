//! A directory of programs that stand in for SLURM's, or stand in front of them.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use plugins::slurm::{SlurmHost, SlurmPlugin};
use tempfile::TempDir;

const NAMES: [&str; 5] = ["sacctmgr", "sacct", "squeue", "scancel", "scontrol"];

/// Programs in a directory of their own, removed with the value.
pub struct Programs {
    directory: TempDir,
    timeout: Duration,
}

impl Programs {
    /// Every program is the same shell script. `$0` tells it its name, `$here` its directory.
    pub fn all(script: &str) -> Self {
        let programs = Self {
            directory: TempDir::new().unwrap(),
            timeout: Duration::from_secs(30),
        };
        for name in NAMES {
            programs.write(name, script);
        }
        programs
    }

    /// Replaces one program.
    pub fn with(self, name: &str, script: &str) -> Self {
        self.write(name, script);
        self
    }

    /// Bounds each program's time.
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// A plugin as a process has it that starts now.
    pub fn plugin(&self) -> SlurmPlugin {
        SlurmPlugin::new(SlurmHost {
            bin_dir: Some(self.path().to_owned()),
            conf: None,
            timeout: self.timeout,
        })
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.path().join(name)
    }

    /// A file a script wrote, or nothing.
    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.file(name)).unwrap_or_default()
    }

    fn write(&self, name: &str, script: &str) {
        let path = self.file(name);
        let text = format!("#!/bin/sh\nhere={}\n{script}\n", self.path().display());
        // Written aside and moved into place: a file that is still open for writing cannot be executed.
        let fresh = self.file(&format!("{name}.fresh"));
        fs::write(&fresh, text).unwrap();
        fs::set_permissions(&fresh, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(fresh, path).unwrap();
    }
}
