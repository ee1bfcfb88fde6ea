//! What an answer may weigh and last, and what is told when it goes beyond.

use std::{
    process::Command,
    time::{Duration, Instant},
};

use outgoing::{Client, HeaderName, HeaderValue, OutgoingError, Request};
use tokio::net::TcpListener;

use crate::support::{Names, Reply, Server, client, ok, status, url};

const HOST: &str = "127.0.0.2";

fn allowed() -> Client {
    client(&["http://127.0.0.2"], &Names::none())
}

fn get(server: &Server) -> Request {
    Request::get(url(format!(
        "http://{HOST}:{}/T0PS3CRET?key=T0PS3CRET",
        server.port
    )))
}

fn host() -> String {
    HOST.to_owned()
}

/// Nothing that is told shows the path, which is often a secret.
async fn fails(request: Request) -> OutgoingError {
    let error = allowed().send(request).await.err().unwrap();
    assert!(!format!("{error} {error:?}").contains("T0PS3CRET"), "{error:?}");
    error
}

#[tokio::test]
async fn a_body_may_be_as_large_as_was_agreed_and_not_a_byte_larger() {
    let announced = Server::start(HOST, ok(&"a".repeat(5_000))).await;
    let unannounced = Reply::Whole(format!("HTTP/1.1 200 OK\r\n\r\n{}", "a".repeat(5_000)));
    let unannounced = Server::start(HOST, unannounced).await;
    for server in [announced, unannounced] {
        let answer = allowed().send(get(&server).max_bytes(5_000)).await.unwrap();
        assert_eq!(answer.body.len(), 5_000);
        let too_large = OutgoingError::TooLarge {
            host: host(),
            limit: 4_999,
        };
        assert_eq!(fails(get(&server).max_bytes(4_999)).await, too_large);
    }
}

#[tokio::test]
async fn an_endless_body_is_hung_up_on() {
    let chunk = format!("{:x}\r\n{}\r\n", 10_000, "a".repeat(10_000));
    let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned();
    let server = Server::start(HOST, Reply::Endless(head, chunk, Duration::ZERO)).await;
    let too_large = OutgoingError::TooLarge {
        host: host(),
        limit: 50_000,
    };
    assert_eq!(fails(get(&server).max_bytes(50_000)).await, too_large);
    // What the two systems hold between them has been sent, too.
    assert!(server.sent_until_hung_up().await < 20_000_000);
}

#[tokio::test]
async fn who_takes_any_answer_gets_its_status_and_the_beginning_of_its_body() {
    let chunk = format!("{:x}\r\n{}\r\n", 10_000, "a".repeat(10_000));
    let head =
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.3/\r\nTransfer-Encoding: chunked\r\n\r\n".to_owned();
    let server = Server::start(HOST, Reply::Endless(head, chunk, Duration::ZERO)).await;
    let address = url(format!("http://{HOST}:{}/", server.port));
    let request = Request::post(address, b"{}".to_vec()).max_bytes(12_345);
    let answer = allowed().send(request.clone().taking_any_answer()).await.unwrap();
    assert_eq!(
        (answer.status, answer.body.len()),
        (302, 12_345),
        "and nobody was redirected"
    );
    assert!(allowed().send(request).await.is_err());
    let broken = Reply::Whole("HTTP/1.1 202 Accepted\r\nContent-Length: 50\r\n\r\nabc".to_owned());
    let broken = Server::start(HOST, broken).await;
    let answer = allowed().send(get(&broken).taking_any_answer()).await.unwrap();
    assert_eq!(
        (answer.status, answer.body.as_slice()),
        (202, b"abc".as_slice()),
        "it breaks off"
    );
    let announced = Server::start(HOST, ok(&"a".repeat(5_000))).await;
    let answer = allowed()
        .send(get(&announced).max_bytes(10).taking_any_answer())
        .await
        .unwrap();
    assert_eq!(answer.body, b"aaaaaaaaaa");
}

#[tokio::test]
async fn an_announced_length_is_believed_at_once() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 50001\r\n\r\n".to_owned();
    let server = Server::start(
        HOST,
        Reply::Endless(head, String::new(), Duration::from_millis(20)),
    )
    .await;
    let begun = Instant::now();
    let too_large = OutgoingError::TooLarge {
        host: host(),
        limit: 50_000,
    };
    assert_eq!(fails(get(&server).max_bytes(50_000)).await, too_large);
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "nothing of it was waited for"
    );
}

