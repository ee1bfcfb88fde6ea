//! Passwords: hashing with Argon2id in the pool for it (one hash takes tens of milliseconds), and what makes one good
//! enough. The rule is the same for the portal, the API and the command line.

use std::sync::OnceLock;

use argon2::Argon2;
use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use zxcvbn::{Score, zxcvbn};

use super::AccountsError;
use crate::check::Check;
use crate::core::Core;
use crate::crypto::{HashingError, Place, Waiting};
use crate::text::words_of;

/// Shortest and longest password, in characters.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=256;
/// Characters whose strength is measured; what follows makes no password weaker.
const MEASURED: usize = 100;
/// Words of this installation that everybody tries first.
const OF_THE_HOUSE: [&str; 3] = ["stoa", "portal", "marketplace"];

/// A hash that no password fits, for people that do not exist; made once with the parameters in use.
static NOBODY: OnceLock<String> = OnceLock::new();

/// The hash of `password` in PHC form.
pub(super) async fn hash(core: &Core, password: String) -> Result<String, AccountsError> {
    let waiting = line_up(core, Place::Known)?;
    run(waiting, move || hash_now(&password)).await?
}

/// Whether `password` fits `stored`; where nothing is stored it takes as long and is false.
pub(super) async fn fits(
    waiting: Waiting<'_>,
    password: String,
    stored: Option<String>,
) -> Result<bool, AccountsError> {
    run(waiting, move || {
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

/// Takes a place in the line before the pool; `Busy` where it is full.
pub(super) fn line_up(core: &Core, place: Place) -> Result<Waiting<'_>, AccountsError> {
    core.hashing().line_up(place).map_err(refused)
}

async fn run<T: Send + 'static>(
    waiting: Waiting<'_>,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AccountsError> {
    waiting.run(work).await.map_err(refused)
}

fn refused(error: HashingError) -> AccountsError {
    match error {
        HashingError::Full => {
            tracing::warn!("a password was not looked at: too many wait");
            AccountsError::Busy
        }
        HashingError::BrokenOff(fault) => AccountsError::Hash(fault.to_string()),
    }
}

/// Notes at `path` a password that is too short, too long, known to everybody, or easy to guess for who knows the words
/// in `own`: the person's address, name and user name.
pub(super) async fn check(
    core: &Core,
    faults: &mut Check,
    path: &'static str,
    password: &str,
    own: &[&str],
) -> Result<(), AccountsError> {
    let length = password.chars().take(LENGTH.end() + 1).count();
    faults.ensure(
        length >= *LENGTH.start(),
        path,
        "too_short",
        "Use at least 12 characters.",
    );
    faults.ensure(
        length <= *LENGTH.end(),
        path,
        "too_long",
        "Use at most 256 characters.",
    );
    if !LENGTH.contains(&length) {
        return Ok(());
    }
    let beginning: String = password.chars().take(MEASURED).collect();
    let own: Vec<String> = own.iter().map(|word| (*word).to_owned()).collect();
    let waiting = line_up(core, Place::Known)?;
    let weakness = run(waiting, move || weakness(&beginning, &own)).await?;
    if let Some(why) = weakness {
        faults.fault(path, "too_simple", &why);
    }
    Ok(())
}

/// What is left of a password beside the person's own words, whatever their accents, and however they are written apart or
/// together, is not enough for another: so few letters and digits are soon tried.
const BESIDE_OWN: usize = 6;

/// Whether the password says hardly more than the person's own words.
fn is_own(password: &str, own: &[String]) -> bool {
    let together = |text: &str| words_of(text).collect::<String>();
    let mut words: Vec<String> = own.iter().flat_map(|text| words_of(text)).collect();
    // The address without what comes after the sign, and names of several words.
    words.extend(own.iter().flat_map(|text| text.split('@').map(together)));
    words.retain(|word| word.chars().count() > 2);
    words.sort_unstable_by_key(|word| std::cmp::Reverse(word.len()));
    let mut left = together(password);
    let whole = left.len();
    for word in words {
        left = left.replace(&word, "");
    }
    left.len() < whole && left.chars().count() < BESIDE_OWN
}

/// Why the password is too easy to guess, in words; `None` where it is not.
fn weakness(password: &str, own: &[String]) -> Option<String> {
    if is_own(password, own) {
        return Some(too_easy(" It is little more than your name or address."));
    }
    let parts = own
        .iter()
        .flat_map(|words| words.split(['@', '.', ' ', '-', '_']));
    let words: Vec<&str> = own
        .iter()
        .map(String::as_str)
        .chain(parts)
        .chain(OF_THE_HOUSE)
        .filter(|word| word.chars().count() > 2)
        .collect();
    let found = zxcvbn(password, &words);
    if found.score() >= Score::Three {
        return None;
    }
    let why = found.feedback().and_then(zxcvbn::feedback::Feedback::warning);
    let why = why.map_or_else(String::new, |why| format!(" {why}"));
    Some(too_easy(&why))
}

fn too_easy(why: &str) -> String {
    format!(
        "This password is too easy to guess.{why} Take four or five words that do not belong together, without your name or address."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_weak(password: &str) -> bool {
        let own = ["ada@example.org", "Ada Lovelace", "adalovelace"].map(str::to_owned);
        weakness(password, &own).is_some()
    }

    #[test]
    fn known_and_obvious_passwords_are_weak_and_a_few_words_are_not() {
        for weak in [
            "1234567890",
            "123456789012",
            "qwertyuiop123",
            "aaaaaaaaaaaaaaaa",
            "password1234",
            "Password2026!",
            "Ada@Example.org",
            "AdaLovelace2026",
        ] {
            assert!(is_weak(weak), "{weak}");
        }
        for good in [
            "correct horse battery staple",
            "korrekt-hobune-aku-klamber",
            "vihmane teisipäev tuletornis",
            "x7!kQz-94mPw",
        ] {
            assert!(!is_weak(good), "{good}: {:?}", weakness(good, &[]));
        }
    }

    #[test]
    fn the_own_name_makes_no_password_however_it_is_written() {
        let own = ["ben.oja@pohjala.example", "Ben Õja", "benoja"].map(str::to_owned);
        for weak in [
            "Benoja Benoja Benoja",
            "Bén-Ôja, Ben.Oja",
            "ÕjaBenÕjaBenÕja",
            "Ben_Oja-Pohjala-2026",
        ] {
            assert!(weakness(weak, &own).is_some(), "{weak}");
        }
        for good in ["korrekt-hobune-aku-benoja", "vihmane teisipäev tuletornis"] {
            assert_eq!(weakness(good, &own), None, "{good}");
        }
    }

    #[test]
    fn words_of_the_house_make_no_password() {
        for weak in ["stoamarketplace", "marketplacestoa1"] {
            let to_others = zxcvbn(weak, &[]).score();
            assert!(
                to_others >= Score::Three,
                "{weak} is weak without those words: {to_others:?}"
            );
            assert!(is_weak(weak), "{weak}");
        }
    }

    #[test]
    fn a_hash_is_slow_and_large_and_none_is_like_another() {
        let hashes = [
            hash_now("correct horse").unwrap(),
            hash_now("correct horse").unwrap(),
        ];
        for hash in &hashes {
            assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        }
        assert_ne!(hashes[0], hashes[1], "each has a salt of its own");
    }

    #[test]
    fn the_reason_is_a_sentence() {
        let why = weakness("password1234", &[]).unwrap();
        assert!(
            why.starts_with("This password is too easy to guess. ") && why.ends_with('.'),
            "{why}"
        );
    }
}
