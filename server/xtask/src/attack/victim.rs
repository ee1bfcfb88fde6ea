//! The person who is not attacked: goes on reading pages, each over a new connection, and takes their time.

use std::net::Ipv4Addr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};

use super::scene::first_link;
use crate::portal::Portal;
use crate::process::pause;
use crate::visit::Person;

/// 99 of 100 pages come within so many milliseconds.
pub(super) const BOUND: f64 = 200.0;
/// A colleague of those who are attacked, at another address.
const EMAIL: &str = "kadri.mets@pohjala.example";
const SOURCE: Ipv4Addr = Ipv4Addr::new(127, 0, 1, 1);
/// How long the quiet figure is measured.
const QUIET: Duration = Duration::from_secs(10);
/// An attack that is over sooner is measured for so long.
const LEAST: Duration = Duration::from_secs(5);
/// Between two pages.
const THINKS: Duration = Duration::from_millis(15);
/// Read before anything is measured.
const WARM: usize = 40;

/// How long pages took.
#[derive(Debug, Clone)]
pub(super) struct Times {
    /// In milliseconds, sorted.
    sorted: Vec<f64>,
    /// Why the first of those did not come that did not.
    pub(super) failed: Option<String>,
}

impl Times {
    fn of(mut all: Vec<f64>, failed: Option<String>) -> Self {
        all.sort_by(f64::total_cmp);
        Self { sorted: all, failed }
    }

    pub(super) fn count(&self) -> usize {
        self.sorted.len()
    }

    /// So many of 100 pages came within this time.
    fn percentile(&self, share: usize) -> f64 {
        let place = (self.sorted.len() * share).div_ceil(100).saturating_sub(1);
        self.sorted.get(place).copied().unwrap_or(f64::INFINITY)
    }

    pub(super) fn median(&self) -> f64 {
        self.percentile(50)
    }

    pub(super) fn p99(&self) -> f64 {
        self.percentile(99)
    }

    /// The 99th percentile as such, and against that of when nobody else was there.
    pub(super) fn against(&self, quiet: &Self) -> String {
        let p99 = self.p99();
        format!("{p99:.0} ms ({:.1} ×)", p99 / quiet.p99())
    }

    pub(super) fn slowest(&self) -> f64 {
        self.percentile(100)
    }
}

/// Somebody who reads.
pub(super) struct Victim {
    person: Person,
    pages: Vec<String>,
}

impl Victim {
    /// Signs in and finds pages of every kind.
    pub(super) fn at(portal: &Portal) -> Result<Self> {
        let mut person = Person::signed_in(portal.socket(), SOURCE, EMAIL)?;
        let mut pages: Vec<String> = ["/", "/marketplace", "/orders", "/resources"]
            .map(str::to_owned)
            .into();
        for (list, kind) in [
            ("/marketplace", "/offerings/"),
            ("/orders", "/orders/"),
            ("/resources", "/resources/"),
        ] {
            pages.push(first_link(&mut person, list, kind)?);
        }
        let mut victim = Self { person, pages };
        for turn in 0..WARM {
            victim.read(turn)?;
        }
        Ok(victim)
    }

    /// How long pages take when nobody else is there.
    pub(super) fn alone(&mut self) -> Result<Times> {
        let (quiet, times) = self.meanwhile(|| pause(QUIET))?;
        quiet?;
        match times.failed {
            Some(failed) => bail!(failed),
            None => Ok(times),
        }
    }

    /// Reads while something else happens, and says what came of that and how long pages took.
    pub(super) fn meanwhile<T: Send>(&mut self, what: impl FnOnce() -> T + Send) -> Result<(T, Times)> {
        let over = AtomicBool::new(false);
        thread::scope(|scope| {
            let other = scope.spawn(|| {
                let came = what();
                over.store(true, Ordering::SeqCst);
                came
            });
            let times = self.read_until(&over);
            match other.join() {
                Ok(came) => Ok((came, times?)),
                Err(_panic) => bail!("an attack panicked"),
            }
        })
    }

    fn read_until(&mut self, over: &AtomicBool) -> Result<Times> {
        let began = Instant::now();
        let (mut all, mut failed) = (Vec::new(), None);
        while !over.load(Ordering::SeqCst) || began.elapsed() < LEAST {
            match self.read(all.len()) {
                Ok(took) => all.push(took),
                // One that does not come takes longer than any, and the others are still measured.
                Err(error) => {
                    all.push(f64::INFINITY);
                    failed.get_or_insert_with(|| format!("{error:#}"));
                }
            }
            pause(THINKS)?;
        }
        Ok(Times::of(all, failed))
    }

    /// Reads one of the pages; how many milliseconds it took to be there whole, from connecting on.
    fn read(&mut self, turn: usize) -> Result<f64> {
        let page = self.pages.get(turn % self.pages.len().max(1));
        let page = page.context("there is nothing to read")?;
        self.person.hang_up();
        let asked = Instant::now();
        let answer = self.person.get(page)?;
        let took = asked.elapsed().as_secs_f64() * 1000.0;
        if answer.status != 200 {
            bail!("{page} answered {} to who is not attacked", answer.status);
        }
        Ok(took)
    }
}

#[cfg(test)]
mod tests {
    use super::Times;

    #[test]
    fn the_percentile_is_the_time_within_which_so_many_came() {
        let times = Times::of((1..=200).rev().map(f64::from).collect(), None);
        assert_eq!(
            (times.median(), times.p99(), times.slowest()),
            (100.0, 198.0, 200.0)
        );
        assert_eq!(times.against(&Times::of(vec![99.0], None)), "198 ms (2.0 ×)");
        assert!(
            Times::of(Vec::new(), None).p99() > 1e9,
            "nothing measured is no good figure"
        );
    }
}
