//! The style sheet: our own files, then the rules for the utility classes that the views use.

mod minify;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use encre_css::{Config, Preflight};
use walkdir::WalkDir;

use crate::paths;

/// Own files come first in the order of their paths, so that a utility class wins over a component's rule.
pub(crate) fn build() -> Result<String> {
    let own = read_all(&paths::root().join("style"), "css")?;
    if own.is_empty() {
        bail!("there is no style sheet in style/");
    }
    let views = read_all(&paths::root().join("app/src"), "rs")?;
    let mut sheet = own.join("\n");
    sheet.push('\n');
    sheet.push_str(&utilities(&views));
    Ok(minify::minify(&sheet))
}

/// `style/base.css` is the reset, so the generator's own is left out.
fn utilities(sources: &[String]) -> String {
    let mut config = Config::default();
    config.preflight = Preflight::new_none();
    encre_css::generate(sources.iter().map(String::as_str), &config)
}

fn read_all(folder: &Path, extension: &str) -> Result<Vec<String>> {
    let read =
        |path: &PathBuf| fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()));
    files(folder, extension)?.iter().map(read).collect()
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in WalkDir::new(folder).sort_by_file_name() {
        let path = entry
            .with_context(|| format!("cannot list {}", folder.display()))?
            .into_path();
        if path.is_file() && path.extension().is_some_and(|its| its == extension) {
            found.push(path);
        }
    }
    found.sort();
    Ok(found)
}
