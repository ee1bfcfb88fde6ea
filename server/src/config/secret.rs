use std::{
    fs,
    io::Write,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rand::distr::{Alphanumeric, SampleString};

use super::Reader;

const FILE: &str = "secret.key";
const SHORTEST: usize = 32;

/// The key that protects stored secrets. Without a configured one, a key is made once and kept in the data folder;
/// processes that share a database must share the key.
#[derive(Clone)]
pub(crate) enum SecretKey {
    Given(String),
    Kept(PathBuf),
}

impl std::fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Given(_) => "given",
            Self::Kept(_) => "kept in the data folder",
        })
    }
}

impl SecretKey {
    pub(super) fn read(reader: &mut Reader, data_dir: &Path) -> Self {
        match reader.text("secret_key") {
            None => Self::Kept(data_dir.join(FILE)),
            Some(key) => {
                if key.len() < SHORTEST {
                    reader.fault("secret_key", &format!("expected at least {SHORTEST} characters"));
                }
                Self::Given(key)
            }
        }
    }

    /// Where the key comes from, for people.
    pub(crate) fn describe(&self) -> String {
        match self {
            Self::Given(_) => "STOA_SECRET_KEY".to_owned(),
            Self::Kept(path) => path.display().to_string(),
        }
    }

    /// The key itself; makes and keeps one where none was given.
    pub(crate) fn reveal(&self) -> std::io::Result<String> {
        let path = match self {
            Self::Given(key) => return Ok(key.clone()),
            Self::Kept(path) => path,
        };
        if path.exists() {
            return fs::read_to_string(path).map(|text| text.trim().to_owned());
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let key = Alphanumeric.sample_string(&mut rand::rng(), 64);
        match fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)
        {
            Ok(mut file) => {
                file.write_all(key.as_bytes())?;
                file.sync_all()?;
                Ok(key)
            }
            // Two processes started at once: the other one's key is the key.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
                fs::read_to_string(path).map(|text| text.trim().to_owned())
            }
            Err(error) => Err(error),
        }
    }
}
