//! Which addresses are refused: written out, in every spelling, and by name.

use std::net::IpAddr;

use outgoing::{OutgoingError, OutgoingUrl, Request, UrlFault, is_public};

use crate::support::{Names, client, ip, url};

/// The first and the last address of what is not on the public internet, in every form.
const NOT_PUBLIC: &[&str] = &[
    "0.0.0.0",
    "0.255.255.255",
    "10.0.0.0",
    "10.255.255.255",
    "100.64.0.0",
    "100.127.255.255",
    "127.0.0.0",
    "127.0.0.1",
    "127.255.255.255",
    "169.254.0.0",
    "169.254.169.254",
    "169.254.255.255",
    "172.16.0.0",
    "172.31.255.255",
    "192.0.0.0",
    "192.0.0.255",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.0",
    "192.168.255.255",
    "198.18.0.0",
    "198.19.255.255",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.255",
    "240.0.0.0",
    "255.255.255.255",
    "::",
    "::1",
    "::7f00:1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:0:7f00:1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.1.2.3",
    "64:ff9b:1::808:808",
    "100::1",
    "2001::1",
    "2001:2::1",
    "2001:1ff:ffff::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "3fff::1",
    "4000::1",
    "5f00::1",
    "fc00::1",
    "fd00:ec2::254",
    "fe80::1",
    "fec0::1",
    "ff02::1",
    "ff0e::1",
];

/// The neighbours of those, and some that everybody knows.
const PUBLIC: &[&str] = &[
    "1.0.0.0",
    "1.1.1.1",
    "9.255.255.255",
    "11.0.0.0",
    "100.63.255.255",
    "100.128.0.0",
    "126.255.255.255",
    "128.0.0.0",
    "169.253.255.255",
    "169.255.0.0",
    "172.15.255.255",
    "172.32.0.0",
    "192.0.1.0",
    "192.0.3.0",
    "192.167.255.255",
    "192.169.0.0",
    "198.17.255.255",
    "198.20.0.0",
    "223.255.255.255",
    "::ffff:8.8.8.8",
    "64:ff9b::8.8.8.8",
    "2001:200::1",
    "2001:4860:4860::8888",
    "2003::1",
    "2606:4700:4700::1111",
    "2a00:1450::1",
];

#[test]
fn what_is_not_on_the_public_internet_is_known_to_the_last_address() {
    for address in NOT_PUBLIC {
        assert!(!is_public(ip(address)), "{address}");
    }
    for address in PUBLIC {
        assert!(is_public(ip(address)), "{address}");
    }
}

fn is_not_allowed<T>(outcome: Result<T, OutgoingError>) -> bool {
    matches!(outcome, Err(OutgoingError::NotAllowed { .. }))
}

#[tokio::test]
async fn an_address_that_is_not_public_is_refused_written_out_and_by_name() {
    for address in NOT_PUBLIC {
        let names = Names::of(&[("inside.example", address)]);
        let client = client(&[], &names);
        let literal = url(match ip(address) {
            IpAddr::V4(_) => format!("https://{address}/"),
            IpAddr::V6(_) => format!("https://[{address}]/"),
        });
        assert!(
            is_not_allowed(client.check(&literal)),
            "{address} is seen in a form"
        );
        assert!(
            is_not_allowed(client.send(Request::get(literal)).await),
            "{address} is asked"
        );
        let by_name = url("https://inside.example/");
        assert_eq!(
            client.check(&by_name),
            Ok(()),
            "names are judged when they are asked"
        );
        let refused = OutgoingError::NotAllowed {
            host: "inside.example".to_owned(),
            address: ip(address),
        };
        assert_eq!(
            client.send(Request::get(by_name)).await.err(),
            Some(refused),
            "{address}"
        );
    }
}

#[tokio::test]
async fn no_spelling_of_a_private_address_gets_past() {
    let client = client(&[], &Names::none());
    for host in [
        "127.1",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001",
        "2130706433",
        "017700000001",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "127。0。0。1",
        "10.1",
        "0",
        "[::ffff:7f00:1]",
        "[0:0:0:0:0:ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
    ] {
        let written = url(format!("https://{host}/"));
        assert!(is_not_allowed(client.check(&written)), "{host}");
        assert!(is_not_allowed(client.send(Request::get(written)).await), "{host}");
    }
}

#[test]
fn what_is_typed_is_an_address_of_the_web_or_is_refused_with_the_reason() {
    let long = format!("https://example.org/{}", "a".repeat(OutgoingUrl::MAX_BYTES));
    // Few characters, but many bytes once they are written out.
    let grows = format!("https://example.org/{}", "ü".repeat(OutgoingUrl::MAX_BYTES / 3));
    for (text, fault) in [
        ("", UrlFault::NotAnAddress),
        ("example.org", UrlFault::NotAnAddress),
        ("https://", UrlFault::NotAnAddress),
        ("https://example.org:0/", UrlFault::NotAnAddress),
        ("https://example.org:65536/", UrlFault::NotAnAddress),
        (" https://example.org", UrlFault::NotAnAddress),
        ("https://exa\tmple.org", UrlFault::NotAnAddress),
        ("https:\\\\example.org", UrlFault::NotAnAddress),
        ("https://[fe80::1%25eth0]/", UrlFault::NotAnAddress),
        ("https://[fe80::1%eth0]/", UrlFault::NotAnAddress),
        ("https://1.2.3.256/", UrlFault::NotAnAddress),
        ("ftp://example.org/", UrlFault::Scheme),
        ("file:///etc/passwd", UrlFault::Scheme),
        ("javascript:alert(1)", UrlFault::Scheme),
        ("https://me@example.org/", UrlFault::UserInfo),
        ("https://me:word@example.org/", UrlFault::UserInfo),
        ("https://:word@example.org/", UrlFault::UserInfo),
        ("https://example.org/#part", UrlFault::Fragment),
        (&long, UrlFault::TooLong),
        (&grows, UrlFault::TooLong),
    ] {
        assert_eq!(text.parse::<OutgoingUrl>().err(), Some(fault), "{text:?}");
    }
    let longest = &long[..OutgoingUrl::MAX_BYTES];
    assert_eq!(url(longest).as_str(), longest);
    assert_eq!(
        url("HTTPS://Bücher.example").as_str(),
        "https://xn--bcher-kva.example/"
    );
}

#[test]
fn ports_below_1024_are_refused_but_those_of_the_web() {
    let client = client(&["shell.example:22"], &Names::none());
    for (address, port) in [
        ("mail.example:25", 25),
        ("shell.example:23", 23),
        ("8.8.8.8:1023", 1023),
    ] {
        let refused = client.check(&url(format!("https://{address}/"))).err();
        let host = address.split(':').next().unwrap().to_owned();
        assert_eq!(refused, Some(OutgoingError::PortNotAllowed { host, port }));
    }
    for address in [
        "a.example",
        "a.example:443",
        "a.example:1024",
        "8.8.8.8:65535",
        "shell.example:22",
    ] {
        assert_eq!(
            client.check(&url(format!("https://{address}/"))),
            Ok(()),
            "{address}"
        );
    }
}

#[test]
fn an_address_is_not_shown_with_what_may_be_secret_of_it() {
    let secret = url("https://hook.example/services/T0PS3CRET?token=T0PS3CRET");
    assert_eq!(format!("{secret:?}"), "OutgoingUrl(https://hook.example/…)");
}
