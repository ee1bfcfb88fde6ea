//! A database filled for measuring, and portals that run on it.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::Result;

use crate::paths;
use crate::portal::Installation;
use crate::postgres::free_port;
use crate::served::Served;

/// A database and the folder of its portal.
pub(super) struct Database {
    installation: Installation,
    url: String,
}

impl Database {
    /// At `url`, or a file of its own.
    pub(super) fn create(name: &str, url: Option<String>) -> Result<Self> {
        let name = format!("bench-{}", name.to_lowercase());
        let installation = Installation::create(&paths::stoa("release"), &name)?;
        let file = || {
            format!(
                "sqlite://{}?mode=rwc",
                installation.folder().join("stoa.db").display()
            )
        };
        let url = url.unwrap_or_else(file);
        let installation = installation.with("STOA_DATABASE_URL", &url);
        Ok(Self { installation, url })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Content for measurements.
    pub(super) fn fill(&self, size: u32) -> Result<()> {
        self.installation.tell(&["migrate"])?;
        self.installation
            .tell(&["seed", "bench", "--size", &size.to_string()])
    }

    pub(super) fn token(&self, person: &str) -> Result<String> {
        self.installation.token(person)
    }

    /// Starts a portal and says how long it took until its first page was there.
    pub(super) fn serve(&self) -> Result<(Served, Duration)> {
        self.installation.serve_until("/marketplace")
    }

    /// Starts the bare handler that answers with the same rows.
    pub(super) fn serve_bare(&self) -> Result<Served> {
        let port = free_port()?;
        let mut command = Command::new(program("bare_catalogue"));
        command.args([self.url.as_str(), &format!("127.0.0.1:{port}")]);
        Ok(Served::start(&mut command, port, "/", &paths::log("bench-bare"))?.0)
    }
}

/// A program that was built for the measurements.
pub(super) fn program(name: &str) -> PathBuf {
    paths::cargo_target().join("release").join(name)
}
