//! Every class that a view names has a rule, be it ours or one that the generator makes. The generator drops what it does
//! not know without a word, and a misspelt class looks like a broken page, so both are caught here.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot read the sources has failed"
)]

use std::{collections::BTreeSet, fs, path::Path};

use encre_css::{Config, Preflight};

/// Colours of the generator's palette know no dark mode and are none of our tones.
const PALETTE: [&str; 26] = [
    "slate", "gray", "zinc", "neutral", "stone", "red", "orange", "amber", "yellow", "lime", "green",
    "emerald", "teal", "cyan", "sky", "blue", "indigo", "violet", "purple", "fuchsia", "pink", "rose",
    "white", "black", "mauve", "taupe",
];

fn read_all(folder: &str, extension: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .map(|path| (path.display().to_string(), fs::read_to_string(&path).unwrap()))
        .collect()
}

/// The classes that our own style sheets define.
fn own_classes() -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (_, sheet) in read_all("../style", "css") {
        for piece in sheet.split('.').skip(1) {
            let name: String = piece
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
                .collect();
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                found.insert(name);
            }
        }
    }
    found
}

/// The string literals in the value of each `class=` of a source.
fn class_literals(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for rest in source.split(" class=").skip(1) {
        if let Some(literal) = rest.strip_prefix('"') {
            found.extend(literal.split('"').next().map(String::from));
            continue;
        }
        let expression = &rest[..end_of_expression(rest)];
        found.extend(expression.split('"').skip(1).step_by(2).map(String::from));
    }
    found
}

/// Where an attribute's expression ends: at the next attribute, or with its tag or line.
fn end_of_expression(rest: &str) -> usize {
    let mut quoted = false;
    for (at, c) in rest.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '\n' => return at,
            '>' if !quoted && !rest[..at].ends_with('=') => return at,
            ' ' if !quoted => {
                let name = rest[at + 1..]
                    .split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | ':' | '#'))
                    .next();
                let after = name.map_or("", |name| &rest[at + 1 + name.len()..]);
                if after.starts_with('=') && !after.starts_with("==") && !after.starts_with("=>") {
                    return at;
                }
            }
            _ => {}
        }
    }
    rest.len()
}

/// What is wrong with a class, if anything.
fn fault(class: &str, own: &BTreeSet<String>) -> Option<String> {
    let utility = class.rsplit(':').next().unwrap_or(class);
    let coloured = utility.split(['-', '/']).any(|part| PALETTE.contains(&part)) && !own.contains(class);
    if coloured {
        return Some(format!(
            "`{class}` brings a colour of its own: use a component or a token"
        ));
    }
    if class.split(':').any(|variant| variant == "dark") {
        return Some(format!(
            "`{class}` ignores the person's choice of theme: tokens have both colours"
        ));
    }
    if own.contains(class) {
        return None;
    }
    let mut config = Config::default();
    config.preflight = Preflight::new_none();
    encre_css::generate([class], &config)
        .trim()
        .is_empty()
        .then(|| format!("`{class}` has no rule"))
}

#[test]
fn every_class_in_a_view_has_a_rule() {
    let own = own_classes();
    let mut faults = BTreeSet::new();
    let mut checked = 0;
    for (path, source) in read_all("src", "rs") {
        for literal in class_literals(&source) {
            for class in literal
                .split_whitespace()
                .filter(|class| !class.contains(['{', '}']))
            {
                checked += 1;
                faults.extend(fault(class, &own).map(|fault| format!("{path}: {fault}")));
            }
        }
    }
    assert!(
        checked > 200,
        "only {checked} classes found: does the search still work?"
    );
    assert!(
        faults.is_empty(),
        "{}",
        faults.into_iter().collect::<Vec<_>>().join("\n")
    );
}

#[test]
fn unknown_and_coloured_classes_are_found() {
    let own = own_classes();
    for class in [
        "btn-primry",
        "size-5",
        "text-slate-500",
        "md:bg-white",
        "dark:flex",
    ] {
        assert!(fault(class, &own).is_some(), "{class}");
    }
    for class in ["btn-primary", "flex", "md:grid-cols-2", "gap-4", "tone-neutral"] {
        assert_eq!(fault(class, &own), None, "{class}");
    }
}

#[test]
fn literals_are_found_in_expressions_too() {
    let source = r#"<p class="a b" id=x> <p class=if on { "c" } else { "d" }> <p class=format!("e {}", tone) title="f"> <b class=x == "g" id="h">"#;
    assert_eq!(class_literals(source), ["a b", "c", "d", "e {}", "g"]);
}

/// Inline styles and handlers would be refused by the Content-Security-Policy, silently for the person who wrote them.
#[test]
fn no_view_carries_inline_styles_or_handlers() {
    for (path, source) in read_all("src", "rs") {
        for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
            for forbidden in [
                " style=\"",
                " style=format",
                " onclick=",
                " onchange=",
                " onsubmit=",
            ] {
                assert!(!line.contains(forbidden), "{path}: {line}");
            }
        }
    }
}
