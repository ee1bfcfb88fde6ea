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
    let client = outgoing::Client::new(outgoing::Settings::default()).unwrap();
    let refused = client.send(Request::get(url("https://localhost/"))).await;
    assert!(
        matches!(refused, Err(OutgoingError::NotAllowed { .. })),
        "{:?}",
        refused.err()
    );
}
