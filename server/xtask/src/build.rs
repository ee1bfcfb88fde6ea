//! `cargo xtask build`, and the parts of it that other commands need.

use anyhow::Result;

use crate::cargo::cargo;
use crate::cli::Part;
use crate::process::stream;
use crate::step::step;
use crate::wasm::Bundle;
use crate::{setup, site};

/// What makes a database ready for `serve`; each is safe to run again.
pub(crate) const PREPARATION: [&[&str]; 2] = [&["migrate"], &["seed", "demo"]];

/// The files first: an optimised server carries them inside.
pub(crate) fn everything(release: bool, bundle: Bundle) -> Result<()> {
    setup::ensure(Part::Build)?;
    site::build(bundle)?;
    let what = if release {
        "building the server (release)"
    } else {
        "building the server"
    };
    step(what, || server(release))
}

fn server(release: bool) -> Result<()> {
    let mut command = cargo();
    command.args(["build", "--package", "server", "--bin", "stoa"]);
    if release {
        command.arg("--release");
    }
    stream(&mut command)
}
