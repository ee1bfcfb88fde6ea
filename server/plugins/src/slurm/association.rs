//! What `sacctmgr` tells of accounts and their users, line by line.

use super::failure;
use crate::PluginError;

/// The columns asked for, in the order of [`Association`]'s reading.
pub(super) const FORMAT: &str =
    "format=Account,User,ParentName,Partition,GrpTRESMins,MaxSubmitJobs,QOS,DefaultQOS";

/// One association of a cluster: an account's own, or a user's below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Association {
    pub(super) account: String,
    /// `None` for the account's own association.
    pub(super) user: Option<String>,
    pub(super) parent: String,
    pub(super) partition: Option<String>,
    /// As SLURM prints it; `limits` reads it.
    pub(super) minutes: String,
    pub(super) max_submit: Option<u64>,
    pub(super) qos: Vec<String>,
    pub(super) default_qos: Option<String>,
}

/// Reads the lines of `show assoc` with [`FORMAT`]. One line of another shape makes the whole answer doubtful: acting on half of it
/// could remove what was only not understood.
pub(super) fn read_all(text: &str) -> Result<Vec<Association>, PluginError> {
    lines(text)
        .map(|line| read(line).ok_or_else(|| failure::garbled("sacctmgr", line)))
        .collect()
}

fn read(line: &str) -> Option<Association> {
    let [
        account,
        user,
        parent,
        partition,
        minutes,
        max_submit,
        qos,
        default_qos,
    ] = columns(line)?;
    if account.is_empty() {
        return None;
    }
    Some(Association {
        account: account.to_owned(),
        user: present(user),
        parent: parent.to_owned(),
        partition: present(partition),
        minutes: minutes.to_owned(),
        max_submit: if max_submit.is_empty() {
            None
        } else {
            Some(max_submit.parse().ok()?)
        },
        qos: qos
            .split(',')
            .filter(|name| !name.is_empty())
            .map(ToOwned::to_owned)
            .collect(),
        default_qos: present(default_qos),
    })
}

/// The lines of a parsable answer.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().filter(|line| !line.trim().is_empty())
}

/// Exactly `N` columns, or nothing. SLURM's names have no control characters, and U+FFFD stands where bytes were no text.
pub(super) fn columns<const N: usize>(line: &str) -> Option<[&str; N]> {
    if line
        .chars()
        .any(|c| c.is_control() || c == char::REPLACEMENT_CHARACTER)
    {
        return None;
    }
    line.split('|').map(str::trim).collect::<Vec<_>>().try_into().ok()
}

fn present(text: &str) -> Option<String> {
    if text.is_empty() {
        None
    } else {
        Some(text.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_answer_is_read() {
        let text =
            "acme||root||cpu=60,gres/gpu=10,mem=100000M|0|normal,small|normal\nacme|alice||debug||||\n";
        let read = read_all(text).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!((read[0].user.as_deref(), read[0].max_submit), (None, Some(0)));
        assert_eq!(read[0].qos, ["normal", "small"]);
        assert_eq!(
            (read[1].user.as_deref(), read[1].partition.as_deref()),
            (Some("alice"), Some("debug"))
        );
    }

    #[test]
    fn an_answer_of_another_shape_is_not_acted_upon() {
        for text in [
            "acme|alice",
            "acme||root||||normal|normal|extra",
            "|x||||||",
            "acme||root|||many|normal|",
            "<html>",
        ] {
            assert!(
                matches!(read_all(text), Err(PluginError::Retry { .. })),
                "{text:?} was taken"
            );
        }
        assert_eq!(read_all("\n \n").unwrap(), []);
    }
}
