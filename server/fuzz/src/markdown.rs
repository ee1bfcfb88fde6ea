//! Markdown of providers: bounded in time, and its HTML harmless and whole.

use std::time::{Duration, Instant};

use app::ssr::formatted;

/// No text takes longer.
const SLOWEST: Duration = Duration::from_secs(1);
/// Elements that have no end.
const VOID: [&str; 5] = ["br", "hr", "wbr", "col", "img"];
/// Elements that nothing we show is made of.
const HARMFUL: [&str; 12] = [
    "script", "style", "iframe", "object", "embed", "form", "input", "button", "link", "meta", "base", "img",
];
/// Where addresses may lead.
const LEADS: [&str; 5] = ["javascript", "data", "vbscript", "file", "blob"];

/// The bytes are the text, unless they are no text.
///
/// # Panics
/// Where formatting is slow, or the HTML could run something, loads something or is not closed.
pub fn markdown(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let (html, taken) = timed(text);
    // Much else may run on the machine: only what is slow again is slow.
    let taken = if taken > SLOWEST { timed(text).1 } else { taken };
    assert!(taken <= SLOWEST, "{} bytes took {taken:?}", text.len());
    is_harmless(&html);
}

fn timed(text: &str) -> (String, Duration) {
    let started = Instant::now();
    let html = formatted(text);
    (html, started.elapsed())
}

/// Reads HTML as our cleaner writes it: attributes in double quotes, `<` only where a tag begins.
fn is_harmless(html: &str) {
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some((_, after)) = rest.split_once('<') {
        let (tag, after) = whole_tag(after);
        rest = after;
        let (name, attributes) = tag
            .split_once(|letter: char| letter.is_ascii_whitespace())
            .unwrap_or((tag, ""));
        if let Some(name) = name.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "ends nothing that is open: {html}");
            continue;
        }
        let is_name = name.starts_with(|letter: char| letter.is_ascii_lowercase())
            && name.chars().all(|it| it.is_ascii_alphanumeric());
        assert!(is_name, "<{name}: {html}");
        assert!(!HARMFUL.contains(&name), "<{name}: {html}");
        are_harmless(attributes, html);
        if !VOID.contains(&name) {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} left open: {html}");
}

/// What follows a `<`: the tag without its brackets, and what comes after it.
fn whole_tag(html: &str) -> (&str, &str) {
    let mut quoted = false;
    let end = html.char_indices().find(|(_, letter)| {
        quoted ^= *letter == '"';
        *letter == '>' && !quoted
    });
    let found = end.and_then(|(at, _)| Some((html.get(..at)?, html.get(at + 1..)?)));
    assert!(found.is_some(), "a tag without an end: <{html}");
    found.unwrap_or_default()
}

fn are_harmless(attributes: &str, html: &str) {
    let mut rest = attributes.trim_start();
    while !rest.is_empty() {
        let cut = rest.split_once("=\"").and_then(|(name, after)| {
            let (value, after) = after.split_once('"')?;
            Some((name, value, after))
        });
        assert!(cut.is_some(), "an attribute without quotes: {attributes}: {html}");
        let Some((name, value, after)) = cut else { return };
        assert!(!name.starts_with("on") && name != "style", "{name}: {html}");
        if ["href", "src", "cite"].contains(&name) {
            assert!(!leads_astray(value), "{name}=\"{value}\": {html}");
        }
        rest = after.trim_start();
    }
}

/// Browsers leave out blanks and control characters of the part before the colon.
fn leads_astray(address: &str) -> bool {
    let address = address.replace("&amp;", "&");
    let Some((scheme, _)) = address.split_once(':') else {
        return false;
    };
    let scheme: String = scheme
        .chars()
        .filter(|letter| !letter.is_whitespace() && !letter.is_control())
        .collect();
    LEADS.iter().any(|bad| scheme.eq_ignore_ascii_case(bad))
}

#[cfg(test)]
mod tests {
    use super::is_harmless;

    fn is_refused(html: &'static str) -> bool {
        std::panic::catch_unwind(|| is_harmless(html)).is_err()
    }

    #[test]
    fn what_could_harm_or_is_not_closed_is_seen() {
        is_harmless(
            "<p>a <a href=\"https://x.example/?a=1&amp;b=>\" rel=\"noopener\">b</a><br>&lt;script&gt;</p>",
        );
        for html in [
            "<p>",
            "<p></em></p>",
            "<script></script>",
            "<a href=\"java\u{1}script:x\"></a>",
            "<p onclick=\"x\"></p>",
            "<p title=x></p>",
            "<p title=\"x",
            "a < b",
        ] {
            assert!(is_refused(html), "{html}");
        }
    }
}
