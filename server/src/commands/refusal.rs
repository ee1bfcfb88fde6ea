//! Refusals at the terminal: what is wrong with which value, and each thing once.

use std::fmt::Write as _;

use domain::DomainError;
use model::Kind;

/// A refusal of a service in the words that people read, with the fields at fault. What the machine is to blame for brings
/// its causes.
pub(super) fn refused(error: impl Into<DomainError>) -> anyhow::Error {
    let error: DomainError = error.into();
    let problem = error.problem();
    let mut text = problem.detail;
    for fault in &problem.fields {
        // Writing to a string cannot fail.
        let _ = write!(text, "\n  - {}: {}", fault.path, fault.message);
    }
    match problem.kind {
        Kind::Internal | Kind::Unavailable => anyhow::Error::new(error).context(text),
        _ => anyhow::Error::msg(text),
    }
}

/// The error and its causes in one text. A cause that only repeats what was said is left out.
pub(crate) fn explained(error: &anyhow::Error) -> String {
    let mut text = String::new();
    for cause in error.chain() {
        let said = cause.to_string();
        if said.is_empty() || text.contains(&said) {
            continue;
        }
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&said);
    }
    text
}

#[cfg(test)]
mod tests {
    use domain::access::accounts::AccountsError;
    use model::FieldFault;

    use super::*;

    #[test]
    fn each_value_at_fault_is_named() {
        let fault = FieldFault::at(
            "email",
            "bad_email",
            "Write an e-mail address like ada@example.org.",
        );
        let text = explained(&refused(AccountsError::Invalid(vec![fault])));
        assert!(text.contains("email: Write an e-mail address"), "{text}");
    }

    #[test]
    fn nothing_is_said_twice() {
        let error = anyhow::anyhow!("no route to host")
            .context("no route to host")
            .context("db.example:5432 cannot be reached: no route to host");
        assert_eq!(
            explained(&error),
            "db.example:5432 cannot be reached: no route to host"
        );
    }
}
