//! An optimised server carries the files of `target/site` inside, and must be built again when they change.

use std::{fs, io};

fn main() -> io::Result<()> {
    // Cargo takes a folder that does not exist for one that always changes.
    fs::create_dir_all("../target/site")?;
    println!("cargo::rerun-if-changed=../target/site");
    Ok(())
}
