//! Sealing of secrets at rest: plugin credentials, secret answers. Everything else in the database is readable.

mod hashing;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

pub(crate) use hashing::{HashingError, HashingPool, Place, Waiting};

/// Length of the random nonce that precedes each sealed text. 192 bits, so that random nonces never meet.
const NONCE: usize = 24;

/// Seals and opens secrets with a key derived from the installation's secret key.
pub struct Cipher {
    inner: XChaCha20Poly1305,
}

/// A sealed secret that cannot be opened: damaged, or sealed under another secret key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored secret cannot be opened; was the secret key of this installation changed?")]
pub struct SealBroken;

impl Cipher {
    /// A cipher under the installation's secret key.
    pub fn new(secret_key: &str) -> Self {
        let key = Sha256::digest(secret_key.as_bytes());
        Self {
            inner: XChaCha20Poly1305::new(&key),
        }
    }

    /// The nonce and the sealed text.
    pub fn seal(&self, plain: &[u8]) -> Result<Vec<u8>, SealBroken> {
        let nonce: [u8; NONCE] = rand::random();
        let sealed = self
            .inner
            .encrypt(&XNonce::from(nonce), plain)
            .map_err(|_opaque| SealBroken)?;
        Ok([nonce.as_slice(), &sealed].concat())
    }

    /// As [`Cipher::seal`], as text for cookies and addresses.
    pub(crate) fn seal_text(&self, plain: &[u8]) -> Result<String, SealBroken> {
        Ok(URL_SAFE_NO_PAD.encode(self.seal(plain)?))
    }

    /// What [`Cipher::seal_text`] sealed.
    pub(crate) fn open_text(&self, sealed: &str) -> Result<Vec<u8>, SealBroken> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_no_text| SealBroken)?;
        self.open(&bytes)
    }

    /// What was sealed.
    pub fn open(&self, sealed: &[u8]) -> Result<Vec<u8>, SealBroken> {
        let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or(SealBroken)?;
        self.inner
            .decrypt(&XNonce::from(*nonce), text)
            .map_err(|_opaque| SealBroken)
    }
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cipher(…)")
    }
}

/// The SHA-256 of `bytes` in hexadecimal.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// The SHA-256 of a value in hexadecimal, whatever the order of its keys: equal values have equal fingerprints on both
/// engines, which keep JSON in orders of their own.
pub(crate) fn fingerprint(value: &Json) -> String {
    sha256_hex(canonical(value).as_bytes())
}

fn canonical(value: &Json) -> String {
    match value {
        Json::Object(map) => {
            let sorted: std::collections::BTreeMap<_, _> = map.iter().collect();
            let pair =
                |(key, value): (&String, &Json)| format!("{}:{}", Json::from(key.as_str()), canonical(value));
            format!(
                "{{{}}}",
                sorted.into_iter().map(pair).collect::<Vec<_>>().join(",")
            )
        }
        Json::Array(list) => format!("[{}]", list.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_to_the_same_and_only_under_the_same_key() {
        let cipher = Cipher::new("one");
        let sealed = cipher.seal("geheim ✓".as_bytes()).unwrap();
        assert_eq!(cipher.open(&sealed).unwrap(), "geheim ✓".as_bytes());
        assert_eq!(Cipher::new("two").open(&sealed), Err(SealBroken));
        assert_ne!(
            sealed,
            cipher.seal("geheim ✓".as_bytes()).unwrap(),
            "nonces differ"
        );
    }

    #[test]
    fn a_damaged_or_short_text_is_refused() {
        let cipher = Cipher::new("one");
        let mut sealed = cipher.seal(b"x").unwrap();
        *sealed.last_mut().unwrap() ^= 1;
        assert_eq!(cipher.open(&sealed), Err(SealBroken));
        assert_eq!(cipher.open(b"short"), Err(SealBroken));
    }
}
