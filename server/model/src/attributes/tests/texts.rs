use super::{from_form, refused};
use crate::attributes::{FieldKind, Value};

const ED25519: &str = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f";

#[test]
fn lines_are_trimmed_measured_in_characters_and_free_of_control_characters() {
    let kind = FieldKind::String {
        min_length: Some(3),
        max_length: Some(5),
    };
    assert_eq!(from_form(&kind, "  äöü  "), Ok(Some(Value::Text("äöü".into()))));
    assert_eq!(refused(&kind, "ab"), "too_short: Use at least 3 characters.");
    assert_eq!(refused(&kind, "äöüßéx"), "too_long: Use at most 5 characters.");
    assert_eq!(refused(&kind, "a\nbc"), "several_lines: Use one line only.");
    assert!(refused(&kind, "a\u{0}bc").starts_with("control_character"));
    assert_eq!(
        from_form(&FieldKind::text(), "a\r\nb\tc"),
        Ok(Some(Value::Text("a\nb\tc".into())))
    );
}

#[test]
fn huge_texts_are_refused_without_repeating_them() {
    for kind in [
        FieldKind::string(),
        FieldKind::text(),
        FieldKind::Secret,
        FieldKind::Url,
        FieldKind::SshKey,
        FieldKind::list(),
    ] {
        let message = refused(&kind, &"x".repeat(3_000_000));
        assert!(
            message.starts_with("too_long: ") && message.len() < 100,
            "{kind:?}: {message}"
        );
    }
    assert_eq!(
        refused(&FieldKind::string(), &"x".repeat(201)),
        "too_long: Use at most 200 characters."
    );
    assert_eq!(
        refused(&FieldKind::text(), &"x".repeat(10_001)),
        "too_long: Use at most 10,000 characters."
    );
}

#[test]
fn web_addresses_lead_where_they_say() {
    let kind = FieldKind::Url;
    for address in [
        "https://example.org",
        "http://localhost:8080/a?b=c#d",
        "https://[::1]:443/",
        "https://a-b.example.org./x",
        "https://10.0.0.1",
    ] {
        assert!(from_form(&kind, address).is_ok(), "{address}");
    }
    for address in [
        "example.org",
        "ftp://example.org",
        "javascript:alert(1)",
        "https://",
        "https://bank.example@evil.example",
        "https:///path",
        "https://exa mple.org",
        "https://-a.org",
        "https://a..b",
        "https://a.org:0",
        "https://a.org:x",
        "https://a.org:70000",
        "https://[zz]/",
        "https://a.org/<script>",
        "https://münchen.de",
        "//a.org",
    ] {
        assert!(refused(&kind, address).starts_with("not_an_address"), "{address}");
    }
}

#[test]
fn public_keys_are_told_from_private_ones_and_from_nonsense() {
    let kind = FieldKind::SshKey;
    assert!(from_form(&kind, ED25519).is_ok());
    assert!(from_form(&kind, &format!("{ED25519} ada@example.org")).is_ok());
    let private =
        "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEAAAAA\n-----END OPENSSH PRIVATE KEY-----";
    assert!(refused(&kind, private).starts_with("private_key: "));
    let other_type = ED25519.replacen("ssh-ed25519", "ssh-rsa", 1);
    let cut = ED25519.get(..ED25519.len() - 8).unwrap();
    for text in [
        "ssh-ed25519",
        "ssh-ed25519 AAAA",
        "ssh-dss AAAAC3NzaC1lZDI1NTE5",
        &other_type,
        cut,
        "ssh-ed25519 !!!!",
        &format!("{ED25519}\n{ED25519}"),
    ] {
        assert!(refused(&kind, text).starts_with("not_a_key"), "{text}");
    }
}

#[test]
fn a_secret_keeps_its_blanks_and_does_not_show_in_debug_output() {
    let secret = from_form(&FieldKind::Secret, " hunter2 ").unwrap().unwrap();
    assert_eq!(secret, Value::Secret(" hunter2 ".into()));
    assert!(!format!("{secret:?}").contains("hunter2"));
}
