//! Hashes the sources of the migrations: the key under which migrated template databases are reused between test runs.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let migrations = root.join("../../migrations/src");
    println!("cargo::rerun-if-changed={}", migrations.display());
    let mut sources = Vec::new();
    collect(&migrations, &mut sources)?;
    sources.sort();
    let mut hasher = DefaultHasher::new();
    for source in sources {
        fs::read(source)?.hash(&mut hasher);
    }
    println!("cargo::rustc-env=STOA_SCHEMA_HASH={:016x}", hasher.finish());
    Ok(())
}

fn collect(folder: &Path, sources: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, sources)?;
        } else {
            sources.push(path);
        }
    }
    Ok(())
}
