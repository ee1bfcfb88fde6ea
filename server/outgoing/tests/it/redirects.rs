//! Redirects: judged like what was typed, and not trusted with anything.

use outgoing::{HeaderName, HeaderValue, OutgoingError, Request, UrlFault};

use crate::support::{Names, Server, client, ok, redirect, status, url};

const ALLOWED: &str = "http://127.0.0.2";

fn get(server: &Server, path: &str) -> Request {
    Request::get(url(format!("http://127.0.0.2:{}{path}", server.port)))
}

#[tokio::test]
async fn a_redirect_to_what_is_private_is_refused_written_out_and_by_name() {
    let victim = Server::start("127.0.0.1", ok("secret")).await;
    let names = Names::of(&[("inside.example", "127.0.0.1")]);
    for host in ["127.0.0.1", "127.1", "[::ffff:127.0.0.1]", "inside.example"] {
        let target = format!("http://{host}:{}/", victim.port);
        let server = Server::start("127.0.0.2", redirect(302, target)).await;
        let refused = client(&[ALLOWED], &names)
            .send(get(&server, "/").following(3))
            .await;
        let refused = refused.err().unwrap();
        assert!(
            matches!(refused, OutgoingError::NotAllowed { .. }),
            "{host}: {refused:?}"
        );
        assert_eq!(server.heads().len(), 1);
    }
    assert_eq!(victim.connections(), 0);
}

#[tokio::test]
async fn a_redirect_to_what_is_no_address_of_the_web_is_refused() {
    for (location, fault) in [
        ("file:///etc/passwd", UrlFault::Scheme),
        ("gopher://127.0.0.1/", UrlFault::Scheme),
        ("http://me:word@127.0.0.2/", UrlFault::UserInfo),
        ("http://[fe80::1%25eth0]/", UrlFault::NotAnAddress),
    ] {
        let server = Server::start("127.0.0.2", redirect(301, location)).await;
        let refused = client(&[ALLOWED], &Names::none())
            .send(get(&server, "/").following(1))
            .await;
        let host = "127.0.0.2".to_owned();
        assert_eq!(
            refused.err(),
            Some(OutgoingError::BadRedirect { host, fault }),
            "{location}"
        );
    }
}

#[tokio::test]
async fn https_never_goes_down_to_http_even_where_http_is_allowed() {
    let plain = Server::start("127.0.0.2", ok("plain")).await;
    let names = Names::of(&[("hook.example", "127.0.0.2")]);
    let target = format!("http://hook.example:{}/", plain.port);
    let secure = Server::start_tls("127.0.0.2", redirect(302, target)).await;
    let request = Request::get(url(format!("https://hook.example:{}/", secure.port))).following(3);
    let refused = client(&[ALLOWED], &names).send(request).await;
    let host = "hook.example".to_owned();
    assert_eq!(refused.err(), Some(OutgoingError::Downgraded { host }));
    assert_eq!(plain.connections(), 0);
}

#[tokio::test]
async fn circles_end_after_three_redirects_and_none_is_followed_unasked() {
    let server = Server::start("127.0.0.2", redirect(302, "/again")).await;
    let client = client(&[ALLOWED], &Names::none());
    let host = || "127.0.0.2".to_owned();

    let refused = client.send(get(&server, "/").following(200)).await;
    let too_many = OutgoingError::TooManyRedirects {
        host: host(),
        limit: 3,
    };
    assert_eq!(refused.err(), Some(too_many));
    assert_eq!(server.heads().len(), 4);

    let refused = client.send(get(&server, "/")).await;
    assert_eq!(
        refused.err(),
        Some(OutgoingError::Status {
            host: host(),
            status: 302
        })
    );
    assert_eq!(server.heads().len(), 5);
}

