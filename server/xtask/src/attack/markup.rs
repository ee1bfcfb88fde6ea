//! Markup in every field that somebody can fill in: on every page that shows it, it has to be text.

use anyhow::{Context, Result, bail, ensure};
use fastrand::Rng;

use super::scene::{Answers, OWNER, PEOPLE, PROVIDER, STAFF, Scene};
use crate::visit::{ENDS_THINGS, Form, PLANTED, Page, Person, crawl, encoded, plausible, takes_words};

/// Who fill in forms: of each side of the market one, and who sees all.
const WRITERS: [&str; 4] = ["anna.rebane@pohjala.example", OWNER, PROVIDER, STAFF];
/// Pages of a kind, and in all, that each of them walks through.
const WRITE: (usize, usize) = (2, 70);
/// Pages that everybody looks at afterwards.
const READ: (usize, usize) = (3, 60);

/// What is typed follows from it.
const SEED: u64 = 1;

/// Fills in every form of every page, then reads what everybody is shown.
pub(super) fn everywhere(scene: &Scene) -> Result<String> {
    filled_in(scene).with_context(|| format!("with the seed {SEED}"))
}

fn filled_in(scene: &Scene) -> Result<String> {
    let mut rng = Rng::with_seed(SEED);
    let (mut posted, answers) = (0, Answers::default());
    for (number, email) in WRITERS.iter().enumerate() {
        let mut person = scene.person(email, number)?;
        for (_, page) in crawl(&mut person, WRITE.0, WRITE.1)? {
            for form in page.forms.iter().filter(|form| is_tried(form)) {
                post(&mut person, form, &mut rng, &answers)?;
                posted += 1;
            }
        }
    }
    let (mut read, mut showing) = (0, 0);
    for (number, email) in PEOPLE.iter().enumerate() {
        let (pages, with_text) = look(&mut scene.person(email, number)?)?;
        read += pages;
        showing += with_text;
    }
    read += look(&mut scene.visitor(0))?.0;
    ensure!(
        showing > 0,
        "none of {read} pages shows what was typed: {}",
        answers.words()
    );
    // The page of a refused form carries the status of the refusal.
    let words = answers.judge(&["302", "200"], &["403", "404", "409", "422"])?;
    Ok(format!(
        "{posted} forms ({words}), then {read} pages, {showing} with what was typed: all of it is text"
    ))
}

fn is_tried(form: &Form) -> bool {
    form.is_post && !ENDS_THINGS.contains(&form.action.as_str())
}

fn post(person: &mut Person, form: &Form, rng: &mut Rng, answers: &Answers) -> Result<()> {
    let mut pairs = Vec::new();
    for field in &form.fields {
        let value = if takes_words(field) {
            rng.choice(PLANTED).map(str::to_owned)
        } else {
            plausible(field, rng)
        };
        pairs.extend(value.map(|value| (field.name.clone(), value)));
    }
    let answer = person.post(&form.action, &encoded(&pairs))?;
    let back = answer.header("location").map(str::to_owned);
    answers.count(&Ok(answer));
    if let Some(back) = back {
        // A refused form shows what was typed.
        let shown = person.get(&back)?;
        judge(&back, &Page::read(&shown.text()))?;
        answers.count(&Ok(shown));
    }
    Ok(())
}

/// How many pages somebody looks at, and how many of them show what was typed.
fn look(person: &mut Person) -> Result<(usize, usize)> {
    let pages = crawl(person, READ.0, READ.1)?;
    for (address, page) in &pages {
        judge(address, page)?;
    }
    let showing = pages.iter().filter(|(_, page)| page.shows_planted);
    Ok((pages.len(), showing.count()))
}

fn judge(address: &str, page: &Page) -> Result<()> {
    match &page.planted {
        Some(planted) => bail!("what was typed is markup at {address}: {planted}"),
        None => Ok(()),
    }
}
