//! `cargo xtask run`: from a clone to a portal with demo content.

use std::fs;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::process::{pause, stream, stream_until_asked_to_stop};
use crate::served::answers;
use crate::step::{say, step};
use crate::wasm::Bundle;
use crate::{build, paths};

/// Builds what changed, prepares the database and serves until Ctrl-C.
///
/// Without `release` the server is built without optimisation and the bundle is not made small: half the time for
/// the first, a fraction for the second, and they serve one person as well.
pub(crate) fn run(release: bool, listen: SocketAddr) -> Result<()> {
    let bundle = if release { Bundle::Small } else { Bundle::Quick };
    build::everything(release, bundle)?;
    let program = paths::stoa(if release { "release" } else { "debug" });
    let data = data_folder();
    fs::create_dir_all(&data).with_context(|| format!("cannot create {}", data.display()))?;
    let command = || {
        let mut command = Command::new(&program);
        command
            .current_dir(paths::root())
            .env("STOA_DATA_DIR", &data)
            .env("STOA_DESIGN_PAGE", "true")
            .env("STOA_LISTEN", listen.to_string());
        command
    };
    for words in build::PREPARATION {
        step(&format!("stoa {}", words.join(" ")), || {
            stream(command().args(words))
        })?;
    }
    thread::spawn(move || announce(listen));
    stream_until_asked_to_stop(command().arg("serve"))
}

/// Says where the portal is once it really is there. The server ends this program when it cannot start.
fn announce(listen: SocketAddr) {
    while !answers(listen, "/readyz") {
        if pause(Duration::from_millis(100)).is_err() {
            return;
        }
    }
    say(format!("The portal is at http://{listen} (Ctrl-C stops it)"));
}

fn data_folder() -> PathBuf {
    paths::variable("STOA_DATA_DIR").map_or_else(|| paths::root().join("target/demo-data"), PathBuf::from)
}
