//! `target/site`: what the server hands out as files.
//!
//! `pkg/<id>/` holds the bundle, named after its content so that browsers keep it for ever; `BUILD_ID` names
//! the one in use; everything else is a copy of `public/`. Beside each file that shrinks lie its `.br` and `.gz`.

mod compress;
mod public;

pub(crate) use compress::BEST;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::step::{say, step};
use crate::wasm::Bundle;
use crate::{css, fingerprint, paths, wasm};

/// Builds all of it; whatever did not change is not written again.
pub(crate) fn build(how: Bundle) -> Result<()> {
    let bindings = wasm::build(how)?;
    let sheet = step("generating the style sheet", css::build)?;
    let bundle = [
        ("portal.js", bindings.script),
        ("portal_bg.wasm", bindings.module),
        ("portal.css", sheet.into_bytes()),
    ];
    let site = paths::site();
    fs::create_dir_all(&site).with_context(|| format!("cannot create {}", site.display()))?;
    step("copying public files", || {
        public::copy(&paths::root().join("public"), &site)
    })?;
    let id = fingerprint::of(bundle.iter().map(|(_, content)| content.as_slice()));
    let folder = site.join("pkg").join(&id);
    if !folder.exists() {
        step("compressing the bundle", || {
            write_bundle(&site, &id, how, &bundle)
        })?;
    }
    point_at(&site, &id)
}

/// Written aside and then renamed: a folder with a final name is complete.
fn write_bundle(site: &Path, id: &str, how: Bundle, bundle: &[(&str, Vec<u8>)]) -> Result<()> {
    let draft = site.join("pkg").join(format!("{id}.draft"));
    if draft.exists() {
        fs::remove_dir_all(&draft)?;
    }
    fs::create_dir_all(&draft)?;
    for (name, content) in bundle {
        fs::write(draft.join(name), content)?;
        let small = compress::beside(&draft.join(name), content, how.brotli_quality())?;
        say(format!(
            "  {name}: {} kB, {} kB by brotli",
            content.len() / 1000,
            small / 1000
        ));
    }
    fs::rename(&draft, site.join("pkg").join(id)).context("cannot put the bundle in its place")
}

/// Pages that are open still load the bundle before this one, so one generation is kept.
fn point_at(site: &Path, id: &str) -> Result<()> {
    let note = site.join("BUILD_ID");
    let before = fs::read_to_string(&note).unwrap_or_default();
    if before != id {
        fs::write(&note, id).context("cannot write BUILD_ID")?;
        for entry in fs::read_dir(site.join("pkg"))? {
            let name = entry?.file_name();
            if name != id && name != before.as_str() {
                fs::remove_dir_all(site.join("pkg").join(name))?;
            }
        }
    }
    Ok(())
}
