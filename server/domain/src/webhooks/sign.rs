//! Signing: the scheme `v1` of the Standard Webhooks specification, an HMAC with SHA-256 over id, time and body.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// How a secret is written.
const PREFIX: &str = "whsec_";

/// The bytes of a secret.
pub(super) type Secret = [u8; 32];

/// A new secret.
pub(super) fn new_secret() -> Secret {
    rand::random()
}

/// A secret as it is shown.
pub(super) fn shown(secret: &[u8]) -> String {
    format!("{PREFIX}{}", STANDARD.encode(secret))
}

/// What stands in the header `webhook-signature`: a signature with each secret.
pub(super) fn signatures(secrets: &[Vec<u8>], id: &str, timestamp: i64, body: &str) -> String {
    let content = format!("{id}.{timestamp}.{body}");
    let signed = secrets.iter().filter_map(|secret| {
        // A key of any length will do.
        let mut mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        mac.update(content.as_bytes());
        Some(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())))
    });
    signed.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_specification_is_signed_alike() {
        let secret = STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
        let signed = signatures(
            &[secret],
            "msg_p5jXN8AQM9LWM0D4loKWxJek",
            1_614_265_330,
            r#"{"test": 2432232314}"#,
        );
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn while_secrets_change_both_sign() {
        let signed = signatures(&[vec![1; 32], vec![2; 32]], "msg_1", 1, "{}");
        let parts: Vec<&str> = signed.split(' ').collect();
        assert!(
            parts.len() == 2 && parts[0] != parts[1] && parts.iter().all(|part| part.starts_with("v1,")),
            "{signed}"
        );
    }

    #[test]
    fn a_secret_is_shown_as_receivers_expect_it() {
        assert_eq!(shown(&[0; 32]), format!("whsec_{}=", "A".repeat(43)));
        assert_ne!(new_secret(), new_secret());
    }
}
