//! Certificates: of an authority that is known, and for the name that was asked.

use outgoing::{AllowedHosts, Client, OutgoingError, Request, Settings, authorities_in};

use crate::support::{AUTHORITY, Names, Server, client, ok, url};

const NAMES: &[(&str, &str)] = &[("hook.example", "127.0.0.2"), ("wrong.example", "127.0.0.2")];

fn get(server: &Server, host: &str) -> Request {
    Request::get(url(format!("https://{host}:{}/", server.port)))
}

#[tokio::test]
async fn a_certificate_counts_for_its_name_alone() {
    let server = Server::start_tls("127.0.0.2", ok("sealed")).await;
    let client = client(&["127.0.0.2"], &Names::of(NAMES));
    let answer = client.send(get(&server, "hook.example")).await.unwrap();
    assert_eq!(answer.body, b"sealed");
    let [head] = &server.heads()[..] else {
        unreachable!("one request")
    };
    assert!(
        head.contains(&format!("host: hook.example:{}\r\n", server.port)),
        "{head}"
    );

    for host in ["wrong.example", "127.0.0.2"] {
        let refused = client.send(get(&server, host)).await.err();
        let host = host.to_owned();
        assert_eq!(refused, Some(OutgoingError::Tls { host }));
    }
    assert_eq!(
        server.heads().len(),
        1,
        "nothing was said to who could not show who it is"
    );
}

#[tokio::test]
async fn an_authority_that_nobody_named_counts_for_nothing() {
    let server = Server::start_tls("127.0.0.2", ok("sealed")).await;
    let client = Client::new(Settings {
        allowed: AllowedHosts::parse(["127.0.0.2"]).unwrap(),
        names: Names::of(NAMES),
        ..Settings::default()
    })
    .unwrap();
    let refused = client.send(get(&server, "hook.example")).await.err().unwrap();
    let host = "hook.example".to_owned();
    assert_eq!(refused, OutgoingError::Tls { host });
    assert!(!refused.is_worth_another_try());
    assert!(server.heads().is_empty());
}

#[test]
fn an_authority_that_is_no_certificate_is_refused() {
    let settings = Settings {
        authorities: vec![b"no certificate".to_vec()],
        ..Settings::default()
    };
    let refused = Client::new(settings).err().unwrap();
    assert!(refused.to_string().contains("authority"), "{refused}");
}

#[test]
fn authorities_are_read_from_a_file_or_it_is_said_why_not() {
    let text = include_bytes!("certificates/authority.pem");
    let read = authorities_in(text).unwrap();
    assert_eq!(read, [AUTHORITY.to_vec()]);
    assert!(authorities_in(b"nothing").is_err() && authorities_in(b"").is_err());
    let broken = String::from_utf8_lossy(text).replace("END", "AND");
    assert!(authorities_in(broken.as_bytes()).is_err());
}
