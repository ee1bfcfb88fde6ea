//! Connections on which next to nothing comes.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use anyhow::{Result, bail, ensure};

use super::scene::{Answers, Scene, source};
use crate::http::connect_from;
use crate::process::pause;

/// More than one address may have open, and what it may: half of `connections`, as the portal is shipped.
const CONNECTIONS: u32 = 1_100;
const SHARE: u32 = 1_000;
const BEYOND: u32 = CONNECTIONS - SHARE;
/// So many more may be hung up on: others of that address may not be gone yet.
const SOME: u32 = 20;
/// As the portal is shipped: `silence_seconds` and `body_seconds`.
const SILENCE: Duration = Duration::from_secs(30);
/// Between two bytes, and two looks at what is closed.
const DRIP: Duration = Duration::from_secs(1);
/// A connection that is still open so much later than it should be goes on for ever.
const SLACK: Duration = Duration::from_secs(10);
/// So many are open while the portal is told to end.
const HELD: usize = 60;

/// How connections end that are beyond the share.
const AT_ONCE: &str = "hung up on at once";

/// What comes over a connection.
#[derive(Clone, Copy)]
enum Way {
    Headers,
    Body,
    Nothing,
}

struct Slow {
    stream: TcpStream,
    way: Way,
}

impl Slow {
    fn open(scene: &Scene, number: usize, source_number: usize) -> Result<Self> {
        let mut stream = connect_from(source(source_number), scene.address())?;
        let way = match number % 3 {
            0 => Way::Headers,
            1 => Way::Body,
            _ => Way::Nothing,
        };
        let begun = match way {
            Way::Headers => "GET /marketplace HTTP/1.1\r\nHost: x\r\nX-Slow: ",
            Way::Body => {
                "POST /fn/sign_in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                 Content-Length: 5000\r\n\r\nemail="
            }
            Way::Nothing => "",
        };
        // Who has too many open is hung up on, maybe before this.
        drop(stream.write_all(begun.as_bytes()));
        stream.set_nonblocking(true)?;
        Ok(Self { stream, way })
    }

    /// Sends another byte, and says whether the portal has hung up.
    fn drip(&mut self) -> bool {
        if !matches!(self.way, Way::Nothing) && self.stream.write_all(b"x").is_err() {
            return true;
        }
        let mut heard = [0; 4096];
        loop {
            match self.stream.read(&mut heard) {
                Ok(0) => return true,
                Ok(_) => {}
                Err(error) => return error.kind() != ErrorKind::WouldBlock,
            }
        }
    }
}

/// All from one address: those beyond its share are hung up on at once, the others when their time is over.
pub(super) fn connections(scene: &Scene) -> Result<String> {
    let began = Instant::now();
    let mut open = Vec::new();
    for number in 0..CONNECTIONS {
        open.push(Slow::open(scene, usize::try_from(number)?, 1)?);
    }
    let ends = Answers::default();
    while !open.is_empty() {
        pause(DRIP)?;
        open.retain_mut(|slow| {
            let ended = slow.drip();
            if ended {
                ends.add(if began.elapsed() < SILENCE / 2 {
                    AT_ONCE
                } else {
                    "when their time was over"
                });
            }
            !ended
        });
        if began.elapsed() > SILENCE + SLACK {
            bail!(
                "{} of {CONNECTIONS} slow connections are open after {:?}",
                open.len(),
                began.elapsed()
            );
        }
    }
    let at_once = ends.of(AT_ONCE);
    ensure!(
        (BEYOND..BEYOND + SOME).contains(&at_once),
        "of {CONNECTIONS} connections of one address all beyond {SHARE} are hung up on at once, and no others: {}",
        ends.words()
    );
    Ok(format!(
        "{}; none open after {:.0} s",
        ends.words(),
        began.elapsed().as_secs_f64()
    ))
}

/// Connections of each kind that are open while the portal is told to end; dropping them closes them.
pub(super) fn hold(scene: &Scene) -> Result<impl Sized + use<>> {
    (0..HELD)
        .map(|number| Slow::open(scene, number, number))
        .collect::<Result<Vec<Slow>>>()
}
