//! Text that takes a reader of Markdown time that grows with the square of its length.

use anyhow::{Context, Result, bail};

use super::scene::{HUNG_UP, PROVIDER, Scene, first_link};
use crate::http::ARGUMENTS;
use crate::visit::{Page, encoded};

/// Letters of a description, at most.
const LONGEST: usize = 20_000;
/// Beginnings that open something which is never closed, or that nest.
const PARTS: [&str; 6] = ["> ", "- ", "[", "*_", "<a ", "![]("];

fn text(number: usize, letters: usize) -> String {
    let part = PARTS.get(number).copied().unwrap_or("> ");
    part.repeat(letters / part.len())
}

/// The field of a preview, but for its beginning: what takes long to encode would keep the attacker busy instead of the portal.
fn long_part(number: usize, letters: usize) -> String {
    let field = encoded(&[("text".to_owned(), text(number % PARTS.len(), letters))]);
    field.trim_start_matches("text=").to_owned()
}

/// Fields of a preview whose text nobody has asked for before, so that no page that is kept answers it.
fn asked(number: usize, turn: &mut usize, long: &str) -> String {
    *turn += 1;
    format!("text={number}+{turn}%0A%0A{long}")
}

/// The function that renders, called past its page by people and visitors: 40 kB and more at a time.
pub(super) fn previews(scene: &Scene) -> Result<String> {
    let mut people = Vec::new();
    for number in 0..8 {
        people.push((
            scene.person(PROVIDER, number)?,
            number,
            0,
            long_part(number, 40_000),
        ));
    }
    for number in 8..12 {
        people.push((scene.visitor(number), number, 0, long_part(number, 20_000)));
    }
    let headers = [("Accept", "application/json"), ARGUMENTS];
    let answers = scene.flood(people, |(person, number, turn, long)| {
        let body = asked(*number, turn, long);
        person.ask("POST", "/fn/load_markdown", &headers, body.as_bytes())
    })?;
    // Nothing but a form is taken there: previews are drawn with their page. What is refused is not read, and the connection
    // ends with its answer, so who is still sending may find it gone before the answer is read.
    answers.judge(&["415"], &["429", HUNG_UP])
}

/// A description that everybody reads.
pub(super) fn description(scene: &Scene) -> Result<String> {
    let page = describe(scene)?;
    let visitors = (0..8).map(|number| scene.visitor(number)).collect();
    let answers = scene.flood(visitors, |visitor| visitor.get(&page))?;
    answers.judge(&["200"], &["429"])
}

/// Gives an offering the description; the address of its page.
fn describe(scene: &Scene) -> Result<String> {
    let mut provider = scene.person(PROVIDER, 0)?;
    let area = first_link(&mut provider, "/", "/provider/")?;
    let step = first_link(&mut provider, &area, "/provider/offerings/")?;
    // Without the part of the offering that the list leads to: its description comes first.
    let step = step.split('/').take(4).collect::<Vec<_>>().join("/");
    let form = Page::read(&provider.get(&step)?.text())
        .forms
        .into_iter()
        .find(|form| form.action == "/fn/save_description")
        .with_context(|| format!("{step} has no form for the description"))?;
    let mut fields = form.drawn();
    for (name, value) in &mut fields {
        if name == "description" {
            *value = text(0, LONGEST);
        }
    }
    let answer = provider.post(&form.action, &encoded(&fields))?;
    let back = answer.header("location").unwrap_or_default().to_owned();
    let told = provider.get(&back)?;
    if told.status != 200 {
        bail!("the description was not taken: {back} answered {}", told.status);
    }
    first_link(&mut provider, &step, "/offerings/")
}
