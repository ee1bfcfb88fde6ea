//! A database filled for measuring, and portals that run on it.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::process::{self, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::http::Connection;
use crate::paths;
use crate::portal::answers;
use crate::postgres::free_port;
use crate::process::{Background, capture, logged, pause, tail};

/// A folder that goes away with its guard.
pub(super) struct Folder(PathBuf);

impl Folder {
    pub(super) fn create(name: &str) -> Result<Self> {
        let path = paths::notes().join(format!("bench-{}-{}", name.to_lowercase(), process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Below target/ and named after this process: a rest does no harm.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A database and the folder of its portal.
pub(super) struct Database {
    folder: Folder,
    url: String,
}

impl Database {
    /// At `url`, or a file of its own.
    pub(super) fn new(folder: Folder, url: Option<String>) -> Self {
        let file = || format!("sqlite://{}?mode=rwc", folder.0.join("stoa.db").display());
        let url = url.unwrap_or_else(file);
        Self { folder, url }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Content for measurements.
    pub(super) fn fill(&self, size: u32) -> Result<()> {
        let log = paths::log("bench-fill");
        logged(self.stoa(0).arg("migrate"), &log)?;
        logged(
            self.stoa(0).args(["seed", "bench", "--size", &size.to_string()]),
            &log,
        )
    }

    /// A token for ordering, also what its owner would else have to approve.
    pub(super) fn token(&self, person: &str) -> Result<String> {
        let mut command = self.stoa(0);
        command.args(["token", "add", "--user", person]);
        let text = capture(command.args(["--scope", "read", "--scope", "order", "--scope", "approve"]))?;
        let token = text.split_whitespace().last();
        Ok(token.context("`stoa token add` printed no token")?.to_owned())
    }

    /// Starts a portal and says how long it took until its first page was there.
    pub(super) fn serve(&self) -> Result<(Instance, Duration)> {
        let port = free_port()?;
        Instance::start(self.stoa(port).arg("serve"), port, "/marketplace", "bench-portal")
    }

    /// Starts the bare handler that answers with the same rows.
    pub(super) fn serve_bare(&self) -> Result<Instance> {
        let port = free_port()?;
        let mut command = Command::new(program("bare_catalogue"));
        command.args([self.url.as_str(), &format!("127.0.0.1:{port}")]);
        Ok(Instance::start(&mut command, port, "/", "bench-bare")?.0)
    }

    fn stoa(&self, port: u16) -> Command {
        let mut command = Command::new(paths::stoa("release"));
        command
            .env_remove("STOA_CONFIG")
            .env_remove("STOA_PUBLIC_URL")
            .current_dir(&self.folder.0)
            .env("STOA_DATA_DIR", &self.folder.0)
            .env("STOA_DATABASE_URL", &self.url)
            .env("STOA_LISTEN", format!("127.0.0.1:{port}"))
            .env("STOA_POSTS_PER_MINUTE", "0")
            .env("STOA_ANONYMOUS_PAGE_READS_PER_MINUTE", "0");
        command
    }
}

/// A running server; dropping it stops it.
pub(super) struct Instance {
    server: Background,
    address: SocketAddr,
}

impl Instance {
    fn start(command: &mut Command, port: u16, path: &str, log: &str) -> Result<(Self, Duration)> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let log = paths::log(log);
        let started = Instant::now();
        let mut server = Background::start(command, &log, Signal::TERM)?;
        while !answers(address, path) {
            if server.has_ended() || started.elapsed() > Duration::from_secs(30) {
                bail!("a server did not start:\n{}", tail(&log, 20));
            }
            pause(Duration::from_millis(5))?;
        }
        let took = started.elapsed();
        Ok((Self { server, address }, took))
    }

    pub(super) fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(super) fn get(&self, path: &str, headers: &[(&str, &str)]) -> Result<Vec<u8>> {
        self.connect()?.get(path, headers)
    }

    pub(super) fn connect(&self) -> Result<Connection> {
        Connection::open(self.address)
    }

    /// Memory that the process holds, in kB.
    pub(super) fn memory(&self) -> Result<u64> {
        self.server.memory()
    }
}

/// A program that was built for the measurements.
pub(super) fn program(name: &str) -> PathBuf {
    paths::cargo_target().join("release").join(name)
}
