//! What the messages of SLURM's programs mean for whoever asked. `sacctmgr` exits with 1 whatever happened, so the
//! text decides. The texts are those of SLURM 22.05 to 24.05.

use std::{io, time::Duration};

use crate::PluginError;

const SOON: Duration = Duration::from_secs(15);

const UNREACHABLE: &[&str] = &[
    "unable to contact slurm",
    "connection refused",
    "connection timed out",
    "connection reset",
    "no route to host",
    "slurm_persist_conn_open",
    "problem talking to the database",
    "socket timed out",
    "can't be reached now",
    "unable to connect to database",
    "zero bytes were transmitted or received",
    "munge",
    "protocol authentication error",
];

const FORBIDDEN: &[&str] = &[
    "access/permission denied",
    "doesn't have privilege",
    "don't have permission",
    "user's permission",
    "insufficient privilege",
];

const SETTINGS: &[&str] = &[
    "this cluster '",
    "no cluster '",
    "parent account '",
    "you gave a bad qos",
    "no tres known by type",
    "unable to process configuration file",
    "clustername needs to be specified",
    "could not establish a configuration source",
];

/// The meaning of a failed command.
pub(super) fn classify(program: &str, stderr: &str, stdout: &str) -> PluginError {
    let text = format!("{stderr}\n{stdout}").to_lowercase();
    let said = said(stderr, stdout);
    let any = |patterns: &[&str]| patterns.iter().any(|pattern| text.contains(pattern));
    if any(FORBIDDEN) {
        return PluginError::needs_operator(format!(
            "SLURM does not let the portal administer accounts. Run the portal as SLURM's user, or give its user the \
             administrator level Operator. {program} said: {said}"
        ));
    }
    if any(UNREACHABLE) {
        return PluginError::retry(
            SOON,
            format!("SLURM cannot be reached now. {program} said: {said}"),
        );
    }
    if any(SETTINGS) {
        return PluginError::needs_operator(format!(
            "SLURM does not know something that the offering's settings name. {program} said: {said}"
        ));
    }
    PluginError::retry(
        SOON,
        format!("SLURM did not do what it was asked. {program} said: {said}"),
    )
}

/// The meaning of a command that did not answer in time.
pub(super) fn timed_out(program: &str, limit: Duration) -> PluginError {
    PluginError::retry(
        SOON,
        format!(
            "SLURM's {program} did not answer within {} seconds.",
            limit.as_secs()
        ),
    )
}

/// The meaning of a command that could not be started or read.
pub(super) fn not_run(program: &str, fault: &io::Error) -> PluginError {
    match fault.kind() {
        io::ErrorKind::NotFound => PluginError::needs_operator(format!(
            "The server has no program {program}. Install SLURM's client commands, or name their directory in the \
             server's configuration."
        )),
        io::ErrorKind::PermissionDenied => {
            PluginError::needs_operator(format!("The server may not run the program {program}."))
        }
        io::ErrorKind::FileTooLarge => PluginError::needs_operator(format!(
            "SLURM's {program} answered far more than was asked for; the answer was not used."
        )),
        _ => PluginError::retry(SOON, format!("SLURM's {program} could not be run: {fault}.")),
    }
}

/// An answer that has not the shape it was asked for in.
pub(super) fn garbled(program: &str, text: &str) -> PluginError {
    PluginError::retry(
        Duration::from_mins(1),
        format!(
            "SLURM's {program} answered something that cannot be understood: {}",
            shorten(text)
        ),
    )
}

/// The program's words, on one line, short enough to be shown.
fn said(stderr: &str, stdout: &str) -> String {
    let text = if stderr.trim().is_empty() { stdout } else { stderr };
    if text.trim().is_empty() {
        "nothing.".to_owned()
    } else {
        shorten(text)
    }
}

/// Makes foreign text fit to be shown: one line, no control characters, bounded.
pub(super) fn shorten(text: &str) -> String {
    shorten_to(text, 300)
}

/// Like [`shorten`], to so many characters.
pub(super) fn shorten_to(text: &str, longest: usize) -> String {
    let words = text
        .split(|c: char| c.is_whitespace() || c.is_control())
        .filter(|word| !word.is_empty());
    let line = words.collect::<Vec<_>>().join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    line.chars().take(longest).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_that_is_down_is_worth_another_try() {
        let stderr = "sacctmgr: error: slurm_persist_conn_open_without_init: failed to open persistent connection to \
                      host:localhost:6999: Connection refused\nsacctmgr: error: Sending PersistInit msg: Connection refused";
        assert!(matches!(
            classify("sacctmgr", stderr, ""),
            PluginError::Retry { .. }
        ));
    }

    #[test]
    fn a_controller_that_is_down_is_worth_another_try() {
        let stderr = "slurm_load_jobs error: Unable to contact slurm controller (connect failure)";
        assert!(matches!(
            classify("squeue", stderr, ""),
            PluginError::Retry { .. }
        ));
    }

    #[test]
    fn missing_rights_need_the_operator() {
        let stdout = " Problem adding accounts: Access/permission denied\n Adding Account(s)\n  zz_x";
        let error = classify("sacctmgr", "", stdout);
        assert!(
            matches!(&error, PluginError::NeedsOperator { reason } if reason.contains("administer")),
            "{error}"
        );
    }

    #[test]
    fn an_unknown_cluster_needs_the_operator() {
        let stderr =
            " This cluster 'nosuch' doesn't exist.\n        Contact your admin to add it to accounting.";
        let error = classify("sacctmgr", stderr, "");
        assert!(matches!(error, PluginError::NeedsOperator { .. }), "{error}");
    }

    #[test]
    fn foreign_text_is_one_bounded_line_when_it_is_shown() {
        let shown = shorten(&format!("a\n\u{1b}[31mb\t{}", "x".repeat(1000)));
        assert!(shown.starts_with("a [31mb x"), "{shown}");
        assert_eq!(shown.chars().count(), 301);
    }
}
