//! Folders and files with the owners that the daemons insist on.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt, chown};
use std::path::Path;

use anyhow::{Context, Result};

use crate::packages;

/// A directory with this owner and mode, whether it was there or not.
pub(super) fn owned(dir: &Path, user: &str, mode: u32) -> Result<()> {
    let (uid, gid) = packages::user(user)?;
    DirBuilder::new().recursive(true).mode(mode).create(dir)?;
    fs::set_permissions(dir, fs::Permissions::from_mode(mode))?;
    chown(dir, Some(uid), Some(gid)).with_context(|| format!("cannot give {} to {user}", dir.display()))
}

/// A file with this owner and mode and nobody looking at it in between.
pub(super) fn owned_file(path: &Path, user: &str, mode: u32, content: &[u8]) -> Result<()> {
    let draft = path.with_extension("draft");
    let (uid, gid) = packages::user(user)?;
    drop(fs::remove_file(&draft));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&draft)?;
    file.write_all(content)?;
    chown(&draft, Some(uid), Some(gid))?;
    fs::rename(&draft, path).with_context(|| format!("cannot write {}", path.display()))
}
