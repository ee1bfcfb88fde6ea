//! The browser tests: Debian's Chromium, Node, and the runner's packages.

use anyhow::Result;

use super::node;
use crate::packages::{self, BROWSER};
use crate::paths;

pub(crate) const CHROMIUM: &str = "/usr/bin/chromium";

pub(super) fn ensure() -> Result<()> {
    packages::ensure("the browser tests", BROWSER)?;
    node::packages_of(&paths::root().join("end2end"), "the browser tests")
}
