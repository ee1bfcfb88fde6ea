//! Servers on addresses of this machine, and names that lead where a test wants.

use std::{
    collections::{HashMap, VecDeque},
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use outgoing::{AllowedHosts, Client, Lookup, OutgoingUrl, Settings};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::TcpListener,
    task::JoinSet,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{
        ServerConfig,
        crypto::ring,
        pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    },
};

pub(crate) const AUTHORITY: &[u8] = include_bytes!("certificates/authority.der");

pub(crate) fn url(text: impl AsRef<str>) -> OutgoingUrl {
    text.as_ref().parse().unwrap()
}

pub(crate) fn ip(text: &str) -> IpAddr {
    text.parse().unwrap()
}

/// A client with these exceptions and names, which trusts the tests' authority.
pub(crate) fn client(allowed: &[&str], names: &Arc<Names>) -> Client {
    let names: Arc<dyn Lookup> = Arc::<Names>::clone(names);
    Client::new(Settings {
        allowed: AllowedHosts::parse(allowed.iter().copied()).unwrap(),
        authorities: vec![AUTHORITY.to_vec()],
        names,
        connect_within: Duration::from_secs(2),
    })
    .unwrap()
}

/// What names lead to, look by look; the last answer stays.
#[derive(Default)]
pub(crate) struct Names {
    answers: Mutex<HashMap<String, VecDeque<Vec<IpAddr>>>>,
    looks: AtomicUsize,
}

impl Names {
    pub(crate) fn none() -> Arc<Self> {
        Arc::default()
    }

    /// `("name", "1.2.3.4 5.6.7.8")`: several addresses at one look. The same name again: at the next look.
    pub(crate) fn of(table: &[(&str, &str)]) -> Arc<Self> {
        let names = Self::default();
        for (name, addresses) in table {
            let addresses = addresses.split_whitespace().map(ip).collect();
            let mut answers = names.answers.lock().unwrap();
            answers
                .entry((*name).to_owned())
                .or_default()
                .push_back(addresses);
        }
        Arc::new(names)
    }

    pub(crate) fn looks(&self) -> usize {
        self.looks.load(Ordering::SeqCst)
    }
}

#[async_trait::async_trait]
impl Lookup for Names {
    async fn look_up(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        let mut answers = self.answers.lock().unwrap();
        let found = answers.get_mut(name).ok_or(io::ErrorKind::NotFound)?;
        let last = found.len() == 1;
        let answer = if last {
            found.front().cloned()
        } else {
            found.pop_front()
        };
        Ok(answer.unwrap())
    }
}

/// What a server does once it has read a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Sends this and hangs up.
    Whole(String),
    /// Sends the first, then the second until nobody takes it, with a pause between.
    Endless(String, String, Duration),
    /// Says nothing.
    Silence,
}

pub(crate) fn ok(body: &str) -> Reply {
    let length = body.len();
    Reply::Whole(format!(
        "HTTP/1.1 200 OK\r\nContent-Length: {length}\r\n\r\n{body}"
    ))
}

pub(crate) fn status(code: u16) -> Reply {
    Reply::Whole(format!("HTTP/1.1 {code} Whatever\r\nContent-Length: 0\r\n\r\n"))
}

pub(crate) fn redirect(code: u16, to: impl AsRef<str>) -> Reply {
    let to = to.as_ref();
    Reply::Whole(format!(
        "HTTP/1.1 {code} Away\r\nLocation: {to}\r\nSet-Cookie: stay=here\r\nContent-Length: 0\r\n\r\n"
    ))
}

#[derive(Default)]
struct Seen {
    /// Heads of requests, in small letters but for the first line.
    heads: Mutex<Vec<String>>,
    connections: AtomicUsize,
    sent: AtomicUsize,
    hung_up: tokio::sync::Notify,
}

/// A server that tells what it was asked; it ends with the test.
pub(crate) struct Server {
    pub(crate) port: u16,
    seen: Arc<Seen>,
    _tasks: JoinSet<()>,
}

