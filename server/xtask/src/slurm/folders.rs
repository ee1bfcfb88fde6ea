//! Folders, keys and the links in /etc/slurm.

use std::fs;
use std::io::Read;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use super::ownership::{owned, owned_file};
use super::users;
use super::{Lab, accounting, config};

/// Creates what is missing, with the owners that the daemons insist on.
pub(super) fn prepare(lab: &Lab) -> Result<()> {
    for name in ["", "etc", "run", "log", "mariadb", "slurmd"] {
        owned(&lab.dir.join(name), "root", 0o755)?;
    }
    for name in ["slurmctld", "run/slurm", "log/slurm"] {
        owned(&lab.dir.join(name), "slurm", 0o755)?;
    }
    owned(&lab.dir.join("munge"), "munge", 0o700)?;
    owned(Path::new("/run/munge"), "munge", 0o755)?;
    owned(&lab.dir.join("mariadb/run"), "mysql", 0o750)?;
    munge_key(&lab.dir.join("munge/munge.key"))?;
    config::write(lab)?;
    accounting::create_data_directory(lab)
}

fn munge_key(path: &Path) -> Result<()> {
    if path.exists() {
        return Ok(());
    }
    let mut key = [0_u8; 128];
    fs::File::open("/dev/urandom")?.read_exact(&mut key)?;
    owned_file(path, "munge", 0o600, &key)
}

fn etc_slurm(name: &str) -> PathBuf {
    Path::new("/etc/slurm").join(name)
}

/// The configuration in /etc/slurm, if it is neither absent nor a link of ours nor a link to nothing.
pub(super) fn foreign_configuration(lab: &Lab) -> Result<Option<PathBuf>> {
    let path = etc_slurm("slurm.conf");
    if !path.exists() {
        return Ok(None);
    }
    let target = fs::canonicalize(&path)?;
    let ours = fs::canonicalize(lab.etc()).is_ok_and(|etc| target.starts_with(etc));
    Ok((!ours).then_some(target))
}

/// SLURM's commands look in /etc/slurm: links spare everybody an environment variable.
pub(super) fn link_configuration(lab: &Lab) -> Result<()> {
    fs::create_dir_all("/etc/slurm")?;
    for name in config::FILES {
        let (target, link) = (lab.etc().join(name), etc_slurm(name));
        if fs::read_link(&link).is_ok_and(|current| current == target) {
            continue;
        }
        if fs::symlink_metadata(&link).is_ok_and(|found| found.is_symlink()) {
            fs::remove_file(&link)?;
        }
        symlink(&target, &link).with_context(|| format!("cannot link {}", link.display()))?;
    }
    Ok(())
}

/// Removes the state, our links and the users that were created for the laboratory.
pub(super) fn purge(lab: &Lab) -> Result<()> {
    users::remove_created(lab);
    for name in config::FILES {
        let link = etc_slurm(name);
        if fs::read_link(&link).is_ok_and(|target| target.starts_with(&lab.dir)) {
            fs::remove_file(link)?;
        }
    }
    fs::remove_dir_all(&lab.dir).with_context(|| format!("cannot remove {}", lab.dir.display()))
}
