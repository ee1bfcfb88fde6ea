//! Unix users: those the daemons run as, and the people who submit jobs.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, bail};

use super::Lab;
use crate::packages::user;
use crate::process::{capture, succeeds};
use crate::step::say;

/// Jobs run as real users of the node: creates those that do not exist and remembers them for `--purge`.
pub(super) fn ensure(lab: &Lab, people: &[String]) -> Result<()> {
    for name in people {
        if !is_allowed(name) {
            bail!(
                "{name:?} cannot be a user name: use up to 31 small letters, digits, _ and -, a letter first"
            );
        }
        if user(name).is_ok() {
            continue;
        }
        capture(Command::new("useradd").args(["--create-home", "--shell", "/bin/bash", name]))?;
        remember(lab, name)?;
        say(format!("  created the user {name}"));
    }
    Ok(())
}

fn is_allowed(name: &str) -> bool {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-';
    name.len() <= 31 && name.starts_with(|c: char| c.is_ascii_lowercase()) && name.chars().all(allowed)
}

fn list(lab: &Lab) -> PathBuf {
    lab.dir.join("created-users")
}

fn remember(lab: &Lab, name: &str) -> Result<()> {
    let known = fs::read_to_string(list(lab)).unwrap_or_default();
    fs::write(list(lab), format!("{known}{name}\n")).context("cannot remember the created user")
}

pub(super) fn remove_created(lab: &Lab) {
    for name in fs::read_to_string(list(lab)).unwrap_or_default().lines() {
        if user(name).is_ok() && !succeeds(Command::new("userdel").args(["--remove", name])) {
            say(format!("  could not remove the user {name}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_allowed;

    #[test]
    fn user_names_follow_the_rules_of_useradd() {
        for name in ["alice", "a", "jana-2", "x_y"] {
            assert!(is_allowed(name), "{name}");
        }
        for name in ["", "Alice", "2pac", "-r", "a b", "a;b", "jürgen", &"a".repeat(32)] {
            assert!(!is_allowed(name), "{name}");
        }
    }
}
