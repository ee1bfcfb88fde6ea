//! How SLURM's programs spell a job, read strictly: these texts become arguments of commands.

use std::fmt;

/// A job, or a part of one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JobId {
    number: String,
    part: Part,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    /// `12`.
    Whole,
    /// `12_3`: one element of an array.
    Element(String),
    /// `12+1`: one component of a heterogeneous job.
    Component(String),
    /// `12_[4-9%2]`: the elements of an array that still wait.
    Rest(String),
}

impl JobId {
    /// Reads what a program printed. `None` for everything else.
    pub(super) fn read(text: &str) -> Option<Self> {
        if let Some((number, component)) = text.split_once('+') {
            return Self::of(number, Part::Component(digits(component)?));
        }
        let Some((number, element)) = text.split_once('_') else {
            return Self::of(text, Part::Whole);
        };
        match element.strip_prefix('[') {
            Some(rest) => Self::of(number, Part::Rest(elements(rest.strip_suffix(']')?)?)),
            None => Self::of(number, Part::Element(digits(element)?)),
        }
    }

    /// Reads what somebody chose by [`JobId::key`].
    pub(super) fn chosen(key: &str) -> Option<Self> {
        Self::read(key).filter(|id| !matches!(id.part, Part::Rest(_)))
    }

    fn of(number: &str, part: Part) -> Option<Self> {
        Some(Self {
            number: digits(number)?,
            part,
        })
    }

    /// By what it is chosen. What waits of an array changes its spelling with each element that starts, so that it goes by the
    /// number of the array, which nothing else in a queue has.
    pub(super) fn key(&self) -> String {
        match self.part {
            Part::Rest(_) => self.number.clone(),
            _ => self.to_string(),
        }
    }

    /// The number of the job, of the whole array, of the whole heterogeneous job.
    pub(super) fn number(&self) -> &str {
        &self.number
    }

    /// One element of an array.
    pub(super) fn is_element(&self) -> bool {
        matches!(self.part, Part::Element(_))
    }

    /// How it is ordered about: components follow their whole job only.
    pub(super) fn as_argument(&self) -> String {
        match self.part {
            Part::Component(_) | Part::Rest(_) => self.number.clone(),
            Part::Whole | Part::Element(_) => self.to_string(),
        }
    }
}

impl fmt::Display for JobId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let number = &self.number;
        match &self.part {
            Part::Whole => f.write_str(number),
            Part::Element(element) => write!(f, "{number}_{element}"),
            Part::Component(component) => write!(f, "{number}+{component}"),
            Part::Rest(elements) => write!(f, "{number}_[{elements}]"),
        }
    }
}

fn digits(text: &str) -> Option<String> {
    let are_digits = !text.is_empty() && text.len() <= 20 && text.bytes().all(|byte| byte.is_ascii_digit());
    are_digits.then(|| text.to_owned())
}

/// `2-5,7%1`; a long list ends in `...`.
fn elements(text: &str) -> Option<String> {
    let is_fine = |byte: u8| byte.is_ascii_digit() || b"-,%:.".contains(&byte);
    let are_fine = !text.is_empty() && text.len() <= 1_000 && text.bytes().all(is_fine);
    are_fine.then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_is_read_and_written_back() {
        for (text, key, argument) in [
            ("58", "58", "58"),
            ("59_1", "59_1", "59_1"),
            ("61+1", "61+1", "61"),
            ("59_[2-5%1]", "59", "59"),
            ("59_[1,3,5,...]", "59", "59"),
        ] {
            let id = JobId::read(text).unwrap();
            assert_eq!(
                (
                    id.to_string().as_str(),
                    id.key().as_str(),
                    id.as_argument().as_str()
                ),
                (text, key, argument)
            );
            assert_eq!(JobId::chosen(&id.key()).unwrap().key(), key);
        }
    }

    #[test]
    fn nothing_else_becomes_an_argument() {
        for text in [
            "",
            " 58",
            "58 ",
            "-1",
            "--all",
            "58,59",
            "58;59",
            "58_",
            "58_[",
            "58_[]",
            "58_[a]",
            "58_[1] 2",
            "58+",
            "58+0+1",
            "58_1_2",
            "58\n59",
            "５８",
            "999999999999999999999",
        ] {
            assert_eq!(JobId::read(text), None, "{text:?}");
        }
        assert_eq!(JobId::chosen("59_[2-5]"), None, "it is chosen by its number");
    }
}
