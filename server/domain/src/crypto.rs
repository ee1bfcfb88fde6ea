//! Sealing of secrets at rest: plugin credentials, secret answers. Everything else in the database is readable.

mod hashing;
mod sealed;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value as Json;
use sha2::{Digest, Sha256};

pub use sealed::{Cipher, SealBroken, SealedIn};

pub(crate) use hashing::{HashingError, HashingPool, Place, Waiting};

impl Cipher {
    /// As [`Cipher::seal`], as text for cookies and addresses.
    pub(crate) fn seal_text(&self, plain: &[u8], place: SealedIn) -> Result<String, SealBroken> {
        Ok(URL_SAFE_NO_PAD.encode(self.seal(plain, place)?))
    }

    /// What [`Cipher::seal_text`] sealed.
    pub(crate) fn open_text(&self, sealed: &str, place: SealedIn) -> Result<Vec<u8>, SealBroken> {
        let bytes = URL_SAFE_NO_PAD.decode(sealed).map_err(|_no_text| SealBroken)?;
        self.open(&bytes, place)
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
