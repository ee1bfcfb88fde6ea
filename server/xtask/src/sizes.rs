//! `cargo xtask sizes`: how long files and functions are, which break the rules of the house, and what stands in
//! two places.

mod duplicates;
mod measure;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::paths;
use crate::step::say;
use measure::{Measured, measure};

/// No file is longer, tests apart.
const FILE_LIMIT: usize = 500;
/// Files should stay well below it.
const FILE_AIM: usize = 300;
/// No function is longer.
const FUNCTION_LIMIT: usize = 100;
/// Most functions stay below it.
const FUNCTION_AIM: usize = 60;

/// Prints the figures; an error when a limit is broken.
pub(crate) fn run() -> Result<()> {
    let texts = texts()?;
    let mut files = Vec::new();
    for (name, text) in &texts {
        files.push((
            name.clone(),
            measure(text).with_context(|| format!("cannot parse {name}"))?,
        ));
    }
    report_files(&files);
    report_functions(&files);
    report_duplicates(&duplicates::find(&texts));
    let long_files = files.iter().filter(|(_, file)| file.lines > FILE_LIMIT).count();
    let long_functions = functions(&files)
        .filter(|(_, lines)| *lines > FUNCTION_LIMIT)
        .count();
    if long_files + long_functions > 0 {
        bail!("{long_files} files over {FILE_LIMIT} lines, {long_functions} functions over {FUNCTION_LIMIT}");
    }
    Ok(())
}

/// Our Rust sources without those that only test.
fn sources() -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for folder in ["app", "server", "migrations"] {
        let skip = ["target", "node_modules", "tests", "benches"];
        let walk = WalkDir::new(paths::root().join(folder)).into_iter();
        let walk = walk.filter_entry(|entry| !skip.iter().any(|name| entry.file_name() == *name));
        for entry in walk {
            let path = entry.context("cannot list the sources")?.into_path();
            if path.extension().is_some_and(|it| it == "rs") && !path.ends_with("tests.rs") {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}

fn texts() -> Result<Vec<(String, String)>> {
    let read = |path: PathBuf| {
        let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
        Ok((
            path.strip_prefix(paths::root())
                .unwrap_or(&path)
                .display()
                .to_string(),
            text,
        ))
    };
    sources()?.into_iter().map(read).collect()
}

fn report_duplicates(found: &[duplicates::Duplicate]) {
    say(format!(
        "{} passages of ten lines or more stand in two places",
        found.len()
    ));
    for duplicates::Duplicate { first, second, lines } in found {
        say(format!("  {lines:>4}  {first} and {second}"));
    }
}

fn functions(files: &[(String, Measured)]) -> impl Iterator<Item = (String, usize)> {
    files.iter().flat_map(|(path, file)| {
        file.functions
            .iter()
            .map(move |(name, lines)| (format!("{path}: {name}"), *lines))
    })
}

fn report_files(files: &[(String, Measured)]) {
    let mut lines: Vec<usize> = files.iter().map(|(_, file)| file.lines).collect();
    lines.sort_unstable();
    let total: usize = lines.iter().sum();
    say(format!(
        "{} files, {total} lines without tests: median {}, 95th percentile {}, largest {}",
        lines.len(),
        percentile(&lines, 50),
        percentile(&lines, 95),
        percentile(&lines, 100),
    ));
    let long = files
        .iter()
        .map(|(path, file)| (path.clone(), file.lines))
        .filter(|(_, lines)| *lines > FILE_AIM);
    list(long.collect());
}

fn report_functions(files: &[(String, Measured)]) {
    let mut lines: Vec<usize> = functions(files).map(|(_, lines)| lines).collect();
    lines.sort_unstable();
    let short = lines.iter().filter(|lines| **lines <= FUNCTION_AIM).count();
    say(format!(
        "{} functions: median {}, 95th percentile {}, longest {}; {} % have up to {FUNCTION_AIM} lines",
        lines.len(),
        percentile(&lines, 50),
        percentile(&lines, 95),
        percentile(&lines, 100),
        percent(short, lines.len()),
    ));
    list(
        functions(files)
            .filter(|(_, lines)| *lines > FUNCTION_AIM)
            .collect(),
    );
}

fn list(mut long: Vec<(String, usize)>) {
    long.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
    for (name, lines) in long {
        say(format!("  {lines:>4}  {name}"));
    }
}

/// The value below which `share` per cent of the sorted values lie; 0 when there are none.
fn percentile(sorted: &[usize], share: usize) -> usize {
    let at = (sorted.len() * share).div_ceil(100).saturating_sub(1);
    sorted.get(at).copied().unwrap_or(0)
}

/// With one decimal, rounded down: 100.0 means all.
fn percent(part: usize, whole: usize) -> String {
    let tenths = part * 1000 / whole.max(1);
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use super::{percent, percentile};

    #[test]
    fn percentiles_name_a_value_that_occurs() {
        let values: Vec<usize> = (1..=20).collect();
        assert_eq!(
            [50, 95, 100].map(|share| percentile(&values, share)),
            [10, 19, 20]
        );
        assert_eq!(percentile(&[7], 50), 7);
        assert_eq!(percentile(&[], 95), 0);
    }

    #[test]
    fn a_share_is_never_rounded_up_to_all() {
        assert_eq!(percent(9999, 10000), "99.9");
        assert_eq!(percent(1, 1), "100.0");
    }
}
