//! Names: looked up once for a connection, judged, and never believed again.

use outgoing::{OutgoingError, Request};

use crate::support::{Names, Server, client, ip, ok, url};

/// 127.0.0.2 stands for an address that may be asked, 127.0.0.1 for one that may not.
fn exception(port: u16) -> String {
    format!("http://127.0.0.2:{port}")
}

#[tokio::test]
async fn a_name_that_changes_between_check_and_use_leads_nowhere_else() {
    let (meant, victim) = Server::pair("127.0.0.2", "127.0.0.1", ok("meant")).await;
    let names = Names::of(&[("rebind.example", "127.0.0.2"), ("rebind.example", "127.0.0.1")]);
    let client = client(&[&exception(meant.port)], &names);
    let address = url(format!("http://rebind.example:{}/", meant.port));

    let answer = client.send(Request::get(address.clone())).await.unwrap();
    assert_eq!(answer.body, b"meant");
    assert_eq!(names.looks(), 1, "one look, which is the one that was judged");

    let refused = OutgoingError::NotAllowed {
        host: "rebind.example".to_owned(),
        address: ip("127.0.0.1"),
    };
    let again = client.send(Request::get(address)).await.err();
    assert_eq!(again, Some(refused), "no connection is left over from before");
    assert_eq!((meant.connections(), victim.connections()), (1, 0));
}

#[tokio::test]
async fn of_a_name_with_several_addresses_those_that_may_not_be_asked_are_dropped() {
    let (meant, victim) = Server::pair("127.0.0.2", "127.0.0.1", ok("meant")).await;
    let names = Names::of(&[("mixed.example", "127.0.0.1 ::1 127.0.0.2 10.0.0.1")]);
    let client = client(&[&exception(meant.port)], &names);
    let address = url(format!("http://mixed.example:{}/", meant.port));
    assert!(client.send(Request::get(address)).await.is_ok());
    assert_eq!((meant.connections(), victim.connections()), (1, 0));
}

#[tokio::test]
async fn a_name_without_addresses_is_told_and_worth_another_try() {
    let client = client(&[], &Names::of(&[("empty.example", "")]));
    for host in ["empty.example", "unknown.example"] {
        let refused = client.send(Request::get(url(format!("https://{host}/")))).await;
        let host = host.to_owned();
        let unresolvable = OutgoingError::Unresolvable { host };
        assert!(unresolvable.is_worth_another_try());
        assert_eq!(refused.err(), Some(unresolvable));
    }
}

#[tokio::test]
async fn the_system_finds_this_machine_and_the_client_refuses_it() {
    // A network that is allowed may be what any name leads into: that is looked up.
    let client = outgoing::Client::new(outgoing::Settings {
        allowed: outgoing::AllowedHosts::parse(["10.1.0.0/16"]).unwrap(),
        ..outgoing::Settings::default()
    });
    let refused = client
        .unwrap()
        .send(Request::get(url("https://localhost/")))
        .await;
    assert!(
        matches!(refused, Err(OutgoingError::NotAllowed { .. })),
        "{:?}",
        refused.err()
    );
}

#[tokio::test]
async fn names_that_are_never_public_are_refused_at_once_unless_they_are_allowed() {
    let names = Names::of(&[("hooks.internal", "8.8.8.8")]);
    let strict = client(&[], &names);
    for host in [
        "localhost",
        "localhost.",
        "LOCALHOST",
        "a.localhost",
        "printer.local",
        "hooks.internal",
    ] {
        let address = url(format!("https://{host}/x"));
        let refused = strict.check(&address).err();
        assert!(
            matches!(refused, Some(OutgoingError::NameNotAllowed { .. })),
            "{host}: {refused:?}"
        );
        assert!(!refused.unwrap().is_worth_another_try());
        assert!(strict.send(Request::get(address)).await.is_err(), "{host}");
    }
    assert_eq!(names.looks(), 0, "what cannot be allowed is not looked up");
    for host in ["localhost.example", "internal.example.org", "local-host.example"] {
        assert_eq!(strict.check(&url(format!("https://{host}/x"))), Ok(()), "{host}");
    }
    for entry in ["hooks.internal", "10.1.0.0/16"] {
        let allowing = client(&[entry], &names);
        assert_eq!(
            allowing.check(&url("https://hooks.internal/x")),
            Ok(()),
            "{entry}"
        );
    }
}
