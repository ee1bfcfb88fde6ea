//! A server of ours that runs beside us.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use rustix::process::Signal;

use crate::http::{Connection, Headers};
use crate::process::{Background, pause, tail};

/// Longer than this no start takes.
const STARTS_WITHIN: Duration = Duration::from_secs(30);
/// Between two looks at one that starts: how long that takes is measured too.
const LOOK_EVERY: Duration = Duration::from_millis(5);
/// One that starts may take this long to answer.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running server; dropping it stops it.
pub(crate) struct Served {
    server: Background,
    address: SocketAddr,
}

impl Served {
    /// Starts a program that listens on this port; also how long it took until it answered at this path with a success.
    pub(crate) fn start(
        command: &mut Command,
        port: u16,
        path: &str,
        log: &Path,
    ) -> Result<(Self, Duration)> {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let started = Instant::now();
        let mut server = Background::start(command, log, Signal::TERM)?;
        while !answers(address, path) {
            if server.has_ended() || started.elapsed() > STARTS_WITHIN {
                bail!("a server did not start:\n{}", tail(log, 20));
            }
            pause(LOOK_EVERY)?;
        }
        Ok((Self { server, address }, started.elapsed()))
    }

    pub(crate) fn socket(&self) -> SocketAddr {
        self.address
    }

    pub(crate) fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn get(&self, path: &str, headers: Headers) -> Result<Vec<u8>> {
        self.connect()?.get(path, headers)
    }

    pub(crate) fn connect(&self) -> Result<Connection> {
        Connection::open(self.address)
    }

    /// Memory that the process holds, in kB.
    pub(crate) fn memory(&self) -> Result<u64> {
        self.server.memory()
    }

    /// Asks it to end and says how long that took; nothing when it does not end within this time.
    pub(crate) fn stop(&mut self, within: Duration) -> Option<Duration> {
        self.server.stop(within)
    }
}

/// True when a server at this address says that all is well at this path.
pub(crate) fn answers(address: SocketAddr, path: &str) -> bool {
    let ask = || {
        let mut connection = Connection::open(address)?;
        connection.patience(PATIENCE)?;
        connection.ask("GET", path, &[("Connection", "close")], b"")
    };
    ask().is_ok_and(|answer| answer.status == 200)
}
