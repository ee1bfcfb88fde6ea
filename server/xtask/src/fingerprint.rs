//! Remembering what a step was last done for, so that it is skipped while that stays the same.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

use crate::paths;

/// The first 16 hexadecimal digits of the SHA-256 of all parts, each preceded by its length.
pub(crate) fn of<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        // With the length in between, moving a byte from one part to the next changes the result.
        hash.update(part.len().to_le_bytes());
        hash.update(part);
    }
    let mut text = String::new();
    for byte in hash.finalize().iter().take(8) {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}

/// A fingerprint of the contents of some files; an absent file counts as an empty one.
pub(crate) fn of_files(files: &[PathBuf]) -> String {
    let contents: Vec<Vec<u8>> = files
        .iter()
        .map(|file| fs::read(file).unwrap_or_default())
        .collect();
    of(contents.iter().map(Vec::as_slice))
}

/// Does the work unless it was done for this fingerprint already and its result is still there.
pub(crate) fn once(
    step: &str,
    fingerprint: &str,
    result: &Path,
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let done = notes_beside(result);
    let note = done.join(step);
    let wanted = format!("{fingerprint} {}", result.display());
    if result.exists() && fs::read_to_string(&note).is_ok_and(|done| done == wanted) {
        return Ok(());
    }
    drop(fs::remove_file(&note));
    work()?;
    fs::create_dir_all(&done)?;
    fs::write(&note, wanted).with_context(|| format!("cannot write {}", note.display()))
}

/// Where it is noted that a result is there: tools are kept longer than a clone, and so is the note about them.
fn notes_beside(result: &Path) -> PathBuf {
    let tools = paths::tools();
    if result.starts_with(&tools) {
        return tools.join("done");
    }
    paths::notes().join("done")
}

#[cfg(test)]
mod tests {
    use super::{notes_beside, of};
    use crate::paths;

    #[test]
    fn what_was_installed_outside_of_the_clone_is_noted_there() {
        assert!(notes_beside(&paths::tools().join("build/bin")).starts_with(paths::tools()));
        assert!(notes_beside(&paths::root().join("end2end/node_modules")).starts_with(paths::notes()));
    }

    #[test]
    fn moving_a_byte_between_parts_changes_the_fingerprint() {
        assert_ne!(of([b"ab".as_slice(), b"c"]), of([b"a".as_slice(), b"bc"]));
        assert_eq!(of([b"ab".as_slice()]), of([b"ab".as_slice()]));
        assert_eq!(of([b"".as_slice()]).len(), 16);
    }
}
