//! A directory of programs that stand in for SLURM's, or stand in front of them.

#![expect(clippy::unwrap_used, reason = "what is not as it must be fails the test")]

use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

use plugins::slurm::{SlurmHost, SlurmPlugin};
use tempfile::TempDir;

const NAMES: [&str; 5] = ["sacctmgr", "sacct", "squeue", "scancel", "scontrol"];

/// Programs in a directory of their own, removed with the value.
pub(crate) struct Programs {
    directory: TempDir,
}

impl Programs {
    /// Every program is the same shell script. `$0` tells it its name, `$here` its directory.
    pub(crate) fn all(script: &str) -> Self {
        let programs = Self {
            directory: TempDir::new().unwrap(),
        };
        for name in NAMES {
            programs.put(name, script);
        }
        programs
    }

    /// Replaces one program.
    pub(crate) fn put(&self, name: &str, script: &str) {
        let text = format!("#!/bin/sh\nhere={}\n{script}\n", self.directory.path().display());
        // Written aside and moved into place: a file that is still open for writing cannot be executed.
        let fresh = self.file("fresh");
        fs::write(&fresh, text).unwrap();
        fs::set_permissions(&fresh, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(fresh, self.file(name)).unwrap();
    }

    /// A plugin as a process has it that starts now; it gives each program so much time.
    pub(crate) fn plugin(&self, timeout: Duration) -> SlurmPlugin {
        let bin_dir = Some(self.directory.path().to_owned());
        SlurmPlugin::new(SlurmHost {
            bin_dir,
            conf: None,
            timeout,
        })
    }

    /// A file beside the programs.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }
}
