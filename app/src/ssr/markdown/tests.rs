use std::time::{Duration, Instant};

use super::*;

#[test]
fn what_could_harm_is_taken_out() {
    let html =
        formatted("# Hi\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) ![p](http://x/y.png)");
    assert!(html.contains("<h1>Hi</h1>"));
    assert!(
        html.contains("&lt;script&gt;"),
        "tags that were typed are text: {html}"
    );
    assert!(
        !html.contains("<script") && !html.contains("<img") && !html.contains("javascript:"),
        "{html}"
    );
}

#[test]
fn what_is_usual_is_formatted() {
    let html = formatted(
        "> a **b** ~~c~~\n\n- one\n  - two\n\n| h |\n|---|\n| d |\n\n[e](https://example.org)\n\n- - - - - - - - - - - - - - - - - - - - - - - - - - - - - - - -",
    );
    for tag in [
        "<blockquote>",
        "<strong>b</strong>",
        "<del>c</del>",
        "<ul>",
        "<td>d</td>",
        "href=\"https://example.org\"",
        "<hr>",
    ] {
        assert!(html.contains(tag), "{tag}: {html}");
    }
}

/// Texts that are quick to type and were slow to show.
fn hostile(length: usize) -> Vec<(&'static str, String)> {
    let again = |piece: &str| piece.repeat(length / piece.len());
    let lists = (0..400).fold(String::new(), |text, level| text + &"  ".repeat(level) + "- x\n");
    let columns = 2_000;
    let table = format!(
        "{}\n{}\n{}",
        "|a".repeat(columns),
        "|-".repeat(columns),
        "|\n".repeat(length / 4)
    );
    vec![
        ("quotes in one line", again("> ")),
        ("quotes and a word", format!("{}a", again(">"))),
        ("lists in one line", format!("{}a", again("- "))),
        ("numbers in one line", format!("{}a", again("1. "))),
        ("lists over lines", lists),
        ("brackets", again("[")),
        ("links", again("[a](")),
        (
            "links in links",
            format!("{}a{}", again("["), "](b)".repeat(length / 8)),
        ),
        ("pictures", again("![")),
        ("stars", again("*a **b ")),
        ("emphasis", format!("{}a{}", again("*"), again("*"))),
        (
            "ticks",
            (1..600).fold(String::new(), |text, ticks| text + &"`".repeat(ticks) + " "),
        ),
        ("strikes", again("~~a ")),
        ("tags", again("<b>")),
        ("open tags", again("<a href=\"")),
        ("declarations", again("<!")),
        ("instructions", again("<?")),
        ("entities", again("&amp;")),
        ("a table of empty cells", table),
        (
            "references",
            format!(
                "[x]: /{}\n\n{}",
                "y".repeat(length / 2),
                "[x] ".repeat(length / 8)
            ),
        ),
        (
            "quotes over lines",
            format!("{}\n", ">".repeat(20)).repeat(length / 21),
        ),
    ]
}

#[test]
fn no_text_takes_longer_than_its_length() {
    for (name, text) in hostile(50_000) {
        let started = Instant::now();
        let html = formatted(&text);
        let taken = started.elapsed();
        println!(
            "{name}: {} bytes, {taken:?}, {} bytes of HTML",
            text.len(),
            html.len()
        );
        assert!(taken < Duration::from_secs(4), "{name} takes {taken:?}");
        assert!(
            html.len() < 6 * MAX_PARTS_TEXT,
            "{name} makes {} bytes",
            html.len()
        );
    }
}

#[test]
fn what_is_too_large_or_too_deep_is_shown_as_it_was_typed() {
    let large = "a".repeat(MAX_TEXT);
    assert!(formatted(&large).starts_with("<p>"));
    assert!(formatted(&format!("{large}a")).starts_with("<pre>"));
    let marks = "<b>".repeat(MAX_ENTITIES / 2);
    assert!(formatted(&format!("a {marks}")).starts_with("<p>"));
    assert!(formatted(&format!("a {marks}<")).starts_with("<pre>"));
    let deep = |levels: usize| format!("{}<i>", "> ".repeat(levels));
    assert!(formatted(&deep(MAX_DEPTH)).starts_with("<blockquote>"));
    assert!(formatted(&deep(MAX_DEPTH + 1)).starts_with("<pre>&gt; "));
}

#[tokio::test]
async fn a_text_is_formatted_once() {
    let formatter = Formatter::default();
    let (one, other) = tokio::join!(formatter.html("**a**"), formatter.html("**a**"));
    let again = formatter.html("**a**").await.unwrap();
    assert!(Arc::ptr_eq(&one.unwrap(), &again) && Arc::ptr_eq(&other.unwrap(), &again));
    assert_eq!(formatter.kept.len(), 1);
}
