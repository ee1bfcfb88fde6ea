//! Takes connections: at most so many, none that stays silent or does not read what it asked for.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use axum::{Router, body::Body, extract::ConnectInfo};
use domain::access::accounts::network_of;
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;
use tokio_util::{sync::CancellationToken, task::TaskTracker};
use tower::Service;

use crate::counts::Counts;

/// After the system refused to hand out a connection: it may have no files left just now.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(100);

/// How many connections may be open, and how long one may stay silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// Open at once.
    pub at_once: usize,
    /// Of these from one address.
    pub of_one_address: usize,
    /// From the beginning of a connection, or from the last answer on it, to the end of the next request's headers; and
    /// how long the other side may leave what it is sent unread.
    pub silence: Duration,
}

/// Serves until told to stop, then until every request that is under way has ended.
pub async fn serve_connections(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    stop: CancellationToken,
) {
    let (open, places) = (TaskTracker::new(), Arc::new(Semaphore::new(limits.at_once)));
    let addresses = Counts::default();
    loop {
        let taken = tokio::select! {
            () = stop.cancelled() => break,
            taken = next(&listener, &places) => taken,
        };
        let Some((stream, peer, place)) = taken else {
            tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            continue;
        };
        // Who has too many open already is hung up on; others go on.
        let Some(counted) = addresses.enter(network_of(peer.ip()), limits.of_one_address) else {
            continue;
        };
        let (router, stop) = (router.clone(), stop.clone());
        if let Err(error) = stream.set_nodelay(true) {
            // Two writes of a streamed page then wait for each other's acknowledgement, 40 ms each.
            tracing::debug!(
                error = domain::trace::cause(&error),
                "a connection keeps its delay"
            );
        }
        open.spawn(async move {
            converse(stream, peer, router, limits.silence, stop).await;
            drop((place, counted));
        });
    }
    open.close();
    open.wait().await;
}

async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!(
                error = domain::trace::cause(&error),
                "a connection could not be taken"
            );
            None
        }
    }
}

async fn converse<S>(stream: S, peer: SocketAddr, router: Router, silence: Duration, stop: CancellationToken)
where
    S: AsyncRead + AsyncWrite,
{
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(silence));
    let asked = Arc::new(AtomicBool::new(false));
    let was_asked = Arc::clone(&asked);
    let service = tower::service_fn(move |request: http::Request<Incoming>| {
        was_asked.store(true, Ordering::Relaxed);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        router.clone().call(request)
    });
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(silence);
    let connection = http.serve_connection(TokioIo::new(Box::pin(stream)), TowerToHyperService::new(service));
    let mut connection = std::pin::pin!(connection);
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        // One on which nothing was asked yet would be waited for until its silence is over: nothing is under way on it.
        () = stop.cancelled() => if asked.load(Ordering::Relaxed) {
            connection.as_mut().graceful_shutdown();
            connection.await
        } else {
            return;
        }
    };
    if let Err(error) = ended {
        tracing::debug!(error = domain::trace::cause(&error), "a connection broke off");
    }
}

#[cfg(test)]
mod tests;
