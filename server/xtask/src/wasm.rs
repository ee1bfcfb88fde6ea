//! The browser's part of the portal: package `app` with its feature `hydrate`, as wasm with its JavaScript.

mod bindings;
mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub(crate) use bindings::Bindings;
pub(crate) use toolchain::Toolchain;

use crate::process::stream;
use crate::step::step;

/// Compiles `app` and makes its bindings; done at once when neither changed.
pub(crate) fn build() -> Result<Bindings> {
    let toolchain = step("finding a compiler for wasm", Toolchain::find)?;
    let module = step(
        &format!("compiling app to wasm with {}", toolchain.name()),
        || compile(&toolchain),
    )?;
    let bytes = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    bindings::make(&bytes)
}

/// The crate stays a plain library, so that native builds link no shared object: only this call asks for one.
fn compile(toolchain: &Toolchain) -> Result<PathBuf> {
    let mut command = toolchain.cargo("rustc");
    command.args(["--package", "app", "--lib", "--crate-type", "cdylib"]);
    command.args(["--features", "hydrate", "--profile", "wasm-release"]);
    stream(&mut command)?;
    Ok(module_of(&toolchain.target_dir()))
}

fn module_of(target_dir: &Path) -> PathBuf {
    target_dir.join(toolchain::TARGET).join("wasm-release/app.wasm")
}
