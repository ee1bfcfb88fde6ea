//! The copy of `public/`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use walkdir::WalkDir;

use super::compress;

/// Makes `site` hold the files of `public`, and no others besides the bundle.
pub(super) fn copy(public: &Path, site: &Path) -> Result<()> {
    let mut wanted = BTreeSet::new();
    for source in files(public)? {
        let target = site.join(source.strip_prefix(public)?);
        let content = fs::read(&source).with_context(|| format!("cannot read {}", source.display()))?;
        place(&target, &content)?;
        if compress::shrinks(&target) {
            wanted.extend(["br", "gz"].map(|suffix| compress::with_suffix(&target, suffix)));
        }
        wanted.insert(target);
    }
    remove_others(site, &wanted)
}

fn place(target: &Path, content: &[u8]) -> Result<()> {
    if fs::read(target).is_ok_and(|present| present == content) {
        return Ok(());
    }
    if let Some(folder) = target.parent() {
        fs::create_dir_all(folder)?;
    }
    // The copies first: a file that equals its source has its copies beside it.
    if compress::shrinks(target) {
        compress::beside(target, content, compress::BEST)?;
    }
    fs::write(target, content).with_context(|| format!("cannot write {}", target.display()))
}

fn remove_others(site: &Path, wanted: &BTreeSet<PathBuf>) -> Result<()> {
    let (bundle, note) = (site.join("pkg"), site.join("BUILD_ID"));
    for file in files(site)? {
        if file != note && !file.starts_with(&bundle) && !wanted.contains(&file) {
            fs::remove_file(&file).with_context(|| format!("cannot remove {}", file.display()))?;
        }
    }
    Ok(())
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot list {}", folder.display()))?;
        if entry.file_type().is_file() {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}
