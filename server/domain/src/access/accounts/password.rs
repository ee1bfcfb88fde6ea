//! Hashing with Argon2id, off the async threads: one hash takes tens of milliseconds.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};

use super::AccountsError;
use crate::check::Check;

/// Shortest and longest password, in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 10..=256;

/// A hash that no password fits, for people that do not exist; made once with the parameters in use.
static NOBODY: OnceLock<String> = OnceLock::new();

/// The hash of `password` in PHC form.
pub(super) async fn hash(password: String) -> Result<String, AccountsError> {
    blocking(move || hash_now(&password)).await?
}

/// Whether `password` fits `stored`; where nothing is stored it takes as long and is false.
pub(super) async fn fits(password: String, stored: Option<String>) -> Result<bool, AccountsError> {
    blocking(move || {
        let nobody = nobody()?;
        let known = stored.is_some();
        let hash = stored.unwrap_or_else(|| nobody.to_owned());
        let parsed = PasswordHash::new(&hash).map_err(|fault| AccountsError::Hash(fault.to_string()))?;
        let fits = Argon2::default()
            .verify_password(password.as_bytes(), &parsed)
            .is_ok();
        Ok(fits && known)
    })
    .await?
}

fn nobody() -> Result<&'static str, AccountsError> {
    if let Some(hash) = NOBODY.get() {
        return Ok(hash);
    }
    let random: [u8; 16] = rand::random();
    let hash = hash_now(&crate::crypto::sha256_hex(&random))?;
    Ok(NOBODY.get_or_init(|| hash))
}

fn hash_now(password: &str) -> Result<String, AccountsError> {
    match Argon2::default().hash_password(password.as_bytes()) {
        Ok(hash) => Ok(hash.to_string()),
        Err(fault) => Err(AccountsError::Hash(fault.to_string())),
    }
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AccountsError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|fault| AccountsError::Hash(fault.to_string()))
}

/// Refuses passwords that are too short, too long, or the person's own address or name.
pub(super) fn check(check: &mut Check, path: &str, password: &str, own: &[&str]) {
    let length = password.chars().take(LENGTH.end() + 1).count();
    check.ensure(
        length >= *LENGTH.start(),
        path,
        "too_short",
        "Use at least 10 characters.",
    );
    check.ensure(
        length <= *LENGTH.end(),
        path,
        "too_long",
        "Use at most 256 characters.",
    );
    let same = own
        .iter()
        .any(|word| !word.is_empty() && word.eq_ignore_ascii_case(password.trim()));
    check.ensure(
        !same,
        path,
        "too_simple",
        "Choose something other than your e-mail address or name.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(password: &str) -> Vec<String> {
        let mut found = Check::default();
        check(
            &mut found,
            "password",
            password,
            &["ada@example.org", "adalovelace"],
        );
        found
            .done()
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|fault| fault.code)
            .collect()
    }

    #[test]
    fn short_long_and_obvious_passwords_are_refused() {
        assert_eq!(codes("123456789"), ["too_short"]);
        assert_eq!(codes(&"x".repeat(257)), ["too_long"]);
        assert_eq!(codes("Ada@Example.org"), ["too_simple"]);
        assert_eq!(codes("AdaLovelace"), ["too_simple"]);
        assert!(codes("ten letters").is_empty());
    }
}