type Answers = Arc<dyn Fn(&str) -> Reply + Send + Sync>;

impl Server {
    pub(crate) async fn start(address: &str, reply: Reply) -> Self {
        Self::answering(address, 0, false, move |_| reply.clone())
            .await
            .unwrap()
    }

    pub(crate) async fn start_tls(address: &str, reply: Reply) -> Self {
        Self::answering(address, 0, true, move |_| reply.clone())
            .await
            .unwrap()
    }

    /// Answers by the path that is asked.
    pub(crate) async fn by_path(
        address: &str,
        reply: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> Self {
        Self::answering(address, 0, false, reply).await.unwrap()
    }

    /// Two servers with the same port on two addresses.
    pub(crate) async fn pair(one: &str, other: &str, reply: Reply) -> (Self, Self) {
        loop {
            let first = Self::start(one, reply.clone()).await;
            let reply = reply.clone();
            if let Ok(second) = Self::answering(other, first.port, false, move |_| reply.clone()).await {
                return (first, second);
            }
        }
    }

    async fn answering(
        address: &str,
        port: u16,
        tls: bool,
        reply: impl Fn(&str) -> Reply + Send + Sync + 'static,
    ) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::new(ip(address), port)).await?;
        let port = listener.local_addr()?.port();
        let (seen, reply): (Arc<Seen>, Answers) = (Arc::default(), Arc::new(reply));
        let mut tasks = JoinSet::new();
        tasks.spawn(accept(listener, tls.then(acceptor), Arc::clone(&seen), reply));
        Ok(Self {
            port,
            seen,
            _tasks: tasks,
        })
    }

    /// The heads of all requests that came.
    pub(crate) fn heads(&self) -> Vec<String> {
        self.seen.heads.lock().unwrap().clone()
    }

    /// How often somebody connected, whether or not a request came.
    pub(crate) fn connections(&self) -> usize {
        self.seen.connections.load(Ordering::SeqCst)
    }

    /// Waits until the other side hung up on an endless answer, and says how many bytes could be sent.
    pub(crate) async fn sent_until_hung_up(&self) -> usize {
        tokio::time::timeout(Duration::from_secs(20), self.seen.hung_up.notified())
            .await
            .expect("somebody still reads");
        self.seen.sent.load(Ordering::SeqCst)
    }
}

fn acceptor() -> TlsAcceptor {
    let certificate = CertificateDer::from(include_bytes!("certificates/server.der").to_vec());
    let key = PrivatePkcs8KeyDer::from(include_bytes!("certificates/server-key.der").to_vec());
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], PrivateKeyDer::Pkcs8(key))
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

async fn accept(listener: TcpListener, tls: Option<TlsAcceptor>, seen: Arc<Seen>, reply: Answers) {
    let mut tasks = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        seen.connections.fetch_add(1, Ordering::SeqCst);
        let (tls, seen, reply) = (tls.clone(), Arc::clone(&seen), Arc::clone(&reply));
        tasks.spawn(async move {
            match tls {
                None => serve(stream, &seen, &reply).await,
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, &seen, &reply).await;
                    }
                }
            }
        });
    }
}

async fn serve(mut stream: impl AsyncRead + AsyncWrite + Unpin, seen: &Seen, reply: &Answers) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let (first, rest) = head.split_once("\r\n").unwrap();
    let path = first.split(' ').nth(1).unwrap().to_owned();
    let told = format!("{first}\r\n{}", rest.to_lowercase());
    seen.heads.lock().unwrap().push(told);
    match reply(&path) {
        Reply::Whole(text) => {
            let _ = stream.write_all(text.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
        Reply::Endless(first, more, pause) => {
            let mut part = first;
            while stream.write_all(part.as_bytes()).await.is_ok() {
                seen.sent.fetch_add(part.len(), Ordering::SeqCst);
                part.clone_from(&more);
                tokio::time::sleep(pause).await;
            }
            seen.hung_up.notify_one();
        }
        Reply::Silence => std::future::pending().await,
    }
}
