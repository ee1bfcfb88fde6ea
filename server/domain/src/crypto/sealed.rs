//! The form of what is sealed: a mark, the id of the key, a nonce, the sealed text. Bound to it is the place where it stands
//! (table, row, column): put into another place, it does not open.

use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Length of the random nonce. 192 bits, so that random nonces never meet.
const NONCE: usize = 24;
/// How what is sealed begins. What an earlier version sealed begins with its nonce.
const MARK: &[u8; 8] = b"stoa-s2\0";
/// Length of the id of a key.
const KEY_ID: usize = 8;

/// Where a secret stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedIn {
    /// Table.
    pub table: &'static str,
    /// Column.
    pub column: &'static str,
    /// Id of the row.
    pub row: Uuid,
}

impl SealedIn {
    /// The place in a table; `table` and `column` as the database names them.
    pub const fn at(table: &'static str, column: &'static str, row: Uuid) -> Self {
        Self { table, column, row }
    }

    /// The settings of an offering's plugin.
    pub const fn of_offering(id: Uuid) -> Self {
        Self::at("offerings", "settings_secret", id)
    }

    /// The answers of an order.
    pub const fn of_order(id: Uuid) -> Self {
        Self::at("orders", "secrets", id)
    }

    /// The answers of a resource.
    pub const fn of_resource(id: Uuid) -> Self {
        Self::at("resources", "secrets", id)
    }

    /// What was filled in for an action.
    pub const fn of_action(id: Uuid) -> Self {
        Self::at("resource_actions", "secrets", id)
    }

    /// The secret of a webhook.
    pub const fn of_webhook(id: Uuid) -> Self {
        Self::at("webhooks", "secret", id)
    }

    /// The secret of a webhook before its present one.
    pub const fn of_webhook_before(id: Uuid) -> Self {
        Self::at("webhooks", "previous_secret", id)
    }

    fn bytes(self, key: [u8; KEY_ID]) -> Vec<u8> {
        let place = format!("{}.{}.{}", self.table, self.column, self.row);
        [MARK.as_slice(), &key, place.as_bytes()].concat()
    }
}

/// Seals and opens secrets with keys derived from the installation's secret keys: with the current one, and while keys are
/// changed, opens with the previous one too.
pub struct Cipher {
    current: Key,
    previous: Option<Key>,
}

struct Key {
    id: [u8; KEY_ID],
    inner: XChaCha20Poly1305,
}

impl Key {
    fn of(secret_key: &str) -> Self {
        let key = Sha256::digest(secret_key.as_bytes());
        let mut id = [0; KEY_ID];
        // The id tells which key it is and nothing about it.
        let named = Sha256::digest([b"id of ".as_slice(), &key].concat());
        id.iter_mut().zip(named).for_each(|(to, from)| *to = from);
        Self {
            id,
            inner: XChaCha20Poly1305::new(&key),
        }
    }
}

/// A sealed secret that cannot be opened: damaged, moved from another place, or sealed under another secret key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a stored secret cannot be opened; was the secret key of this installation changed?")]
pub struct SealBroken;

impl Cipher {
    /// A cipher under the installation's secret key.
    pub fn new(secret_key: &str) -> Self {
        Self {
            current: Key::of(secret_key),
            previous: None,
        }
    }

    /// As [`Cipher::new`], which also opens what was sealed with the key before.
    #[must_use]
    pub fn after(self, previous: &str) -> Self {
        Self {
            previous: Some(Key::of(previous)),
            ..self
        }
    }

    /// The id of the current key, for people.
    pub fn key_id(&self) -> String {
        hex::encode(self.current.id)
    }

    /// Seals for this place with the current key.
    pub fn seal(&self, plain: &[u8], place: SealedIn) -> Result<Vec<u8>, SealBroken> {
        let nonce: [u8; NONCE] = rand::random();
        let payload = Payload {
            msg: plain,
            aad: &place.bytes(self.current.id),
        };
        let sealed = self.current.inner.encrypt(&XNonce::from(nonce), payload);
        let sealed = sealed.map_err(|_opaque| SealBroken)?;
        Ok([MARK.as_slice(), &self.current.id, &nonce, &sealed].concat())
    }

    /// What was sealed for this place.
    pub fn open(&self, sealed: &[u8], place: SealedIn) -> Result<Vec<u8>, SealBroken> {
        let (key, rest) = self.key_of(sealed).ok_or(SealBroken)?;
        let (nonce, text) = rest.split_first_chunk::<NONCE>().ok_or(SealBroken)?;
        let payload = Payload {
            msg: text,
            aad: &place.bytes(key.id),
        };
        let opened = key.inner.decrypt(&XNonce::from(*nonce), payload);
        opened.map_err(|_opaque| SealBroken)
    }

