//! Markdown of providers as HTML: bounded, made once, and away from the threads that answer requests.

use std::sync::Arc;

use model::{Kind, Problem};
use pulldown_cmark::{CowStr, Event, Options, Parser, Tag, html};
use quick_cache::{Weighter, sync::Cache};
use tokio::sync::Semaphore;

use super::portal;
use crate::error::AppError;

/// Most bytes of a text that is formatted: 50,000 letters of any script. A longer one is shown as it was typed.
const MAX_TEXT: usize = 200_000;
/// Most levels of quotes, lists and emphasis, one in another. What is deeper stands on the last of them.
const MAX_DEPTH: usize = 24;
/// Most parts of a text that is formatted; references and tables can make many of a few letters.
const MAX_PARTS: usize = 100_000;
/// Most bytes of what all parts say, for the same reason.
const MAX_PARTS_TEXT: usize = 4 * MAX_TEXT;
/// Most letters that HTML writes as entities. What cleans HTML joins each to the text before it, which takes the time of that
/// text again.
const MAX_ENTITIES: usize = 2_000;
/// Most bytes of pages that are kept.
const KEPT: u64 = 16 * 1024 * 1024;
/// How many texts are formatted at once.
const AT_ONCE: usize = 2;

/// Formats texts and keeps what came of them under the text itself: another revision is another text.
pub struct Formatter {
    kept: Cache<String, Arc<str>, Weight>,
    turns: Semaphore,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<str>> for Weight {
    fn weight(&self, key: &String, html: &Arc<str>) -> u64 {
        u64::try_from(key.len() + html.len()).unwrap_or(u64::MAX)
    }
}

impl Default for Formatter {
    fn default() -> Self {
        Self {
            kept: Cache::with_weighter(1_000, KEPT, Weight),
            turns: Semaphore::new(AT_ONCE),
        }
    }
}

impl Formatter {
    async fn html(&self, text: &str) -> Result<Arc<str>, AppError> {
        let key = domain::crypto::sha256_hex(text.as_bytes());
        let formatted = async {
            let _turn = self.turns.acquire().await.map_err(|fault| failed(&fault))?;
            let text = text.to_owned();
            let html = tokio::task::spawn_blocking(move || formatted(&text)).await;
            html.map(Arc::from).map_err(|fault| failed(&fault))
        };
        self.kept.get_or_insert_async(&key, formatted).await
    }
}

/// Markdown as HTML that cannot harm: no scripts, no styles, no pictures from elsewhere. Tags that were typed are text. A text
/// that is too large to be formatted is shown as it was typed.
pub async fn markdown(text: &str) -> Result<String, AppError> {
    if text.trim().is_empty() {
        return Ok(String::new());
    }
    Ok(portal()?.formatter.html(text).await?.to_string())
}

fn failed(fault: &(impl std::error::Error + 'static)) -> AppError {
    tracing::error!(
        error = domain::trace::cause(fault),
        "a text could not be formatted"
    );
    let words = "Something went wrong on our side. Try again.";
    AppError(Problem::plain(Kind::Internal, "markdown", words))
}

/// The same at once, without what was kept before: for who is on a thread of their own.
pub fn formatted(text: &str) -> String {
    let Some(parts) = parts(text) else {
        return format!("<pre>{}</pre>", html_escape::encode_text(text));
    };
    let mut raw = String::with_capacity(text.len() * 2);
    html::push_html(&mut raw, parts.into_iter());
    let mut cleaner = ammonia::Builder::default();
    cleaner.rm_tags(["img"]).link_rel(Some("noopener nofollow"));
    cleaner.clean(&raw).to_string()
}

/// The parts of a text, none deeper than is allowed; none of a text with too many. Time and memory grow with the text only:
/// what works on trees afterwards would take the square of their depth.
fn parts(text: &str) -> Option<Vec<Event<'_>>> {
    let entities = text.matches(['<', '>', '&']).count();
    if text.len() > MAX_TEXT || entities > MAX_ENTITIES || text.lines().any(begins_deep) {
        return None;
    }
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let (mut kept, mut depth, mut said) = (Vec::new(), 0_usize, 0_usize);
    for part in Parser::new_ext(text, options) {
        let part = match part {
            Event::Start(ref tag) => {
                depth += 1;
                said += address(tag).map_or(0, |address| address.len());
                (depth <= MAX_DEPTH).then_some(part)
            }
            Event::End(_) => {
                depth = depth.saturating_sub(1);
                (depth < MAX_DEPTH).then_some(part)
            }
            Event::Html(tag) | Event::InlineHtml(tag) => Some(Event::Text(tag)),
            other => Some(other),
        };
        if let Some(Event::Text(text) | Event::Code(text)) = &part {
            said += text.len();
        }
        kept.extend(part);
        if kept.len() > MAX_PARTS || said > MAX_PARTS_TEXT {
            return None;
        }
    }
    Some(kept)
}

fn address<'a>(tag: &'a Tag<'_>) -> Option<&'a CowStr<'a>> {
    match tag {
        Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. } => Some(dest_url),
        _ => None,
    }
}

/// Whether a line opens more quotes and lists than are allowed. A line of nothing but dashes, stars or blanks is a rule.
fn begins_deep(line: &str) -> bool {
    if line
        .chars()
        .all(|letter| matches!(letter, '-' | '*' | '_' | ' ' | '\t'))
    {
        return false;
    }
    let (mut rest, mut opened) = (line.trim_start(), 0_usize);
    while let Some(after) = after_marker(rest) {
        opened += 1;
        rest = after.trim_start();
    }
    opened > MAX_DEPTH
}

/// What follows the marker of a quote or of a list's line; none where the line begins with neither.
fn after_marker(line: &str) -> Option<&str> {
    if let Some(quoted) = line.strip_prefix('>') {
        return Some(quoted);
    }
    let number = line.trim_start_matches(|letter: char| letter.is_ascii_digit());
    let marks: &[char] = if number.len() < line.len() {
        &['.', ')']
    } else {
        &['-', '+', '*']
    };
    let listed = number.strip_prefix(marks)?;
    (listed.is_empty() || listed.starts_with([' ', '\t'])).then_some(listed)
}

#[cfg(test)]
mod tests;
