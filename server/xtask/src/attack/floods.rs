//! More of what is sent once: forms of visitors, forms that wait, sign-ins, bodies.

use std::collections::VecDeque;

use anyhow::{Context, Result, ensure};

use super::scene::{Answers, HUNG_UP, OWNER, PROVIDER, Scene, source};
use crate::http::{Answer, Connection, FORM};
use crate::visit::{Person, encoded};

/// Who send at a time.
const AT_ONCE: usize = 8;
/// Sign-ins of one wave.
const SIGN_INS: usize = 400;
/// Over so many addresses the posts of one person come, so that no rate stops them.
const ADDRESSES: usize = 40;
/// How often each of them is signed in: so many sessions one person has.
const SESSIONS: usize = 3;
/// Fields of a form that is refused, and letters of each: the most of a field that a session keeps, and with 240 kB nearly the
/// most of a form.
const FIELDS: usize = 4;
const LETTERS: usize = 60_000;
/// Most that the flood of forms may leave, in bytes. In the sessions of two people 2 MB may wait; of forms that come at the
/// same time each may find the last of that room, which are 4 MB; the rest is what a database needs besides. Without a bound
/// of a person it would be 230 MB.
const MOST_KEPT: u64 = 20_000_000;
/// Where less is kept, the forms were none that wait.
const LEAST_KEPT: u64 = 1_000_000;

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

/// Forms of people who are not signed in: nothing of them is kept.
pub(super) fn visitors_forms(scene: &Scene) -> Result<String> {
    let body = encoded(&[
        pair("offering", "none"),
        pair("attributes.purpose", "x".repeat(60_000)),
    ]);
    let mut visitors: Vec<(Person, usize)> = Vec::new();
    for number in 0..AT_ONCE {
        visitors.push((scene.visitor(number), number));
    }
    let answers = scene.flood(visitors, |(visitor, turn)| {
        // Another browser each time, at another address.
        *turn += AT_ONCE;
        *visitor = scene.visitor(*turn % (AT_ONCE * ADDRESSES));
        visitor.post("/fn/recalculate_order", &body)
    })?;
    answers.judge(&["302"], &["429"])
}

/// Forms that are refused, whose texts wait in the session of whoever sent them, for their page.
pub(super) fn refused_forms(scene: &Scene) -> Result<String> {
    let mut people = Vec::new();
    for number in 0..AT_ONCE {
        let email = if number % 2 == 0 { PROVIDER } else { OWNER };
        let sessions = (0..SESSIONS).map(|_| scene.person(email, number));
        people.push((sessions.collect::<Result<VecDeque<_>>>()?, number));
    }
    let before = stored(scene)?;
    let answers = scene.flood(people, |(sessions, turn)| {
        *turn += AT_ONCE;
        let last = sessions.pop_front().context("nobody is signed in")?;
        let mut person = last.again(source(*turn % (AT_ONCE * ADDRESSES)));
        // Each waits for a page of its own: that of an offering that is not there.
        let answer = person.post("/fn/place_order", &order_of(&format!("none-{turn}")));
        sessions.push_back(person);
        answer
    })?;
    let words = answers.judge(&["302"], &["429"])?;
    let kept = stored(scene)?.saturating_sub(before);
    ensure!(
        (LEAST_KEPT..MOST_KEPT).contains(&kept),
        "of refused forms {kept} bytes are kept, not {LEAST_KEPT} to {MOST_KEPT}: {words}"
    );
    Ok(format!("{words}; {} kB are kept of them", kept / 1000))
}

/// An order with as much text as a session keeps.
fn order_of(slug: &str) -> String {
    let mut fields = vec![pair("offering", slug)];
    for number in 0..FIELDS {
        fields.push(pair(&format!("attributes.a{number}"), "x".repeat(LETTERS)));
    }
    encoded(&fields)
}

/// Bytes that are kept: all that waits in sessions on PostgreSQL, whose files also hold what has long been overwritten; the
/// files in the portal's folder on SQLite, which writes in their place.
fn stored(scene: &Scene) -> Result<u64> {
    if let Some(cluster) = scene.cluster() {
        let answer = cluster.ask("SELECT COALESCE(SUM(LENGTH(data)), 0) FROM sessions")?;
        return answer.parse().context("the size of sessions is no number");
    }
    let mut bytes = 0;
    for entry in std::fs::read_dir(scene.portal().installation().folder())? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}

/// Wrong passwords, half of them for one account and each from another address.
pub(super) fn sign_ins(scene: &Scene) -> Result<String> {
    let answers = Answers::default();
    let mut waves = 0;
    while !scene.is_over() {
        wave(scene, &answers)?;
        waves += 1;
    }
    let words = answers.judge(&["302"], &["429", "503"])?;
    Ok(format!("{waves} waves; {words}"))
}

fn wave(scene: &Scene, answers: &Answers) -> Result<()> {
    let mut open = Vec::with_capacity(SIGN_INS);
    for number in 0..SIGN_INS {
        open.push(scene.connect(number)?);
    }
    for (number, connection) in open.iter_mut().enumerate() {
        let email = if number % 2 == 0 {
            OWNER.to_owned()
        } else {
            format!("nobody{number}@pohjala.example")
        };
        let body = encoded(&[pair("email", email), pair("password", "marble columns at night")]);
        post(connection, "/fn/sign_in", &body)?;
    }
    for mut connection in open {
        answers.count(&connection.receive());
    }
    Ok(())
}

fn post(connection: &mut Connection, path: &str, body: &str) -> Result<()> {
    connection.send("POST", path, &[("Accept", "text/html"), FORM], body.as_bytes())
}

/// Bodies beyond every bound, one kind after the other. The portal may hang up on who goes on sending.
pub(super) fn bodies(scene: &Scene) -> Result<String> {
    let token = scene.portal().token(PROVIDER)?;
    let people = (0..AT_ONCE).map(|number| (number, number)).collect();
    let answers = scene.flood(people, |(number, turn)| {
        *turn += 1;
        body(scene, *number, *turn, &token)
    })?;
    answers.judge(&["413", "400"], &["422", "429", HUNG_UP])
}

fn body(scene: &Scene, number: usize, turn: usize, token: &str) -> Result<Answer> {
    let mut connection = scene.connect(number + AT_ONCE * (turn % ADDRESSES))?;
    let json = ("Content-Type", "application/json");
    let bearer = format!("Bearer {token}");
    let bearer = ("Authorization", bearer.as_str());
    let many = "a=b&".repeat(200_000);
    match turn % 5 {
        0 => connection.ask("POST", "/fn/place_order", &[FORM], &vec![b'x'; 3_000_000]),
        1 => connection.ask("POST", "/fn/place_order", &[FORM], many.as_bytes()),
        2 => connection.ask("POST", "/api/v1/orders", &[json, bearer], &vec![b'['; 1_000_000]),
        3 => {
            let deep = format!(
                "{{\"attributes\":{}1{}}}",
                "{\"a\":".repeat(100_000),
                "}".repeat(100_000)
            );
            connection.ask("POST", "/api/v1/quotes", &[json, bearer], deep.as_bytes())
        }
        _ => endless(&mut connection),
    }
}

/// Chunks without an end, until the portal has had enough of them.
fn endless(connection: &mut Connection) -> Result<Answer> {
    let head = "POST /fn/sign_in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n\
                Transfer-Encoding: chunked\r\n\r\n";
    connection.write(head.as_bytes())?;
    let chunk = format!("10000\r\n{}\r\n", "x".repeat(0x1_0000));
    for _ in 0..200 {
        if connection.write(chunk.as_bytes()).is_err() {
            break;
        }
    }
    connection.receive()
}