#[tokio::test]
async fn headers_are_bounded_in_number_and_size() {
    let answer = |count: usize| {
        let headers = "X-Many: a\r\n".repeat(count);
        Reply::Whole(format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 0\r\n\r\n"))
    };
    let few = Server::start(HOST, answer(60)).await;
    assert!(allowed().send(get(&few)).await.is_ok());
    let many = Server::start(HOST, answer(64)).await;
    assert_eq!(fails(get(&many)).await, OutgoingError::Broken { host: host() });

    for (bytes, fits) in [(50_000, true), (200_000, false)] {
        let long = format!(
            "HTTP/1.1 200 OK\r\nX-Long: {}\r\nContent-Length: 0\r\n\r\n",
            "a".repeat(bytes)
        );
        let server = Server::start(HOST, Reply::Whole(long)).await;
        assert_eq!(allowed().send(get(&server)).await.is_ok(), fits, "{bytes}");
    }

    let endless = Reply::Endless(
        "HTTP/1.1 200 OK\r\nX-Long: ".to_owned(),
        "a".repeat(10_000),
        Duration::ZERO,
    );
    let endless = Server::start(HOST, endless).await;
    assert_eq!(fails(get(&endless)).await, OutgoingError::Broken { host: host() });
    assert!(endless.sent_until_hung_up().await < 20_000_000);
}

#[tokio::test]
async fn a_server_that_is_silent_or_slow_is_waited_for_as_long_as_was_agreed() {
    let head = "HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n".to_owned();
    let drips = Reply::Endless(head, "a".to_owned(), Duration::from_millis(20));
    for reply in [Reply::Silence, drips] {
        let server = Server::start(HOST, reply).await;
        let begun = Instant::now();
        let error = fails(get(&server).within(Duration::from_millis(400))).await;
        assert_eq!(error, OutgoingError::TimedOut { host: host() });
        let waited = begun.elapsed();
        assert!(
            waited >= Duration::from_millis(400) && waited < Duration::from_secs(10),
            "{waited:?}"
        );
    }
}

#[tokio::test]
async fn a_connection_that_does_not_come_about_is_given_up_before_the_rest() {
    // It accepts, and never says a word of TLS.
    let listener = TcpListener::bind((HOST, 0)).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let begun = Instant::now();
    let error =
        fails(Request::get(url(format!("https://{HOST}:{port}/"))).within(Duration::from_mins(1))).await;
    assert_eq!(error, OutgoingError::TimedOut { host: host() });
    assert!(begun.elapsed() < Duration::from_secs(20));
}

#[tokio::test]
async fn what_goes_wrong_says_what_it_is_and_whether_to_try_again() {
    let closed = TcpListener::bind((HOST, 0))
        .await
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let nobody = fails(Request::get(url(format!("http://{HOST}:{closed}/T0PS3CRET")))).await;
    assert_eq!(nobody, OutgoingError::Unreachable { host: host() });
    assert!(nobody.is_worth_another_try());

    for text in [
        "SSH-2.0-OpenSSH\r\n",
        "",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort",
    ] {
        let server = Server::start(HOST, Reply::Whole(text.to_owned())).await;
        let broken = fails(get(&server)).await;
        assert_eq!(broken, OutgoingError::Broken { host: host() }, "{text:?}");
        assert!(broken.is_worth_another_try());
    }
    for (code, again) in [
        (304, false),
        (400, false),
        (401, false),
        (404, false),
        (408, true),
        (410, false),
        (425, true),
        (429, true),
        (500, true),
        (503, true),
    ] {
        let server = Server::start(HOST, status(code)).await;
        let error = fails(get(&server)).await;
        let host = host();
        assert_eq!(error, OutgoingError::Status { host, status: code });
        assert_eq!(error.is_worth_another_try(), again, "{code}");
    }
}

#[tokio::test]
async fn what_is_posted_arrives_with_its_headers_but_for_those_of_the_connection() {
    let server = Server::start(HOST, ok("taken")).await;
    let address = url(format!("http://{HOST}:{}/in?a=1", server.port));
    let mut request = Request::post(address, b"{}".to_vec());
    for (name, value) in [
        ("content-type", "application/json"),
        ("x-signature", "abc"),
        ("host", "inside.example"),
        ("content-length", "70"),
        ("transfer-encoding", "chunked"),
    ] {
        request = request.header(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    assert_eq!(allowed().send(request).await.unwrap().body, b"taken");
    let [head] = &server.heads()[..] else {
        unreachable!("one request")
    };
    assert!(head.starts_with("POST /in?a=1 HTTP/1.1\r\n"), "{head}");
    for header in [
        "content-type: application/json",
        "x-signature: abc",
        "content-length: 2",
        &format!("host: {HOST}:{}", server.port),
    ] {
        assert!(head.contains(&format!("\r\n{header}\r\n")), "{header} in {head}");
    }
    assert!(
        !head.contains("inside.example") && !head.contains("chunked"),
        "{head}"
    );
}

#[test]
fn a_proxy_of_the_environment_is_not_asked() {
    // The test above, in a process whose environment names a proxy that is not there.
    let program = std::env::current_exe().unwrap();
    let nobody = "http://127.0.0.3:9";
    let ran = Command::new(program)
        .args(["--exact", "bounds::an_announced_length_is_believed_at_once"])
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .envs(
            [
                "HTTP_PROXY",
                "http_proxy",
                "HTTPS_PROXY",
                "https_proxy",
                "ALL_PROXY",
                "all_proxy",
            ]
            .map(|name| (name, nobody)),
        )
        .output()
        .unwrap();
    let told = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && told.contains("1 passed"), "{told}");
}
