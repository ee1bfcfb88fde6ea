//! Passages that stand in two places.

use std::collections::HashMap;

/// A passage of this many lines that mean something is worth naming once.
const LENGTH: usize = 10;

/// Two places with the same lines, trimmed and without blank ones, comments, imports and lone brackets.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Duplicate {
    pub(super) first: String,
    pub(super) second: String,
    /// How many lines that mean something are the same.
    pub(super) lines: usize,
}

struct Line<'a> {
    number: usize,
    text: &'a str,
}

/// Every pair of passages of ten lines or more; each is as long as it can be.
pub(super) fn find(files: &[(String, String)]) -> Vec<Duplicate> {
    let reduced: Vec<Vec<Line<'_>>> = files.iter().map(|(_, text)| reduce(text)).collect();
    let mut seen: HashMap<Vec<&str>, (usize, usize)> = HashMap::new();
    let mut found = Vec::new();
    for (file, lines) in reduced.iter().enumerate() {
        let mut at = 0;
        while let Some(window) = lines.get(at..at + LENGTH) {
            let key: Vec<&str> = window.iter().map(|line| line.text).collect();
            let here = (file, at);
            let first = *seen.entry(key).or_insert(here);
            let apart = first.0 != file || first.1 + LENGTH <= at;
            if first == here || !apart {
                at += 1;
                continue;
            }
            let same = common(&reduced, first, here);
            found.push(Duplicate {
                first: place(files, &reduced, first),
                second: place(files, &reduced, here),
                lines: same,
            });
            at += same;
        }
    }
    found.sort_by_key(|duplicate| std::cmp::Reverse(duplicate.lines));
    found
}

fn reduce(text: &str) -> Vec<Line<'_>> {
    let numbered = text.lines().enumerate().map(|(at, line)| Line {
        number: at + 1,
        text: line.trim(),
    });
    numbered
        .take_while(|line| line.text != "#[cfg(test)]")
        .filter(|line| means_something(line.text))
        .collect()
}

fn means_something(line: &str) -> bool {
    let import = line.starts_with("use ") || line.starts_with("pub use ") || line.starts_with("mod ");
    line.chars().any(char::is_alphanumeric) && !line.starts_with("//") && !import
}

fn common(files: &[Vec<Line<'_>>], first: (usize, usize), second: (usize, usize)) -> usize {
    let from = |(file, at): (usize, usize)| {
        files
            .get(file)
            .into_iter()
            .flatten()
            .skip(at)
            .map(|line| line.text)
    };
    from(first).zip(from(second)).take_while(|(a, b)| a == b).count()
}

fn place(files: &[(String, String)], reduced: &[Vec<Line<'_>>], (file, at): (usize, usize)) -> String {
    let name = files.get(file).map(|(name, _)| name.as_str()).unwrap_or_default();
    let number = reduced
        .get(file)
        .and_then(|lines| lines.get(at))
        .map_or(0, |line| line.number);
    format!("{name}:{number}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passage(from: usize, to: usize) -> String {
        (from..to)
            .map(|number| format!("    let a{number} = {number};\n\n    // why\n"))
            .collect::<Vec<_>>()
            .concat()
    }

    #[test]
    fn a_passage_is_found_as_long_as_it_is() {
        let files = [
            ("a.rs".to_owned(), format!("fn a() {{\n{}}}\n", passage(0, 15))),
            (
                "b.rs".to_owned(),
                format!("fn b() {{\n    other();\n{}}}\n", passage(2, 14)),
            ),
        ];
        let expected = Duplicate {
            first: "a.rs:8".into(),
            second: "b.rs:3".into(),
            lines: 12,
        };
        assert_eq!(find(&files), [expected]);
    }

    #[test]
    fn short_passages_and_tests_do_not_count() {
        let tests = format!("#[cfg(test)]\n{}", passage(0, 20));
        let files = [
            ("a.rs".to_owned(), passage(0, 9)),
            ("b.rs".to_owned(), passage(0, 9)),
            ("c.rs".to_owned(), tests),
        ];
        assert_eq!(find(&files), []);
    }
}
