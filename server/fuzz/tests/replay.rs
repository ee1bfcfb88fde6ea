//! Every input that is kept, once more: what fuzzing has reached stays reached, and what it has found stays mended.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot read what is kept has failed"
)]

use std::{
    fs,
    panic::catch_unwind,
    path::{Path, PathBuf},
};

use fuzz::TARGETS;

/// `cargo xtask fuzz-parsers --keep` stops a good while before; what is added by hand has room.
const MOST_INPUTS: usize = 400;
/// Larger ones say nothing that a smaller one does not.
const LARGEST: usize = 16 * 1024;

fn kept(target: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .unwrap_or_else(|fault| panic!("{}: {fault}", folder.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    files.sort();
    files
}

#[test]
fn every_kept_input_is_parsed_as_it_must_be() {
    let mut failed = Vec::new();
    for (name, target) in TARGETS {
        let files = kept(name);
        for file in &files {
            let bytes = fs::read(file).unwrap();
            if catch_unwind(|| target(&bytes)).is_err() {
                failed.push(file.clone());
            }
        }
        println!("{name}: {} inputs", files.len());
    }
    assert!(failed.is_empty(), "{failed:#?}");
}

#[test]
fn no_corpus_is_empty_or_grows_without_bound() {
    for (name, _) in TARGETS {
        let files = kept(name);
        assert!(
            (10..=MOST_INPUTS).contains(&files.len()),
            "{name}: {} inputs",
            files.len()
        );
        for file in files {
            let size = fs::read(&file).unwrap().len();
            assert!(size <= LARGEST, "{}: {size} bytes", file.display());
        }
    }
}

#[test]
fn every_parser_has_a_program() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("targets/src/bin");
    for (name, _) in TARGETS {
        let program = fs::read_to_string(folder.join(format!("{name}.rs"))).unwrap();
        assert!(program.contains(&format!("fuzz::{name}(bytes)")), "{name}");
    }
    let programs = fs::read_dir(&folder).unwrap().count();
    assert_eq!(programs, TARGETS.len(), "one program for each");
}
