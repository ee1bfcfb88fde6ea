//! What a browser fetches before the first page works.

use std::fs;

use anyhow::{Context, Result, bail};
use walkdir::WalkDir;

use crate::paths;
use crate::served::Served;

/// The only font of a page in a western European language.
const FONT: &str = "inter-latin.woff2";
/// Files of this build that every page loads; the server keeps them compressed.
const FILES: [&str; 3] = ["portal.css", "portal.js", "portal_bg.wasm"];

/// Bytes over the wire, compressed with brotli.
#[derive(Debug, Clone, Copy)]
pub(super) struct FirstLoad {
    pub(super) page: u64,
    pub(super) css: u64,
    pub(super) script: u64,
    pub(super) wasm: u64,
    /// Compressed already, as fonts are.
    pub(super) font: u64,
}

impl FirstLoad {
    pub(super) fn total(self) -> u64 {
        self.page + self.css + self.script + self.wasm + self.font
    }
}

pub(super) fn first_load(portal: &Served, page: &str) -> Result<FirstLoad> {
    let packed = portal.get(page, &[("Accept-Encoding", "br")])?;
    let build = fs::read_to_string(paths::site().join("BUILD_ID"))?;
    let mut sizes = Vec::new();
    for name in FILES {
        let path = format!("/pkg/{}/{name}", build.trim());
        sizes.push(portal.get(&path, &[("Accept-Encoding", "br")])?.len());
    }
    let [css, script, wasm] = sizes.as_slice() else {
        bail!("some files of the portal are missing");
    };
    Ok(FirstLoad {
        page: u64::try_from(packed.len())?,
        css: u64::try_from(*css)?,
        script: u64::try_from(*script)?,
        wasm: u64::try_from(*wasm)?,
        font: font()?,
    })
}

fn font() -> Result<u64> {
    let mut files = WalkDir::new(paths::site()).into_iter().flatten();
    let file = files
        .find(|file| file.file_name() == FONT)
        .context("the font is missing")?;
    Ok(file.metadata()?.len())
}