    /// What was sealed for this place, also by a version that bound nothing to a place. Only for sealing it anew.
    pub(crate) fn open_any(&self, sealed: &[u8], place: SealedIn) -> Result<Vec<u8>, SealBroken> {
        if Self::is_bound(sealed) {
            return self.open(sealed, place);
        }
        let (nonce, text) = sealed.split_first_chunk::<NONCE>().ok_or(SealBroken)?;
        let keys = [Some(&self.current), self.previous.as_ref()];
        keys.into_iter()
            .flatten()
            .find_map(|key| key.inner.decrypt(&XNonce::from(*nonce), text).ok())
            .ok_or(SealBroken)
    }

    /// Whether it was sealed as it would be now: with the current key, bound to a place.
    pub(crate) fn is_current(&self, sealed: &[u8]) -> bool {
        let id = sealed.strip_prefix(MARK.as_slice());
        id.is_some_and(|rest| rest.starts_with(&self.current.id))
    }

    /// Whether it was sealed for a place, whatever the key.
    pub(crate) fn is_bound(sealed: &[u8]) -> bool {
        sealed.starts_with(MARK)
    }

    fn key_of<'a>(&self, sealed: &'a [u8]) -> Option<(&Key, &'a [u8])> {
        let (id, rest) = sealed
            .strip_prefix(MARK.as_slice())?
            .split_first_chunk::<KEY_ID>()?;
        let keys = [Some(&self.current), self.previous.as_ref()];
        let key = keys.into_iter().flatten().find(|key| key.id == *id)?;
        Some((key, rest))
    }
}

impl std::fmt::Debug for Cipher {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Cipher(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: SealedIn = SealedIn::at("orders", "secrets", Uuid::from_u128(1));

    #[test]
    fn what_is_sealed_opens_to_the_same_under_the_same_key_in_the_same_place() {
        let cipher = Cipher::new("one");
        let sealed = cipher.seal("geheim ✓".as_bytes(), HERE).unwrap();
        assert_eq!(cipher.open(&sealed, HERE).unwrap(), "geheim ✓".as_bytes());
        assert_eq!(Cipher::new("two").open(&sealed, HERE), Err(SealBroken));
        let elsewhere = [
            SealedIn::at("resources", "secrets", HERE.row),
            SealedIn::at("orders", "attributes", HERE.row),
            SealedIn::at("orders", "secrets", Uuid::from_u128(2)),
        ];
        for place in elsewhere {
            assert_eq!(cipher.open(&sealed, place), Err(SealBroken), "{place:?}");
        }
        let again = cipher.seal("geheim ✓".as_bytes(), HERE).unwrap();
        assert_ne!(sealed, again, "nonces differ");
    }

    #[test]
    fn both_keys_open_while_they_are_changed_and_only_the_new_one_seals() {
        let before = Cipher::new("one").seal(b"x", HERE).unwrap();
        let both = Cipher::new("two").after("one");
        assert_eq!(both.open(&before, HERE).unwrap(), b"x");
        assert!(!both.is_current(&before));
        let after = both.seal(b"x", HERE).unwrap();
        assert!(both.is_current(&after));
        assert_eq!(Cipher::new("two").open(&after, HERE).unwrap(), b"x");
        assert_eq!(Cipher::new("one").open(&after, HERE), Err(SealBroken));
    }

    #[test]
    fn a_damaged_or_short_text_is_refused() {
        let cipher = Cipher::new("one");
        let sealed = cipher.seal(b"x", HERE).unwrap();
        for at in 0..sealed.len() {
            let mut damaged = sealed.clone();
            damaged[at] ^= 1;
            assert_eq!(cipher.open(&damaged, HERE), Err(SealBroken), "{at}");
        }
        assert_eq!(cipher.open(b"short", HERE), Err(SealBroken));
    }

    #[test]
    fn what_an_earlier_version_sealed_opens_only_to_be_sealed_anew() {
        let key = Sha256::digest(b"one");
        let nonce = [7_u8; NONCE];
        let text = XChaCha20Poly1305::new(&key)
            .encrypt(&XNonce::from(nonce), b"x".as_slice())
            .unwrap();
        let earlier = [nonce.as_slice(), &text].concat();
        let cipher = Cipher::new("one");
        assert_eq!(cipher.open(&earlier, HERE), Err(SealBroken));
        assert_eq!(cipher.open_any(&earlier, HERE).unwrap(), b"x");
        assert_eq!(
            Cipher::new("two").after("one").open_any(&earlier, HERE).unwrap(),
            b"x"
        );
    }
}
