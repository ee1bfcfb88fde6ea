//! Public SSH keys: `type base64 comment`, where the base64 part repeats the type inside.

use super::fault::Fault;

const TYPES: [&str; 7] = [
    "ssh-ed25519",
    "ssh-rsa",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
    "sk-ssh-ed25519@openssh.com",
    "sk-ecdsa-sha2-nistp256@openssh.com",
];

/// Longest key with its comment, in bytes.
const LONGEST: usize = 5_000;

/// A public key that a server would take.
pub(super) fn check(text: &str) -> Result<(), Fault> {
    if text.contains("PRIVATE KEY") {
        let message = "That is a private key: it has now left your computer, so make a new one. Paste the public key, the file that ends in .pub.";
        return Err(Fault::new("private_key", message));
    }
    if text.len() > LONGEST || !is_public_key(text) {
        let message =
            "Paste one public SSH key on one line; it starts with ssh-ed25519, ssh-rsa or ecdsa-sha2.";
        return Err(Fault::new("not_a_key", message));
    }
    Ok(())
}

fn is_public_key(text: &str) -> bool {
    if text.chars().any(char::is_control) {
        return false;
    }
    let mut parts = text.split_whitespace();
    let (Some(kind), Some(body)) = (parts.next(), parts.next()) else {
        return false;
    };
    let Some(bytes) = TYPES.contains(&kind).then(|| decode(body)).flatten() else {
        return false;
    };
    let Some((length, rest)) = bytes.split_first_chunk::<4>() else {
        return false;
    };
    let length = usize::try_from(u32::from_be_bytes(*length)).unwrap_or(usize::MAX);
    // The type again, then at least a key of the shortest kind.
    rest.get(..length) == Some(kind.as_bytes()) && rest.len() >= length.saturating_add(32)
}

/// Standard base64 with padding.
fn decode(text: &str) -> Option<Vec<u8>> {
    let digits = text.trim_end_matches('=');
    if !text.len().is_multiple_of(4) || text.len() - digits.len() > 2 {
        return None;
    }
    let mut bytes = Vec::with_capacity(text.len());
    let (mut buffer, mut bits) = (0_u32, 0_u32);
    for digit in digits.bytes() {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'a'..=b'z' => digit - b'a' + 26,
            b'0'..=b'9' => digit - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        buffer = (buffer << 6 | u32::from(value)) & 0xFF_FFFF;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(buffer >> bits & 0xFF).ok()?);
        }
    }
    Some(bytes)
}
