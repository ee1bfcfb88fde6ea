//! Cargo inside cargo.

use std::env;
use std::process::Command;

use crate::paths;

/// Cargo with the toolchain of the workspace, in its root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new("cargo");
    clean(&mut command);
    command
}

/// Takes out what the outer cargo put into the environment for this program. The inner one would see other
/// values than a cargo called by hand, and each of the two would rebuild what the other has built.
pub(crate) fn clean(command: &mut Command) {
    command.current_dir(paths::root());
    let ours = ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_"];
    for (name, _) in env::vars_os() {
        if name
            .to_str()
            .is_some_and(|name| ours.iter().any(|prefix| name.starts_with(prefix)))
        {
            command.env_remove(&name);
        }
    }
    command.env_remove("LD_LIBRARY_PATH").env_remove("OUT_DIR");
}
