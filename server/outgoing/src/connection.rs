//! One connection for one request: HTTP/1.1 and nothing around it. No proxy, no cookies, no unpacking, no second try and no
//! names, so that nothing but what the client says decides where it goes and what is sent.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use http_body_util::Full;
use hyper::{
    Response,
    body::{Bytes, Incoming},
    client::conn::http1::{self, SendRequest},
    header::{ACCEPT, CONNECTION, HOST, HeaderMap, HeaderValue, USER_AGENT},
};
use hyper_util::rt::TokioIo;
use rustls::{ClientConfig, pki_types::ServerName};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
    task::JoinSet,
};
use tokio_rustls::TlsConnector;

use crate::{OutgoingError, OutgoingUrl, Request};

/// Names us to those who are asked, and nothing more of us than that.
const OURSELVES: HeaderValue = HeaderValue::from_static("Stoa");
const CLOSE: HeaderValue = HeaderValue::from_static("close");
const MAX_HEADERS: usize = 64;
/// The most that is held of an answer before it is taken: what all its headers may weigh, in bytes.
const MAX_HEAD_BYTES: usize = 64 * 1024;

/// Ends when it is dropped, whatever the other side still sends.
pub(crate) struct Connection {
    sender: SendRequest<Full<Bytes>>,
    _driver: JoinSet<()>,
}

trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Connection {
    /// To the first of the addresses that takes it, each for its share of the time; with TLS, for the host's name, unless
    /// the address is `http`.
    pub(crate) async fn open(
        url: &OutgoingUrl,
        to: &[SocketAddr],
        within: Duration,
        tls: &Arc<ClientConfig>,
    ) -> Result<Self, OutgoingError> {
        let unreachable = || OutgoingError::Unreachable { host: url.host() };
        let stream = reach(to, within).await.ok_or_else(unreachable)?;
        let stream: Box<dyn Stream> = if url.target().plain {
            Box::new(stream)
        } else {
            Box::new(encrypt(stream, url, tls).await?)
        };
        let (sender, driver) = http1::Builder::new()
            .max_headers(MAX_HEADERS)
            .max_buf_size(MAX_HEAD_BYTES)
            .handshake(TokioIo::new(stream))
            .await
            .or(Err(unreachable()))?;
        let mut tasks = JoinSet::new();
        // What goes wrong on it is told to who waits for the answer.
        tasks.spawn(async move { drop(driver.await) });
        Ok(Self {
            sender,
            _driver: tasks,
        })
    }

    /// Sends the request; with the caller's headers where the host is the one that they were given for.
    pub(crate) async fn ask(
        &mut self,
        request: &Request,
        url: &OutgoingUrl,
        at_home: bool,
    ) -> Result<Response<Incoming>, OutgoingError> {
        let broken = || OutgoingError::Broken { host: url.host() };
        let mut asked = hyper::Request::new(Full::new(request.body.clone()));
        *asked.method_mut() = request.method.clone();
        *asked.uri_mut() = url.path().or(Err(broken()))?;
        *asked.headers_mut() = if at_home {
            request.headers.clone()
        } else {
            HeaderMap::new()
        };
        let host = HeaderValue::from_str(url.authority()).or(Err(broken()))?;
        let ours = [(HOST, host), (USER_AGENT, OURSELVES), (CONNECTION, CLOSE)];
        let accept = request.accept.clone().map(|accept| (ACCEPT, accept));
        asked.headers_mut().extend(ours.into_iter().chain(accept));
        self.sender.send_request(asked).await.or(Err(broken()))
    }
}

async fn reach(to: &[SocketAddr], within: Duration) -> Option<TcpStream> {
    let share = within / u32::try_from(to.len()).unwrap_or(u32::MAX).max(1);
    for address in to {
        if let Ok(Ok(stream)) = tokio::time::timeout(share, TcpStream::connect(address)).await {
            return Some(stream);
        }
    }
    None
}

async fn encrypt(
    stream: TcpStream,
    url: &OutgoingUrl,
    tls: &Arc<ClientConfig>,
) -> Result<impl Stream + use<>, OutgoingError> {
    let (host, target) = (url.host(), url.target());
    let name = match target.address {
        Some(address) => ServerName::from(address),
        None => match ServerName::try_from(target.host.trim_end_matches('.').to_owned()) {
            Ok(name) => name,
            Err(_) => return Err(OutgoingError::Tls { host }),
        },
    };
    let encrypted = TlsConnector::from(Arc::clone(tls)).connect(name, stream).await;
    encrypted.map_err(|error| match error.get_ref() {
        Some(inner) if inner.is::<rustls::Error>() => OutgoingError::Tls { host },
        _ => OutgoingError::Unreachable { host },
    })
}
