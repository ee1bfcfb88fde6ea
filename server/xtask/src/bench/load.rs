//! The load generator: wrk, and what it prints.

use std::process::Command;

use anyhow::{Context, Result, bail};

use crate::process::capture;

/// Connections at once.
const CONNECTIONS: &str = "-c16";
/// How long one measurement takes.
const DURATION: &str = "-d5s";

/// What a server did under load.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Load {
    pub(super) per_second: f64,
    /// 99 of 100 requests were answered within this many milliseconds.
    pub(super) p99: f64,
}

impl Load {
    /// Of measurements of the same thing the mean rate and the worst latency.
    pub(super) fn of_turns(turns: &[Self]) -> Self {
        let rates: Vec<f64> = turns.iter().map(|turn| turn.per_second).collect();
        Self {
            per_second: rates.iter().sum::<f64>() / f64::from(u32::try_from(rates.len()).unwrap_or(1)),
            p99: turns.iter().map(|turn| turn.p99).fold(0.0, f64::max),
        }
    }
}

/// Asks for this address as fast as it is answered. A short run before lets caches fill.
pub(super) fn load(address: &str, token: Option<&str>) -> Result<Load> {
    wrk(address, token, "-d1s")?;
    wrk(address, token, DURATION)
}

fn wrk(address: &str, token: Option<&str>, duration: &str) -> Result<Load> {
    let mut command = Command::new("wrk");
    command.args(["-t1", CONNECTIONS, duration, "--latency"]);
    if let Some(token) = token {
        command.args(["-H", &format!("Authorization: Bearer {token}")]);
    }
    let text = capture(command.arg(address))?;
    if text.contains("Non-2xx") || text.contains("Socket errors") {
        bail!("{address} did not answer everything:\n{text}");
    }
    read(&text).with_context(|| format!("wrk said something else than expected:\n{text}"))
}

fn read(text: &str) -> Option<Load> {
    let after = |name: &str| {
        text.lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .map(str::trim)
    };
    Some(Load {
        per_second: after("Requests/sec:")?.parse().ok()?,
        p99: milliseconds(after("99%")?)?,
    })
}

fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)];
    let (number, factor) = units
        .into_iter()
        .find_map(|(unit, factor)| Some((text.strip_suffix(unit)?, factor)))?;
    Some(number.parse::<f64>().ok()? * factor)
}

#[cfg(test)]
mod tests {
    use super::{Load, read};

    #[test]
    fn figures_are_read_in_every_unit() {
        let text = |p99: &str| {
            format!("  Latency Distribution\n     50%    2.99ms\n     99%  {p99}\nRequests/sec:   5100.50\n")
        };
        for (p99, expected) in [("7.50ms", 7.5), ("500.00us", 0.5), ("1.20s", 1200.0)] {
            let expected = Load {
                per_second: 5100.5,
                p99: expected,
            };
            assert_eq!(read(&text(p99)), Some(expected));
        }
        assert_eq!(read("Requests/sec: 3"), None);
    }
}
