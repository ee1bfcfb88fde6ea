//! Pages that follow an order or a resource live: far more than anybody may have open.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};

use super::scene::{Answers, PEOPLE, Scene, first_link};
use crate::http::Connection;
use crate::process::pause;
use crate::visit::Person;

/// Streams that are asked for.
const STREAMS: usize = 1000;
/// So many at once one person has at most; the README's table of bounds says it.
const OF_ONE_PERSON: u32 = 12;
/// How long a stream goes on after its person has signed out, at most.
const GONE_WITHIN: Duration = Duration::from_secs(5);

/// A thousand streams of a dozen people; those that are taken stay open until their people sign out.
pub(super) fn thousand(scene: &Scene) -> Result<String> {
    let mut watchers = Vec::new();
    for (number, email) in PEOPLE.iter().enumerate() {
        let mut person = scene.person(email, number)?;
        if let Some(thing) = watched(&mut person) {
            watchers.push((person, thing));
        }
    }
    ensure!(!watchers.is_empty(), "nobody has an order or a resource");
    let answers = Answers::default();
    let open = open(scene, &watchers, &answers)?;
    while !scene.is_over() {
        pause(Duration::from_millis(200))?;
    }
    let most = OF_ONE_PERSON * u32::try_from(watchers.len())?;
    ensure!(
        (1..=most).contains(&answers.of("200")),
        "{} of {} people have {most} streams at most",
        answers.words(),
        watchers.len()
    );
    // More are asked for than anybody may have, so some are refused.
    let words = answers.judge(&["200", "429"], &[])?;
    let open = still_open(open)?;
    for (person, _) in &mut watchers {
        person.post("/fn/sign_out", "")?;
    }
    let took = all_end(open)?;
    Ok(format!(
        "{words}; ended {:.1} s after signing out",
        took.as_secs_f64()
    ))
}

/// The address of a stream that this person may open.
fn watched(person: &mut Person) -> Option<String> {
    let of = |person: &mut Person, list: &str| {
        let link = first_link(person, list, &format!("{list}/")).ok()?;
        Some(format!("/events{link}"))
    };
    of(person, "/orders").or_else(|| of(person, "/resources"))
}

fn open(scene: &Scene, watchers: &[(Person, String)], answers: &Answers) -> Result<Vec<Connection>> {
    let mut open = Vec::new();
    for (number, (person, thing)) in watchers.iter().cycle().take(STREAMS).enumerate() {
        let cookies = person.cookie_header();
        // The connection ends with its stream, so that the end is seen.
        let headers = [
            ("Cookie", cookies.as_str()),
            ("Accept", "text/event-stream"),
            ("Connection", "close"),
        ];
        // What the page shows already would be told at once, and a thing that is over ends its stream.
        let mut connection = scene.connect(number % 50)?;
        let answer = connection.ask("GET", thing, &headers, b"");
        answers.count(&answer);
        if answer.is_ok_and(|answer| answer.is_stream()) {
            open.push(connection);
        }
    }
    Ok(open)
}

/// Those that have not ended by themselves; an error when there is none, as then nothing is known of signing out.
fn still_open(open: Vec<Connection>) -> Result<Vec<Connection>> {
    let mut still = Vec::new();
    for mut connection in open {
        if connection.is_open()? {
            still.push(connection);
        }
    }
    ensure!(
        !still.is_empty(),
        "every stream ended before its person signed out"
    );
    Ok(still)
}

/// How long it takes until no stream is open any more.
fn all_end(open: Vec<Connection>) -> Result<Duration> {
    let began = Instant::now();
    for mut connection in open {
        let gone = || GONE_WITHIN.saturating_sub(began.elapsed());
        // No waiting at all is no patience that a socket can have.
        connection.patience(gone().max(Duration::from_millis(1)))?;
        // Nothing came in that time, or the server broke off: what the clock says is the judge.
        while !gone().is_zero() && connection.skip().is_ok_and(|bytes| bytes > 0) {}
    }
    let took = began.elapsed();
    ensure!(
        took <= GONE_WITHIN,
        "a stream goes on {GONE_WITHIN:?} after its person has signed out"
    );
    Ok(took)
}
