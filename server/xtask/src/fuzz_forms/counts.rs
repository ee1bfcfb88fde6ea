//! How often what was answered with what.

use std::collections::BTreeMap;

/// What was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Pages,
    Forms,
    Functions,
    Api,
}

/// Answers, and how many of the posted forms could be decoded.
#[derive(Debug, Default, Clone)]
pub(super) struct Counts {
    answers: BTreeMap<(What, u16), u32>,
    /// Forms that were posted by somebody who may post any.
    pub(super) posted: u32,
    /// Of these the ones that reached the rules.
    pub(super) decoded: u32,
}

impl Counts {
    pub(super) fn add(&mut self, what: What, status: u16) {
        *self.answers.entry((what, status / 100)).or_default() += 1;
    }

    pub(super) fn absorb(&mut self, other: &Self) {
        for (kind, often) in &other.answers {
            *self.answers.entry(*kind).or_default() += often;
        }
        self.posted += other.posted;
        self.decoded += other.decoded;
    }

    /// Kinds of requests of which none was answered with a success: where there are any, little was tried.
    pub(super) fn never_taken(&self) -> impl Iterator<Item = What> {
        let taken = |what: &What| self.answers.contains_key(&(*what, 2));
        // Functions take no arguments from outside, so few of them have anything to answer.
        [What::Pages, What::Api]
            .into_iter()
            .filter(move |what| !taken(what))
    }

    pub(super) fn total(&self) -> u32 {
        self.answers.values().sum()
    }

    /// So many of 100 posted forms could be decoded.
    pub(super) fn share(&self) -> f64 {
        f64::from(self.decoded) * 100.0 / f64::from(self.posted.max(1))
    }

    pub(super) fn words(&self) -> String {
        let answers: Vec<String> = self
            .answers
            .iter()
            .map(|((what, class), often)| format!("{what:?} {class}xx: {often}").to_lowercase())
            .collect();
        format!(
            "{} requests ({}); {:.0} % of {} posted forms were decoded",
            self.total(),
            answers.join(", "),
            self.share(),
            self.posted
        )
    }
}

#[cfg(test)]
mod tests {
    use super::{Counts, What};

    #[test]
    fn answers_are_counted_by_class() {
        let mut counts = Counts {
            posted: 4,
            decoded: 3,
            ..Counts::default()
        };
        counts.add(What::Pages, 200);
        counts.add(What::Pages, 204);
        counts.add(What::Api, 404);
        let words = "3 requests (pages 2xx: 2, api 4xx: 1); 75 % of 4 posted forms were decoded";
        assert_eq!(counts.words(), words);
        assert!(counts.never_taken().eq([What::Api]));
    }
}
