//! The browser's part of the portal: package `app` with its feature `hydrate`, as wasm with its JavaScript.

mod bindings;
mod toolchain;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub(crate) use bindings::Bindings;
pub(crate) use toolchain::Toolchain;

use crate::process::stream;
use crate::site;
use crate::step::step;

/// How much time goes into making the bundle small.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Bundle {
    /// What people load from a server in earnest, and what the tests load.
    Small,
    /// Several times larger and there in a fraction of the time: for whoever changes a page and looks at it.
    Quick,
}

impl Bundle {
    /// The profile in the workspace's `Cargo.toml`, which is the folder of its output too.
    fn profile(self) -> &'static str {
        match self {
            Self::Small => "wasm-release",
            Self::Quick => "wasm-quick",
        }
    }

    /// How hard brotli tries.
    pub(crate) fn brotli_quality(self) -> i32 {
        match self {
            Self::Small => site::BEST,
            Self::Quick => 4,
        }
    }
}

/// Compiles `app` and makes its bindings; done at once when neither changed.
pub(crate) fn build(bundle: Bundle) -> Result<Bindings> {
    let toolchain = step("finding a compiler for wasm", Toolchain::find)?;
    let module = step(
        &format!("compiling app to wasm with {}", toolchain.name()),
        || compile(&toolchain, bundle),
    )?;
    let bytes = fs::read(&module).with_context(|| format!("cannot read {}", module.display()))?;
    bindings::make(&bytes)
}

/// The crate stays a plain library, so that native builds link no shared object: only this call asks for one.
fn compile(toolchain: &Toolchain, bundle: Bundle) -> Result<PathBuf> {
    let mut command = toolchain.cargo("rustc");
    command.args(["--package", "app", "--lib", "--crate-type", "cdylib"]);
    command.args(["--features", "hydrate", "--profile", bundle.profile()]);
    stream(&mut command)?;
    Ok(module_of(&toolchain.target_dir(), bundle))
}

fn module_of(target_dir: &Path, bundle: Bundle) -> PathBuf {
    target_dir
        .join(toolchain::TARGET)
        .join(bundle.profile())
        .join("app.wasm")
}
