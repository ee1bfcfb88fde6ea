//! What the process keeps on disk is for its own user: the data folder, the embedded database with its journal, the secret
//! key. What an earlier version left readable is closed.

use std::{
    ffi::OsString,
    fs::{self, DirBuilder, OpenOptions, Permissions},
    io::ErrorKind,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

use anyhow::Context;

use crate::config::{Config, SecretKey};

const FOLDER: u32 = 0o700;
const FILE: u32 = 0o600;
/// What group and others may do.
const OF_OTHERS: u32 = 0o077;
/// A folder for everybody, such as `/tmp`: not ours to close.
const STICKY: u32 = 0o1000;

/// Makes the data folder where there is none, and sees to it that nobody else reads what is ours. Refused where that cannot
/// be done.
pub(crate) fn close(config: &Config) -> anyhow::Result<()> {
    let folder = &config.storage.data_dir;
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER)
        .create(folder)
        .with_context(|| format!("the data folder {} cannot be made", folder.display()))?;
    let is_of_all = mode_of(folder)?.is_some_and(|mode| mode & STICKY != 0);
    if !is_of_all {
        restrict(folder, FOLDER)?;
    }
    if let Some(database) = config.storage.sqlite_file() {
        if config.storage.creates_sqlite_file() {
            make_empty(&database)?;
        }
        for ending in ["", "-wal", "-shm", ".lock"] {
            let mut name = database.clone().into_os_string();
            name.push(OsString::from(ending));
            restrict(&PathBuf::from(name), FILE)?;
        }
    }
    if let SecretKey::Kept(path) = &config.secret_key {
        restrict(path, FILE)?;
    }
    Ok(())
}

/// A database that SQLite makes itself, and with it the journal, would be readable as the process's mask has it.
fn make_empty(database: &Path) -> anyhow::Result<()> {
    let made = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(FILE)
        .open(database);
    match made {
        Ok(_) => Ok(()),
        // There already, or in a folder that is not there: then the connection says so.
        Err(error) if matches!(error.kind(), ErrorKind::AlreadyExists | ErrorKind::NotFound) => Ok(()),
        Err(error) => Err(error).with_context(|| format!("{} cannot be made", database.display())),
    }
}

/// Takes from group and others what they may do with `path`, where it is there.
fn restrict(path: &Path, to: u32) -> anyhow::Result<()> {
    if mode_of(path)?.is_none_or(|mode| mode & OF_OTHERS == 0) {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(to)).with_context(|| {
        format!(
            "{} can be read by other users of this machine, and its permissions cannot be changed",
            path.display()
        )
    })
}

fn mode_of(path: &Path) -> anyhow::Result<Option<u32>> {
    match fs::metadata(path) {
        Ok(found) => Ok(Some(found.permissions().mode())),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("{} cannot be looked at", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[tokio::test]
    async fn folder_database_journal_and_key_are_for_their_own_user_also_those_of_an_earlier_version() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("data");
        let config = Config::of(&[("data_dir", folder.to_str().unwrap())]).unwrap();
        let files = ["stoa.db", "stoa.db-wal", "stoa.db-shm", "secret.key"];
        // Held to the end: with its last connection the journal goes away.
        let _operations = state::open(&config, true).await.unwrap();
        for name in files {
            assert_eq!(mode(&folder.join(name)), 0o600, "{name}");
        }
        assert_eq!(mode(&folder), 0o700);
        for name in files {
            fs::set_permissions(folder.join(name), Permissions::from_mode(0o644)).unwrap();
        }
        fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
        let _again = state::open(&config, false).await.unwrap();
        for name in files {
            assert_eq!(mode(&folder.join(name)), 0o600, "{name} again");
        }
        assert_eq!(mode(&folder), 0o700, "again");
    }

    #[test]
    fn a_folder_for_everybody_stays_one() {
        let outer = tempfile::tempdir().unwrap();
        fs::set_permissions(outer.path(), Permissions::from_mode(0o1777)).unwrap();
        let config = Config::of(&[("data_dir", outer.path().to_str().unwrap())]).unwrap();
        close(&config).unwrap();
        assert_eq!(mode(outer.path()), 0o777);
    }
}
