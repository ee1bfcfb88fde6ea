//! An optimised server carries the files of `target/site` inside, and must be built again when they change.

use std::{fs, io};

fn main() -> io::Result<()> {
    // Cargo takes a folder that does not exist for one that always changes.
    fs::create_dir_all("../target/site")?;
    // A build script's standard output is how it talks to cargo.
    #[expect(clippy::print_stdout, reason = "cargo reads it")]
    {
        println!("cargo::rerun-if-changed=../target/site");
    }
    Ok(())
}