#[tokio::test]
async fn as_many_redirects_as_were_asked_for_are_followed() {
    let server = Server::by_path("127.0.0.2", |path| match path {
        "/3" => redirect(301, "/2"),
        "/2" => redirect(303, "1#part"),
        "/1" => redirect(308, "?end"),
        "/1?end" => ok("there"),
        _ => status(404),
    })
    .await;
    let client = client(&[ALLOWED], &Names::none());
    let answer = client.send(get(&server, "/3").following(3)).await.unwrap();
    assert_eq!(answer.body, b"there");
    assert!(client.send(get(&server, "/3").following(2)).await.is_err());
}

#[tokio::test]
async fn what_is_posted_is_for_the_address_that_was_given() {
    for code in [301, 302, 303, 307, 308] {
        let server = Server::start("127.0.0.2", redirect(code, "/elsewhere")).await;
        let address = url(format!("http://127.0.0.2:{}/", server.port));
        let request = Request::post(address, b"signed".to_vec()).following(3);
        let refused = client(&[ALLOWED], &Names::none()).send(request).await;
        let host = "127.0.0.2".to_owned();
        assert_eq!(refused.err(), Some(OutgoingError::Status { host, status: code }));
        let heads = server.heads();
        assert_eq!(heads.len(), 1);
        assert!(heads.iter().all(|head| head.starts_with("POST / ")), "{heads:?}");
    }
}

const SECRET: HeaderValue = HeaderValue::from_static("s3cret");

fn with_secrets(request: Request) -> Request {
    ["authorization", "x-signature", "cookie", "proxy-authorization"]
        .into_iter()
        .fold(request, |request, name| {
            request.header(HeaderName::from_static(name), SECRET)
        })
        .header(
            HeaderName::from_static("accept"),
            HeaderValue::from_static("image/png"),
        )
}

/// A server that leads wherever the rest of the path says.
async fn signpost() -> Server {
    Server::by_path("127.0.0.2", |path| match path {
        "/here" => ok("here"),
        path => redirect(302, path.trim_start_matches('/')),
    })
    .await
}

#[tokio::test]
async fn headers_stay_with_the_host_that_they_were_given_for() {
    // Another port is another host: somebody else may listen there.
    let (home, foreign) = (signpost().await, signpost().await);
    let (at_home, away) = (home.port, foreign.port);
    let client = client(&[ALLOWED], &Names::none());

    let way = format!("/http://127.0.0.2:{at_home}/here");
    let answer = client
        .send(with_secrets(get(&home, &way)).following(1))
        .await
        .unwrap();
    assert_eq!(answer.body, b"here");
    let heads = home.heads();
    assert_eq!(heads.len(), 2);
    assert!(
        heads.iter().all(|head| head.matches("s3cret").count() == 4),
        "{heads:?}"
    );

    let there_and_back = format!("/http://127.0.0.2:{away}/http://127.0.0.2:{at_home}/here");
    let request = with_secrets(get(&home, &there_and_back)).following(2);
    assert_eq!(client.send(request).await.unwrap().body, b"here");
    let [head] = &foreign.heads()[..] else {
        unreachable!("one request")
    };
    assert!(!head.contains("s3cret"), "{head}");
    assert!(head.contains("accept: image/png"), "{head}");
    let heads = home.heads();
    assert_eq!(heads.len(), 4);
    assert!(!heads.last().unwrap().contains("s3cret"), "nor do they come back");
}

#[tokio::test]
async fn nothing_of_an_answer_is_kept_for_the_next_request() {
    let server = Server::by_path("127.0.0.2", |path| match path {
        "/" => redirect(302, "/next"),
        _ => ok(""),
    })
    .await;
    let client = client(&[ALLOWED], &Names::none());
    client.send(get(&server, "/").following(1)).await.unwrap();
    client.send(get(&server, "/last")).await.unwrap();
    let heads = server.heads();
    assert_eq!(heads.len(), 3);
    for head in heads {
        assert!(!head.contains("cookie") && !head.contains("referer"), "{head}");
        assert!(head.contains("user-agent: stoa\r\n"), "{head}");
    }
    assert_eq!(
        server.connections(),
        3,
        "each request has a connection of its own"
    );
}
