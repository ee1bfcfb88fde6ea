//! JavaScript for a wasm module, by wasm-bindgen as a library.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

use crate::step::step;
use crate::{fingerprint, paths};

/// The module as browsers load it, and the script that loads it.
pub(crate) struct Bindings {
    pub(crate) script: Vec<u8>,
    pub(crate) module: Vec<u8>,
}

pub(super) fn make(module: &[u8]) -> Result<Bindings> {
    let dir = paths::notes().join("bindings");
    let print = fingerprint::of([module]);
    let complete = dir.join("portal_bg.wasm");
    fingerprint::once("bindings", &print, &complete, || {
        step("making JavaScript bindings", || generate(module, &dir))
    })?;
    Ok(Bindings {
        script: read(dir.join("portal.js"))?,
        module: read(complete)?,
    })
}

fn generate(module: &[u8], dir: &Path) -> Result<()> {
    if dir.exists() {
        fs::remove_dir_all(dir)?;
    }
    let mut bindgen = Bindgen::new();
    bindgen
        .input_bytes("portal", module.to_vec())
        .web(true)?
        .typescript(false);
    bindgen.remove_name_section(true).remove_producers_section(true);
    bindgen.generate(dir).context("wasm-bindgen refused the module")?;
    // The page preloads exactly two files; a third would come late and unhashed.
    if dir.join("snippets").exists() {
        bail!("some crate brings JavaScript snippets of its own, which the bundle does not serve");
    }
    Ok(())
}

fn read(path: PathBuf) -> Result<Vec<u8>> {
    fs::read(&path).with_context(|| format!("cannot read {}", path.display()))
}
