//! Which of the inputs that runs have found go into the repository.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// Most inputs of a parser that are kept: they are replayed in every run of the tests.
const MOST: usize = 300;

/// Puts those files of `merged` that `kept` does not have into it, smallest first, as long as there is room.
pub(super) fn into(kept: &Path, merged: &Path) -> Result<usize> {
    let here = names(kept)?;
    let mut new = Vec::new();
    for name in names(merged)?.difference(&here) {
        let path = merged.join(name);
        new.push((fs::metadata(&path)?.len(), name.clone(), path));
    }
    new.sort();
    new.truncate(MOST.saturating_sub(here.len()));
    for (_, name, path) in &new {
        fs::copy(path, kept.join(name)).with_context(|| format!("cannot keep {}", path.display()))?;
    }
    Ok(new.len())
}

fn names(folder: &Path) -> Result<BTreeSet<OsString>> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot list {}", folder.display()))?;
    entries.map(|entry| Ok(entry?.file_name())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_are_kept_as_long_as_there_is_room() {
        let folder = std::env::temp_dir().join(format!("kept-inputs-{}", std::process::id()));
        let (kept, merged) = (folder.join("kept"), folder.join("merged"));
        for one in [&kept, &merged] {
            fs::create_dir_all(one).unwrap();
        }
        for number in 0..MOST - 1 {
            fs::write(kept.join(number.to_string()), "").unwrap();
        }
        fs::write(merged.join("0"), "is kept already").unwrap();
        fs::write(merged.join("large"), "larger").unwrap();
        fs::write(merged.join("small"), "s").unwrap();
        let taken = into(&kept, &merged);
        let found = names(&kept).unwrap();
        fs::remove_dir_all(&folder).unwrap();
        assert_eq!(taken.unwrap(), 1);
        assert!(found.contains(&OsString::from("small")) && !found.contains(&OsString::from("large")));
    }
}
