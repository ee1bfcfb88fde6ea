//! What libFuzzer says of a run.

/// How far a run came.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Figures {
    runs: u64,
    edges: u64,
    inputs: u64,
}

impl Figures {
    /// The figures of a run that ended when its time was over: `#7 DONE cov: 12 ft: 20 corp: 3/4b …`, and the statistics
    /// behind it.
    pub(super) fn read(said: &str) -> Option<Self> {
        let last = said
            .lines()
            .rfind(|line| line.starts_with('#') && line.contains("cov: "))?;
        let after = |text: &str, word: &str| -> Option<u64> {
            let rest = text.get(text.find(word)? + word.len()..)?.trim_start();
            let end = rest
                .find(|letter: char| !letter.is_ascii_digit())
                .unwrap_or(rest.len());
            rest.get(..end)?.parse().ok()
        };
        Some(Self {
            runs: after(said, "stat::number_of_executed_units:")?,
            edges: after(last, "cov:")?,
            inputs: after(last, "corp:")?,
        })
    }

    pub(super) fn heading() -> String {
        "| parser | runs | minutes | edges covered | inputs in the corpus |\n|---|---|---|---|---|".to_owned()
    }

    pub(super) fn row(&self, name: &str, minutes: u32) -> String {
        let Self { runs, edges, inputs } = self;
        format!("| {name} | {runs} | {minutes} | {edges} | {inputs} |")
    }
}

/// The file with the input that ended a run.
pub(super) fn broke_with(said: &str) -> Option<&str> {
    let line = said.lines().find(|line| line.contains("Test unit written to "))?;
    line.rsplit_once("Test unit written to ")
        .map(|(_, path)| path.trim())
}

#[cfg(test)]
mod tests {
    use super::{Figures, broke_with};

    const SAID: &str = "INFO: seed corpus: files: 3\n#3\tINITED cov: 10 ft: 11 corp: 2/9b exec/s: 0 rss: 40Mb\n\
        #70\tDONE   cov: 1234 ft: 5678 corp: 99/12Kb lim: 512 exec/s: 7 rss: 41Mb\n\
        stat::number_of_executed_units: 70\nstat::peak_rss_mb: 41\n";

    #[test]
    fn the_last_line_says_how_far_it_came() {
        let figures = Figures::read(SAID).unwrap();
        assert_eq!(figures.row("forms", 10), "| forms | 70 | 10 | 1234 | 99 |");
        assert_eq!(
            Figures::read("#3\tINITED cov: 10 corp: 2/9b"),
            None,
            "it did not end"
        );
    }

    #[test]
    fn the_input_that_broke_it_is_named() {
        let said = "==7== ERROR: libFuzzer: deadly signal\nartifact_prefix='x/'; Test unit written to x/crash-ab\nBase64: AA";
        assert_eq!(broke_with(said), Some("x/crash-ab"));
        assert_eq!(broke_with(SAID), None);
    }
}
