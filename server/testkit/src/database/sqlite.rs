//! SQLite: a file in a folder of its own, with the write-ahead log as in production. Files start as copies of a
//! template that is migrated once per schema.

use std::path::{Path, PathBuf};
use std::{env, fs};

use tempfile::TempDir;

use super::{SCHEMA_HASH, Storage, migrate};

pub(super) fn empty() -> (String, Storage) {
    let folder = TempDir::with_prefix("stoa-test-").expect("a folder for the test's database");
    (url(&file_in(&folder)), Storage::Sqlite { _folder: folder })
}

pub(super) async fn migrated() -> (String, Storage) {
    let template = template().await;
    let folder = TempDir::with_prefix("stoa-test-").expect("a folder for the test's database");
    fs::copy(template, file_in(&folder)).expect("a copy of the template");
    (url(&file_in(&folder)), Storage::Sqlite { _folder: folder })
}

fn file_in(folder: &TempDir) -> PathBuf {
    folder.path().join("stoa.db")
}

fn url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

/// Test processes race for it: each may make one, the rename lets the last one win, and all are alike.
async fn template() -> PathBuf {
    let template = env::temp_dir().join(format!("stoa-template-{SCHEMA_HASH}.db"));
    if !template.exists() {
        let folder = TempDir::with_prefix("stoa-template-").expect("a folder for the template");
        migrate(&url(&file_in(&folder))).await;
        fs::copy(file_in(&folder), folder.path().join("whole.db")).expect("a whole template");
        move_into(&folder.path().join("whole.db"), &template);
    }
    template
}

fn move_into(from: &Path, to: &Path) {
    fs::rename(from, to).expect("the template is moved into place");
}
