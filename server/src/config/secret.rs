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

/// The key before the present one: opens what is not sealed anew yet.
#[derive(Clone)]
pub(crate) struct PreviousKey(pub(crate) Option<String>);

impl std::fmt::Debug for PreviousKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_some() { "given" } else { "none" })
    }
}

impl PreviousKey {
    pub(super) fn read(reader: &mut Reader) -> Self {
        let key = reader.text("previous_secret_key");
        if key.as_ref().is_some_and(|key| key.len() < SHORTEST) {
            reader.fault(
                "previous_secret_key",
                &format!("expected at least {SHORTEST} characters"),
            );
        }
        Self(key)
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
            Self::Given(_) => "STOA_SECRET_KEY, or secret_key of the configuration".to_owned(),
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
            return kept(path);
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let key = Alphanumeric.sample_string(&mut rand::rng(), 64);
        // Written whole beside its place and then put there: nobody ever reads half a key.
        let salt = Alphanumeric.sample_string(&mut rand::rng(), 8);
        let beside = path.with_extension(format!("{salt}.new"));
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&beside)?;
        file.write_all(key.as_bytes())?;
        file.sync_all()?;
        let placed = fs::hard_link(&beside, path);
        fs::remove_file(&beside)?;
        match placed {
            Ok(()) => Ok(key),
            // Two processes started at once: the other one's key is the key.
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => kept(path),
            Err(error) => Err(error),
        }
    }
}

/// The key in the file; refused where it is too short to protect anything.
fn kept(path: &Path) -> std::io::Result<String> {
    let key = fs::read_to_string(path)?.trim().to_owned();
    if key.len() < SHORTEST {
        let text = format!("it has {} characters, expected at least {SHORTEST}", key.len());
        return Err(std::io::Error::new(std::io::ErrorKind::InvalidData, text));
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once_and_a_short_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        let key = SecretKey::Kept(path.clone());
        let made = key.reveal().unwrap();
        assert_eq!((made.len(), key.reveal().unwrap()), (64, made));
        assert_eq!(
            fs::read_dir(folder.path()).unwrap().count(),
            1,
            "nothing is left beside it"
        );
        for short in ["", "zz"] {
            fs::write(&path, short).unwrap();
            assert!(key.reveal().unwrap_err().to_string().contains("at least 32"));
        }
    }
}
