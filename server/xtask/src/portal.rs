//! A portal of its own with the demo content, on a free port and in a folder that goes away with it.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::Signal;

use crate::postgres::free_port;
use crate::process::{Background, capture, logged, pause, tail};
use crate::{build, paths};

/// Everything a token can be for; it still can do no more than its owner.
const SCOPES: [&str; 5] = ["read", "order", "approve", "provide", "operate"];

/// A running server; dropping it stops it and removes its data.
pub(crate) struct Portal {
    // Dropped in this order: first the server, then its folder.
    server: Background,
    data: Data,
    program: PathBuf,
    port: u16,
}

struct Data(PathBuf);

impl Drop for Data {
    fn drop(&mut self) {
        // Below target/ and named after this process: a rest does no harm.
        drop(fs::remove_dir_all(&self.0));
    }
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
        let data = Data(paths::notes().join(format!("portal-{}", process::id())));
        fs::create_dir_all(&data.0)?;
        let port = free_port()?;
        let log = paths::log("portal");
        for words in build::PREPARATION {
            logged(command(program, &data.0, port).args(words), &log)?;
        }
        let mut serve = command(program, &data.0, port);
        serve.arg("serve").env("STOA_WORK_IN_SERVER", works.to_string());
        let server = Background::start(&mut serve, &log, Signal::TERM)?;
        let mut portal = Self {
            server,
            data,
            program: program.to_path_buf(),
            port,
        };
        portal.wait(&log)?;
        Ok(portal)
    }

    pub(crate) fn address(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// A token with every scope for a person of the demo content.
    pub(crate) fn token(&self, person: &str) -> Result<String> {
        let mut command = command(&self.program, &self.data.0, self.port);
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

    fn wait(&mut self, log: &Path) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, self.port));
        while !answers(address, "/readyz") {
            if self.server.has_ended() || Instant::now() > deadline {
                bail!("the portal did not start:\n{}", tail(log, 20));
            }
            pause(Duration::from_millis(100))?;
        }
        Ok(())
    }
}

fn command(program: &Path, data: &Path, port: u16) -> Command {
    let mut command = Command::new(program);
    command
        .current_dir(data)
        .env("STOA_DATA_DIR", data)
        .env("STOA_LISTEN", format!("127.0.0.1:{port}"))
        // All of a test's requests come from one address.
        .env("STOA_POSTS_PER_MINUTE", "0")
        .env("STOA_ANONYMOUS_PAGE_READS_PER_MINUTE", "0");
    for variable in ["STOA_DATABASE_URL", "STOA_CONFIG", "STOA_PUBLIC_URL"] {
        command.env_remove(variable);
    }
    command
}

/// True when a server on this port says that all is well at this path.
pub(crate) fn answers(address: SocketAddr, path: &str) -> bool {
    ask(address, path).is_ok_and(|answer| answer.starts_with("HTTP/1.1 200"))
}

fn ask(address: SocketAddr, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect(address).context("nobody listens")?;
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )?;
    let mut head = [0_u8; 64];
    let read = stream.read(&mut head)?;
    Ok(String::from_utf8_lossy(head.get(..read).unwrap_or_default()).into_owned())
}
