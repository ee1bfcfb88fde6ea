//! What whoever runs Stoa allows: that, and no more.

use outgoing::{AllowedHosts, OutgoingError, Request};

use crate::support::{Names, Server, client, ip, ok, url};

#[test]
fn entries_are_names_addresses_or_networks_with_a_port_or_without() {
    for entry in [
        "hooks.example.org",
        "Hooks.Example.org.",
        "hooks.example.org:8443",
        "http://hooks.example.org:8080",
        "10.1.2.3",
        "10.1.2.3:8443",
        "10.1.0.0/16",
        "10.1.0.0/16:8443",
        "http://10.1.0.0/16:8080",
        "fd00::5",
        "[fd00::5]",
        "[fd00::5]:8443",
        "fd00::/8",
        "[fd00::]/8:8443",
    ] {
        assert!(AllowedHosts::parse([entry]).is_ok(), "{entry}");
    }
    for entry in [
        "",
        ":8443",
        "hooks.example.org:",
        "hooks.example.org:0",
        "hooks.example.org:99999",
        "hooks.example.org:80:80",
        "hooks.example.org/path",
        "ftp://hooks.example.org",
        "10.1.0.0/33",
        "10.1.0.0/",
        "[fd00::5",
        "[fd00::5]8443",
        "two words",
        "*.example.org",
    ] {
        let fault = AllowedHosts::parse(["fine.example", entry]).unwrap_err();
        assert!(fault.to_string().contains(&format!("{entry:?}")), "{fault}");
    }
}

#[tokio::test]
async fn an_allowed_host_is_asked_and_another_port_or_name_or_neighbour_of_it_is_not() {
    let (meant, other) = (
        Server::start("127.0.0.1", ok("meant")).await,
        Server::start("127.0.0.1", ok("other")).await,
    );
    let names = Names::of(&[("in.example", "127.0.0.1"), ("also.example", "127.0.0.1")]);
    let port = meant.port;
    for entry in [
        format!("http://in.example:{port}"),
        format!("http://127.0.0.1:{port}"),
        format!("http://127.0.0.0/30:{port}"),
    ] {
        let client = client(&[&entry], &names);
        let ask = |address: String| client.send(Request::get(url(address)));
        let answer = ask(format!("http://in.example:{port}/")).await.unwrap();
        assert_eq!((answer.status, answer.body), (200, b"meant".to_vec()), "{entry}");
        let elsewhere = ask(format!("http://in.example:{}/", other.port)).await.err();
        let refused = OutgoingError::NotAllowed {
            host: "in.example".to_owned(),
            address: ip("127.0.0.1"),
        };
        let unencrypted = OutgoingError::NotEncrypted {
            host: "in.example".to_owned(),
        };
        assert!(
            [Some(refused), Some(unencrypted)].contains(&elsewhere),
            "{entry}: {elsewhere:?}"
        );
        // A name allows itself; an address allows all that lead to it.
        let by_another_name = ask(format!("http://also.example:{port}/")).await;
        assert_eq!(by_another_name.is_ok(), !entry.contains("in.example"), "{entry}");
        let neighbour = ask(format!("http://127.0.0.4:{port}/")).await;
        assert!(
            matches!(neighbour, Err(OutgoingError::NotAllowed { .. })),
            "{entry}"
        );
    }
    assert_eq!(meant.connections(), 5);
    assert_eq!(other.connections(), 0);
}

#[tokio::test]
async fn an_exception_without_http_is_for_encrypted_connections_alone() {
    let server = Server::start("127.0.0.1", ok("")).await;
    let names = Names::of(&[("in.example", "127.0.0.1"), ("out.example", "8.8.8.8")]);
    let client = client(&["in.example", "127.0.0.1"], &names);
    for host in ["in.example", "127.0.0.1", "out.example", "8.8.8.8"] {
        let address = url(format!("http://{host}:{}/", server.port));
        let host = host.to_owned();
        let refused = Some(OutgoingError::NotEncrypted { host });
        assert_eq!(client.check(&address).err(), refused);
        assert_eq!(client.send(Request::get(address)).await.err(), refused);
    }
    assert_eq!(server.connections(), 0);
    assert_eq!(names.looks(), 0, "what cannot be allowed is not looked up");
}

#[test]
fn an_exception_holds_in_every_spelling_and_only_for_its_kind() {
    let entries = [
        "10.1.0.0/16",
        "fd00::5",
        "http://Old.example:80",
        "http://10.2.0.1",
    ];
    let client = client(&entries, &Names::none());
    for allowed in [
        "https://10.1.255.255/",
        "https://[::ffff:10.1.2.3]:8443/",
        "https://[fd00:0:0::5]/",
        "http://old.example./",
        "http://10.2.1/",
        "https://10.2.0.1/",
    ] {
        assert_eq!(client.check(&url(allowed)), Ok(()), "{allowed}");
    }
    for refused in [
        "https://10.2.0.0/",
        "https://[fd00::6]/",
        "https://10.1.2.3:22/",
        "http://10.2.0.1:22/",
        "http://10.1.2.3/",
    ] {
        assert!(client.check(&url(refused)).is_err(), "{refused}");
    }
    // Judged without the network that names might lead into.
    let client = crate::support::client(&["http://old.example:80"], &Names::none());
    for refused in [
        "http://old.example:8080/",
        "http://old.example.org/",
        "http://very.old.example/",
    ] {
        assert!(client.check(&url(refused)).is_err(), "{refused}");
    }
}
