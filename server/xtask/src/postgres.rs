//! A PostgreSQL of our own, thrown away at the end. The system's cluster is never touched.

use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};

use crate::packages;
use crate::paths;
use crate::process::{Background, capture, logged, pause, succeeds, tail};
use crate::step::step;

const PREFIX: &str = "stoa-postgres-";

/// A running server; dropping it stops it and removes its data.
pub(crate) struct Postgres {
    // Dropped in this order: first the server, then its folder.
    server: Background,
    _folder: Folder,
    port: u16,
}

impl Postgres {
    /// Makes and starts a cluster on a free port.
    pub(crate) fn start() -> Result<Self> {
        packages::ensure("PostgreSQL", packages::POSTGRES)?;
        step("starting a throwaway PostgreSQL", || {
            remove_leftovers();
            let programs = programs()?;
            let folder = Folder::create()?;
            let owner = Owner::find()?;
            owner.give(&folder.0)?;
            create(&programs, &folder.0, &owner)?;
            let port = free_port()?;
            let log = paths::log("postgres");
            let server =
                Background::start(&mut serve(&programs, &folder.0, port, &owner), &log, Signal::INT)?;
            let mut cluster = Self {
                server,
                _folder: folder,
                port,
            };
            cluster.wait(&programs, &log)?;
            Ok(cluster)
        })
    }

    /// For a superuser who may create databases.
    pub(crate) fn url(&self) -> String {
        self.url_of("postgres")
    }

    /// The same at another database.
    pub(crate) fn url_of(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}", self.port)
    }

    /// Makes a database anew as a copy of another, to which nobody may be connected; `template1` is an empty one.
    pub(crate) fn copy(&self, from: &str, to: &str) -> Result<()> {
        self.tell(&format!("DROP DATABASE IF EXISTS {to} WITH (FORCE)"))?;
        self.tell(&format!("CREATE DATABASE {to} TEMPLATE {from}"))
    }

    /// What a query answers, as text: a line for each row.
    pub(crate) fn ask(&self, query: &str) -> Result<String> {
        let answer = self.psql(&["--tuples-only", "--no-align"], query)?;
        Ok(answer.trim().to_owned())
    }

    fn tell(&self, statement: &str) -> Result<()> {
        self.psql(&[], statement).map(drop)
    }

    fn psql(&self, how: &[&str], statement: &str) -> Result<String> {
        let mut command = Command::new(programs()?.join("psql"));
        command.args([
            "--quiet",
            "--no-psqlrc",
            "--dbname",
            &self.url(),
            "--command",
            statement,
        ]);
        capture(command.args(how))
    }

    fn wait(&mut self, programs: &Path, log: &Path) -> Result<()> {
        let deadline = Instant::now() + Duration::from_secs(30);
        let port = self.port.to_string();
        while !succeeds(Command::new(programs.join("pg_isready")).args(["-h", "127.0.0.1", "-p", &port])) {
            if self.server.has_ended() || Instant::now() > deadline {
                bail!("PostgreSQL did not start:\n{}", tail(log, 15));
            }
            pause(Duration::from_millis(100))?;
        }
        Ok(())
    }
}

/// PostgreSQL refuses to run as root: its package's user owns the cluster then.
enum Owner {
    Ourselves,
    Package { uid: u32, gid: u32 },
}

impl Owner {
    fn find() -> Result<Self> {
        if !packages::is_root() {
            return Ok(Self::Ourselves);
        }
        let (uid, gid) = packages::user("postgres")?;
        Ok(Self::Package { uid, gid })
    }

    fn give(&self, folder: &Path) -> Result<()> {
        if let Self::Package { uid, gid } = self {
            chown(folder, Some(*uid), Some(*gid))?;
        }
        Ok(())
    }

    fn command(&self, program: PathBuf, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder).env("LC_ALL", "C.UTF-8");
        if let Self::Package { uid, gid } = self {
            command.uid(*uid).gid(*gid);
        }
        command
    }
}

/// The newest version that is installed.
fn programs() -> Result<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").context("PostgreSQL is not installed")?;
    let newest = versions
        .flatten()
        .filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok())
        .max();
    let newest = newest.context("there is no version of PostgreSQL in /usr/lib/postgresql")?;
    Ok(Path::new("/usr/lib/postgresql")
        .join(newest.to_string())
        .join("bin"))
}

fn create(programs: &Path, folder: &Path, owner: &Owner) -> Result<()> {
    let mut command = owner.command(programs.join("initdb"), folder);
    command.args([
        "--auth=trust",
        "--username=postgres",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
        "--no-sync",
    ]);
    logged(
        command.arg("--pgdata").arg(folder.join("data")),
        &paths::log("initdb"),
    )
}

/// Nothing here has to survive a power cut, so nothing waits for the disk.
fn serve(programs: &Path, folder: &Path, port: u16, owner: &Owner) -> Command {
    let mut command = owner.command(programs.join("postgres"), folder);
    command.arg("-D").arg(folder.join("data"));
    let socket = format!("unix_socket_directories={}", folder.display());
    let port = format!("port={port}");
    let settings = [
        socket.as_str(),
        port.as_str(),
        "listen_addresses=127.0.0.1",
        "fsync=off",
        "synchronous_commit=off",
        "full_page_writes=off",
        "max_connections=200",
    ];
    for setting in settings {
        command.args(["-c", setting]);
    }
    command
}

pub(crate) fn free_port() -> Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).context("there is no free port")?;
    Ok(listener.local_addr()?.port())
}

/// Below /var/tmp, since the package's user cannot look into a home directory.
struct Folder(PathBuf);

impl Folder {
    fn create() -> Result<Self> {
        let path = Path::new("/var/tmp").join(format!("{PREFIX}{}", process::id()));
        fs::create_dir(&path).with_context(|| format!("cannot create {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Left in place when it cannot be removed; the next run tries again.
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A run that was killed could not clean up: its server is recognised by the folder it works in.
fn remove_leftovers() {
    let Ok(entries) = fs::read_dir("/var/tmp") else {
        return;
    };
    for path in entries.flatten().map(|entry| entry.path()) {
        let owner = path
            .file_name()
            .and_then(|name| name.to_str()?.strip_prefix(PREFIX)?.parse::<i32>().ok());
        let Some(owner) = owner else { continue };
        if Path::new("/proc").join(owner.to_string()).exists() {
            continue;
        }
        stop_leftover(&path.join("data"));
        drop(fs::remove_dir_all(&path));
    }
}

fn stop_leftover(data: &Path) {
    let text = fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let Some(pid) = text
        .lines()
        .next()
        .and_then(|line| line.trim().parse::<i32>().ok())
    else {
        return;
    };
    let works_there = || fs::read_link(format!("/proc/{pid}/cwd")).is_ok_and(|folder| folder == data);
    if !works_there() {
        return;
    }
    for _ in 0..50 {
        if !works_there() {
            return;
        }
        if let Some(pid) = Pid::from_raw(pid) {
            let _ = kill_process(pid, Signal::INT);
        }
        std::thread::sleep(Duration::from_millis(100));
    }
}
