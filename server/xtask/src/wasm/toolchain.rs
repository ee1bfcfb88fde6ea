//! Which compiler makes wasm: rustup's target where it can be had, Debian's packages elsewhere.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use crate::cargo::{cargo, clean};
use crate::process::{capture, succeeds};
use crate::{packages, paths};

pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

/// A compiler that can make wasm.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum Toolchain {
    /// The workspace's own, with its wasm target installed.
    Own,
    /// Debian's `rustc-web` with the standard library built from `rust-web-src`.
    Debian,
}

impl Toolchain {
    /// The first that is there or can be installed. `STOA_WASM_TOOLCHAIN` (`own` or `debian`) decides it.
    pub(crate) fn find() -> Result<Self> {
        let wish = paths::variable("STOA_WASM_TOOLCHAIN");
        match wish.as_deref().and_then(|name| name.to_str()) {
            Some("own") | None if own_has_target() => Ok(Self::Own),
            Some("debian") | None => debian(),
            Some("own") => bail!("the toolchain has no {TARGET} target and rustup cannot add it"),
            Some(other) => bail!("STOA_WASM_TOOLCHAIN is {other:?}; it must be `own` or `debian`"),
        }
    }

    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Own => "rustup's target",
            Self::Debian => "Debian's compiler",
        }
    }

    /// Apart from the native build's: two compilers in one directory would rebuild everything at each change.
    pub(crate) fn target_dir(&self) -> PathBuf {
        let name = match self {
            Self::Own => "wasm",
            Self::Debian => "wasm-debian",
        };
        paths::cargo_target().join(name)
    }

    /// `cargo <verb>` for the wasm target.
    pub(crate) fn cargo(&self, verb: &str) -> Command {
        let mut command = match self {
            Self::Own => cargo(),
            Self::Debian => debian_cargo(),
        };
        command
            .arg(verb)
            .args(["--target", TARGET])
            .arg("--target-dir")
            .arg(self.target_dir());
        if *self == Self::Debian {
            command.arg("-Zbuild-std=std,panic_abort");
        }
        command
    }
}

/// The package does not ship the target's standard library, hence `-Zbuild-std`, which a stable compiler
/// allows only with this switch.
fn debian_cargo() -> Command {
    let mut command = Command::new("/usr/bin/cargo");
    clean(&mut command);
    command.env("RUSTC", "/usr/bin/rustc").env("RUSTC_BOOTSTRAP", "1");
    command.env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", "wasm-ld");
    command
}

fn own_has_target() -> bool {
    is_installed() || (succeeds(rustup().args(["target", "add", TARGET])) && is_installed())
}

fn is_installed() -> bool {
    let mut rustc = Command::new("rustc");
    clean(&mut rustc);
    let Ok(sysroot) = capture(rustc.args(["--print", "sysroot"])) else {
        return false;
    };
    Path::new(sysroot.trim())
        .join("lib/rustlib")
        .join(TARGET)
        .is_dir()
}

fn rustup() -> Command {
    let mut command = Command::new("rustup");
    clean(&mut command);
    command
}

fn debian() -> Result<Toolchain> {
    packages::ensure("building wasm", packages::WASM)?;
    Ok(Toolchain::Debian)
}
