//! SQLite is for one process: whoever serves or works holds a lock beside the database for as long as it lives. The
//! system takes it back however the process ends.

use std::{
    fs::{File, TryLockError},
    path::PathBuf,
};

use anyhow::Context;

use crate::config::StorageConfig;

/// Held while this process serves or works the embedded database.
#[derive(Debug)]
pub(crate) struct OneProcess {
    _lock: Option<File>,
}

impl OneProcess {
    /// Refuses where another process serves or works the same file; PostgreSQL takes any number.
    pub(crate) fn begin(storage: &StorageConfig) -> anyhow::Result<Self> {
        let Some(database) = storage.sqlite_file() else {
            return Ok(Self { _lock: None });
        };
        // The same file by whatever way it is named. It may not be there yet; its folder is.
        let database = database.canonicalize().unwrap_or(database);
        let mut path = database.clone().into_os_string();
        path.push(".lock");
        let path = PathBuf::from(path);
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)
                .with_context(|| format!("the folder {} cannot be made", folder.display()))?;
        }
        let lock = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(&path)
            .with_context(|| format!("{} cannot be written", path.display()))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { _lock: Some(lock) }),
            Err(TryLockError::WouldBlock) => anyhow::bail!(
                "another `stoa serve` or `stoa work` uses {}: SQLite is for one process. Stop that one first, or use PostgreSQL \
                 for several.",
                database.display()
            ),
            Err(TryLockError::Error(error)) => {
                Err(error).with_context(|| format!("{} cannot be locked", path.display()))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn storage(url: &str) -> StorageConfig {
        Config::of(&[("database_url", url)]).unwrap().storage
    }

    #[test]
    fn a_second_process_on_one_file_is_refused_until_the_first_is_gone() {
        let folder = std::env::temp_dir().join(format!("stoa-one-process-{}", std::process::id()));
        let one = storage(&format!("sqlite://{}/stoa.db?mode=rwc", folder.display()));
        let first = OneProcess::begin(&one).unwrap();
        let refused = OneProcess::begin(&one).unwrap_err().to_string();
        assert!(
            refused.contains("stoa.db") && refused.contains("PostgreSQL"),
            "{refused}"
        );
        let other = storage(&format!("sqlite://{}/other.db", folder.display()));
        OneProcess::begin(&other).unwrap();
        drop(first);
        OneProcess::begin(&one).unwrap();
        std::fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn postgres_takes_any_number() {
        let many = storage("postgres://localhost/d");
        let _first = OneProcess::begin(&many).unwrap();
        OneProcess::begin(&many).unwrap();
    }
}
