//! A portal of its own with the demo content, on a free port and in a folder that goes away with it.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::Duration;

use anyhow::{Context, Result, bail};

use crate::postgres::free_port;
use crate::process::{capture, logged};
use crate::served::Served;
use crate::{build, paths};

/// The password of everybody in the demo content.
pub(crate) const PASSWORD: &str = "marble columns at noon";
/// Everything a token can be for; it still can do no more than its owner.
const SCOPES: [&str; 5] = ["read", "order", "approve", "provide", "operate"];

/// A folder and a database of their own, whether or not a server runs on them; dropping it removes the folder.
pub(crate) struct Installation {
    program: PathBuf,
    folder: Folder,
    name: String,
    settings: Vec<(String, String)>,
    as_shipped: bool,
}

struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        // Below target/ and named after this process: a rest does no harm.
        drop(fs::remove_dir_all(&self.0));
    }
}

impl Installation {
    /// An empty one on SQLite, under a name that its folder and its logs have.
    pub(crate) fn create(program: &Path, name: &str) -> Result<Self> {
        let folder = Folder(paths::notes().join(format!("{name}-{}", process::id())));
        fs::create_dir_all(&folder.0)?;
        Ok(Self {
            program: program.to_path_buf(),
            folder,
            name: name.to_owned(),
            settings: Vec::new(),
            as_shipped: false,
        })
    }

    /// With another value for a variable of the environment.
    pub(crate) fn with(mut self, variable: &str, value: impl Into<String>) -> Self {
        self.settings.push((variable.to_owned(), value.into()));
        self
    }

    /// With the rates of one address that a portal has when nobody has configured it.
    pub(crate) fn with_rates_as_shipped(mut self) -> Self {
        self.as_shipped = true;
        self
    }

    /// Where its files are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder.0
    }

    /// What the server and other commands on it say.
    pub(crate) fn log(&self) -> PathBuf {
        paths::log(&self.name)
    }

    /// Makes the demo content.
    pub(crate) fn fill(&self) -> Result<()> {
        build::PREPARATION
            .into_iter()
            .try_for_each(|words| self.tell(words))
    }

    /// Has the program do something else than serve.
    pub(crate) fn tell(&self, words: &[&str]) -> Result<()> {
        logged(self.command().args(words), &self.log())
    }

    /// A token with every scope for a person of the demo content.
    pub(crate) fn token(&self, person: &str) -> Result<String> {
        let mut command = self.command();
        command.args(["token", "add", "--user", person]);
        for scope in SCOPES {
            command.args(["--scope", scope]);
        }
        let text = capture(&mut command)?;
        let last = text
            .lines()
            .rfind(|line| !line.trim().is_empty())
            .unwrap_or_default();
        let token = last.split_whitespace().last().unwrap_or_default();
        if token.is_empty() {
            bail!("`stoa token add` printed no token");
        }
        Ok(token.to_owned())
    }

    /// The description of the API.
    pub(crate) fn describe(&self) -> Result<String> {
        capture(self.command().arg("openapi"))
    }

    /// A copy of its files under another name, with the same settings. No server may run on it.
    pub(crate) fn copy(&self, name: &str) -> Result<Self> {
        let mut copy = Self::create(&self.program, name)?;
        copy.settings.clone_from(&self.settings);
        copy.as_shipped = self.as_shipped;
        for entry in fs::read_dir(self.folder())? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                fs::copy(entry.path(), copy.folder().join(entry.file_name()))?;
            }
        }
        Ok(copy)
    }

    /// The invariants of the data; an error tells what is broken. No server may run on it.
    pub(crate) fn verify(&self) -> Result<()> {
        let log = paths::log(&format!("{}-verify", self.name));
        logged(self.command().arg("verify"), &log)
    }

    /// Starts a server on it.
    pub(crate) fn serve(self) -> Result<Portal> {
        let (server, _) = self.serve_until("/readyz")?;
        Ok(Portal {
            server,
            installation: self,
        })
    }

    /// The same for as long as this one is kept; also how long it took until a page was there.
    pub(crate) fn serve_until(&self, page: &str) -> Result<(Served, Duration)> {
        let port = free_port()?;
        let mut serve = self.command();
        serve.arg("serve").env("STOA_LISTEN", format!("127.0.0.1:{port}"));
        Served::start(&mut serve, port, page, &self.log())
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command
            .current_dir(&self.folder.0)
            .env("STOA_DATA_DIR", &self.folder.0);
        if !self.as_shipped {
            // All of a test's requests come from one address.
            command
                .env("STOA_POSTS_PER_MINUTE", "0")
                .env("STOA_ANONYMOUS_PAGE_READS_PER_MINUTE", "0");
        }
        for variable in ["STOA_DATABASE_URL", "STOA_CONFIG", "STOA_PUBLIC_URL"] {
            command.env_remove(variable);
        }
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// A running server; dropping it stops it and removes its data.
pub(crate) struct Portal {
    // Dropped in this order: first the server, then its folder.
    server: Served,
    installation: Installation,
}

impl Portal {
    /// Starts the binary on a fresh SQLite database. No jobs are worked: the plugins' backends are not what is tested
    /// with it.
    pub(crate) fn start(program: &Path) -> Result<Self> {
        Self::start_with(program, false)
    }

    /// The same with a worker: orders are carried out.
    pub(crate) fn start_working(program: &Path) -> Result<Self> {
        Self::start_with(program, true)
    }

    fn start_with(program: &Path, works: bool) -> Result<Self> {
        let installation =
            Installation::create(program, "portal")?.with("STOA_WORK_IN_SERVER", works.to_string());
        installation.fill()?;
        installation.serve()
    }

    pub(crate) fn address(&self, path: &str) -> String {
        self.server.at(path)
    }

    pub(crate) fn socket(&self) -> SocketAddr {
        self.server.socket()
    }

    pub(crate) fn installation(&self) -> &Installation {
        &self.installation
    }

    /// Memory that the process holds, in kB.
    pub(crate) fn memory(&self) -> Result<u64> {
        self.server.memory()
    }

    /// Asks the server to end. What is left is the installation, and how long it took; an error when it took longer than
    /// this.
    pub(crate) fn stop(mut self, within: Duration) -> Result<(Installation, Duration)> {
        let took = self.server.stop(within);
        let took =
            took.with_context(|| format!("the server went on for {within:?} after it was told to end"))?;
        Ok((self.installation, took))
    }

    /// A token with every scope for a person of the demo content.
    pub(crate) fn token(&self, person: &str) -> Result<String> {
        self.installation.token(person)
    }
}
