//! Reading what a test binary printed.

use super::Kind;

/// One test and whether it passed.
#[derive(PartialEq, Eq, Debug)]
pub(super) struct Outcome {
    pub(super) name: String,
    pub(super) verdict: Verdict,
}

#[derive(PartialEq, Eq, Debug, Clone, Copy)]
pub(super) enum Verdict {
    Passed,
    Failed,
    Ignored,
}

/// Every `test … ok` line of libtest's output.
pub(super) fn read(output: &str) -> Vec<Outcome> {
    output.lines().filter_map(line).collect()
}

fn line(text: &str) -> Option<Outcome> {
    let (name, word) = text.strip_prefix("test ")?.rsplit_once(" ... ")?;
    let verdict = match word.split([',', ' ']).next()? {
        "ok" => Verdict::Passed,
        "FAILED" => Verdict::Failed,
        "ignored" => Verdict::Ignored,
        _ => return None,
    };
    Some(Outcome {
        name: name.to_owned(),
        verdict,
    })
}

/// How many tests libtest says it ran; more than the lines show when a test wrote over its own line.
pub(super) fn totals(output: &str) -> (usize, usize) {
    let results = output
        .lines()
        .filter_map(|text| text.strip_prefix("test result: "));
    let (mut passed, mut failed) = (0, 0);
    for result in results {
        passed += number_before(result, " passed").unwrap_or(0);
        failed += number_before(result, " failed").unwrap_or(0);
    }
    (passed, failed)
}

pub(super) fn number_before(text: &str, word: &str) -> Option<usize> {
    text.get(..text.find(word)?)?
        .rsplit([' ', '('])
        .next()?
        .parse()
        .ok()
}

/// Passed and failed tests by kind, with the lines that cannot be read put to the binary's own kind.
pub(super) fn by_kind(package: &str, binary: &str, output: &str) -> Vec<(Kind, Verdict, usize)> {
    let mut counts = Vec::new();
    for test in read(output) {
        counts.push((Kind::of(package, binary, &test.name), test.verdict, 1));
    }
    let seen = |wanted| counts.iter().filter(|(_, verdict, _)| *verdict == wanted).count();
    let (passed, failed) = totals(output);
    let unread = [(Verdict::Passed, passed), (Verdict::Failed, failed)].map(|(verdict, all)| {
        (
            Kind::of(package, binary, ""),
            verdict,
            all.saturating_sub(seen(verdict)),
        )
    });
    counts.extend(unread.into_iter().filter(|(_, _, count)| *count > 0));
    counts
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "running 4 tests\n\
        test a::sqlite ... ok\n\
        test a::postgres ... FAILED\n\
        test b ... ignored, needs a thing\n\
        test c - should panic ... ok\n\
        noise test d ... ok\n\
        test result: FAILED. 3 passed; 1 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.00s\n";

    #[test]
    fn lines_and_totals_are_read() {
        let verdicts: Vec<Verdict> = read(OUTPUT).into_iter().map(|outcome| outcome.verdict).collect();
        assert_eq!(
            verdicts,
            [
                Verdict::Passed,
                Verdict::Failed,
                Verdict::Ignored,
                Verdict::Passed
            ]
        );
        assert_eq!(totals(OUTPUT), (3, 1));
        assert_eq!(totals(""), (0, 0));
    }

    #[test]
    fn a_test_whose_line_is_lost_still_counts() {
        let counts = by_kind("domain", "it", OUTPUT);
        let of = |kind, verdict| -> usize {
            counts
                .iter()
                .filter(|(k, v, _)| (*k, *v) == (kind, verdict))
                .map(|(_, _, n)| n)
                .sum()
        };
        assert_eq!(of(Kind::Sqlite, Verdict::Passed), 1);
        assert_eq!(of(Kind::Postgres, Verdict::Failed), 1);
        assert_eq!(of(Kind::Domain, Verdict::Passed), 2);
    }
}
