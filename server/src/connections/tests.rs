//! No test here depends on how fast the machine is: what must end is waited for, and what must not end is asked after
//! something with the short limit has ended.

use std::net::Ipv4Addr;

use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};

use super::*;

const SHORT: Duration = Duration::from_millis(50);
const LONG: Duration = Duration::from_hours(1);
/// Larger than what any pipe or socket holds.
const MUCH: usize = 64 * 1024 * 1024;
const ASKED: &[u8] = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n";
const ASKED_FOR_MUCH: &[u8] = b"GET /much HTTP/1.1\r\nhost: x\r\n\r\n";

fn router() -> Router {
    Router::new()
        .route("/", get(async || "here"))
        .route("/much", get(async || vec![b'x'; MUCH]))
}

/// A connection over a pipe, with this much silence.
fn connection(silence: Duration) -> DuplexStream {
    let (ours, theirs) = duplex(1024);
    let peer = SocketAddr::from((Ipv4Addr::LOCALHOST, 1));
    TaskTracker::new().spawn(converse(
        theirs,
        peer,
        router(),
        silence,
        CancellationToken::new(),
    ));
    ours
}

/// One answer, to its last letter.
async fn answer(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut heard = Vec::new();
    while !heard.ends_with(b"here") {
        let mut letter = [0];
        stream.read_exact(&mut letter).await.unwrap();
        heard.extend(letter);
    }
    String::from_utf8(heard).unwrap()
}

/// How much comes until the other side hangs up; whether it ends or breaks off is the same here.
async fn until_hung_up(mut stream: impl AsyncRead + Unpin) -> usize {
    let mut heard = Vec::new();
    drop(stream.read_to_end(&mut heard).await);
    heard.len()
}

#[tokio::test]
async fn who_stays_silent_longer_than_allowed_is_hung_up_on() {
    let mut patient = connection(LONG);
    assert_eq!(until_hung_up(connection(SHORT)).await, 0, "nothing was asked");

    let mut unfinished = connection(SHORT);
    unfinished
        .write_all(b"GET / HTTP/1.1\r\nhost: x\r\n")
        .await
        .unwrap();
    until_hung_up(unfinished).await;

    let mut idle = connection(SHORT);
    idle.write_all(ASKED).await.unwrap();
    assert!(answer(&mut idle).await.starts_with("HTTP/1.1 200"));
    assert_eq!(until_hung_up(idle).await, 0, "between two requests");

    for _ in 0..2 {
        patient.write_all(ASKED).await.unwrap();
        assert!(answer(&mut patient).await.starts_with("HTTP/1.1 200"));
    }
}

#[tokio::test]
async fn who_does_not_read_what_was_asked_for_is_hung_up_on() {
    let (mut slow, mut patient) = (connection(SHORT), connection(LONG));
    for stream in [&mut slow, &mut patient] {
        stream.write_all(ASKED_FOR_MUCH).await.unwrap();
    }
    // Not a letter is read meanwhile: it is written into until nobody is there to read that.
    while slow.write_all(&[b'x'; 1024]).await.is_ok() {}
    assert!(until_hung_up(slow).await < MUCH);
    let mut heard = 0;
    let mut part = vec![0; 1024 * 1024];
    while heard < MUCH {
        heard += patient.read(&mut part).await.unwrap();
    }
}

/// Serves on a free port of this machine.
async fn served(at_once: usize, of_one_address: usize) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let limits = ConnectionLimits {
        at_once,
        of_one_address,
        silence: LONG,
    };
    TaskTracker::new().spawn(serve_connections(
        listener,
        router(),
        limits,
        CancellationToken::new(),
    ));
    address
}

async fn connected(address: SocketAddr) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(ASKED).await.unwrap();
    assert!(answer(&mut stream).await.starts_with("HTTP/1.1 200"));
    stream
}

#[tokio::test]
async fn one_address_has_its_share_of_the_connections_and_not_one_more() {
    let address = served(10, 3).await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(connected(address).await);
    }
    let further = TcpStream::connect(address).await.unwrap();
    assert_eq!(until_hung_up(further).await, 0);
    open.pop();
    // The place is free as soon as the end of that connection was seen.
    loop {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let mut first = [0];
        if stream.write_all(ASKED).await.is_ok() && stream.read_exact(&mut first).await.is_ok() {
            break;
        }
    }
}

#[tokio::test]
async fn beyond_all_connections_the_next_waits_for_its_turn() {
    let address = served(2, 2).await;
    let (first, mut second) = (connected(address).await, connected(address).await);
    let mut next = TcpStream::connect(address).await.unwrap();
    next.write_all(ASKED).await.unwrap();
    second.write_all(ASKED).await.unwrap();
    answer(&mut second).await;
    let mut letter = [0];
    assert!(next.try_read(&mut letter).is_err(), "nobody has heard it yet");
    drop(first);
    assert!(answer(&mut next).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn when_told_to_stop_it_waits_for_what_was_asked_and_not_for_who_has_asked_nothing() {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    let limits = ConnectionLimits {
        at_once: 10,
        of_one_address: 10,
        silence: LONG,
    };
    let stop = CancellationToken::new();
    let serving = TaskTracker::new().spawn(serve_connections(listener, router(), limits, stop.clone()));
    let silent = TcpStream::connect(address).await.unwrap();
    let mut begun = TcpStream::connect(address).await.unwrap();
    begun.write_all(b"GET / HTTP/1.1\r\n").await.unwrap();
    let idle = connected(address).await;
    let mut large = TcpStream::connect(address).await.unwrap();
    large.write_all(ASKED_FOR_MUCH).await.unwrap();
    let mut first = [0];
    large.read_exact(&mut first).await.unwrap();
    stop.cancel();
    for ended in [silent, begun, idle] {
        assert_eq!(until_hung_up(ended).await, 0);
    }
    assert!(!serving.is_finished(), "an answer is under way");
    assert!(until_hung_up(large).await >= MUCH, "all of it came");
    serving.await.unwrap();
}
