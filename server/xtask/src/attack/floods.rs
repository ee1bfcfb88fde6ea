//! More of what is sent once: forms of visitors, forms that wait, sign-ins, bodies.

use std::fmt::Write;

use anyhow::Result;

use super::scene::{Answers, OWNER, PROVIDER, Scene, first_link};
use crate::http::{Answer, Connection};
use crate::visit::{Person, encoded};

/// Who send at a time.
const AT_ONCE: usize = 8;
/// Sign-ins of one wave.
const SIGN_INS: usize = 400;
/// Over so many addresses the posts of one person come, so that no rate stops them.
const ADDRESSES: usize = 40;
/// Most that the flood of forms may leave on the disk, in bytes: what waits in sessions has a bound of 64 MB.
const MOST_KEPT: u64 = 100_000_000;

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
    answers.judge()
}

/// Forms that are refused, whose texts wait in the session of whoever sent them, for their page.
pub(super) fn refused_forms(scene: &Scene) -> Result<String> {
    let mut people = Vec::new();
    for number in 0..AT_ONCE {
        let email = if number % 2 == 0 { PROVIDER } else { OWNER };
        people.push((scene.person(email, number)?, number));
    }
    let offering = first_link(&mut scene.visitor(0), "/marketplace", "/offerings/")?;
    let slug = offering.rsplit('/').next().unwrap_or_default();
    let before = stored(scene)?;
    let answers = scene.flood(people, |(person, turn)| {
        *turn += AT_ONCE;
        // Each waits for a page of its own, in a session of its own.
        *person = person.again(super::scene::source(*turn % (AT_ONCE * ADDRESSES)));
        let name = format!("{}{turn}", "x".repeat(900_000));
        let body = encoded(&[
            pair("offering", slug),
            pair("name", name.clone()),
            pair("attributes.purpose", name),
        ]);
        person.post("/fn/place_order", &body)
    })?;
    let kept = stored(scene)?.saturating_sub(before);
    anyhow::ensure!(kept < MOST_KEPT, "{kept} bytes of refused forms are kept");
    let mut words = answers.judge()?;
    let _ = write!(words, "; {} kB more on the disk", kept / 1000);
    Ok(words)
}

/// Bytes of what the portal keeps in its folder: the database, on SQLite.
fn stored(scene: &Scene) -> Result<u64> {
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
    let words = answers.judge()?;
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
    let headers = [
        ("Accept", "text/html"),
        ("Content-Type", "application/x-www-form-urlencoded"),
    ];
    connection.send("POST", path, &headers, body.as_bytes())
}

/// Bodies beyond every bound, one kind after the other. The portal may hang up on who goes on sending.
pub(super) fn bodies(scene: &Scene) -> Result<String> {
    let token = scene.portal().token(PROVIDER)?;
    let people = (0..AT_ONCE).map(|number| (number, number)).collect();
    let answers = scene.flood(people, |(number, turn)| {
        *turn += 1;
        body(scene, *number, *turn, &token)
    })?;
    answers.judge()
}

fn body(scene: &Scene, number: usize, turn: usize, token: &str) -> Result<Answer> {
    let mut connection = scene.connect(number + AT_ONCE * (turn % ADDRESSES))?;
    let form = ("Content-Type", "application/x-www-form-urlencoded");
    let json = ("Content-Type", "application/json");
    let bearer = format!("Bearer {token}");
    let bearer = ("Authorization", bearer.as_str());
    let many = "a=b&".repeat(200_000);
    match turn % 5 {
        0 => connection.ask("POST", "/fn/place_order", &[form], &vec![b'x'; 3_000_000]),
        1 => connection.ask("POST", "/fn/place_order", &[form], many.as_bytes()),
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
