//! What one client may hold: a bounded number of connections, each for as long as something moves on it.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use anyhow::{Context as _, Result};
use axum::Router;
use axum_server::{
    Handle,
    accept::{Accept, DefaultAcceptor},
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use kernel::limits;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Sleep, sleep},
};

/// How many connections there may be, and how long each may stand still.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowed {
    /// Connections at the same time; one more is closed at once.
    pub connections: usize,
    /// For the head of a request, the first one and every later one.
    pub head: Duration,
    /// For a client that takes nothing of what is sent.
    pub stalled: Duration,
    /// For the requests at hand when the platform is told to stop.
    pub last_requests: Duration,
}

impl Allowed {
    /// The usual times with a number of connections.
    pub(crate) const fn of(connections: usize) -> Self {
        Self {
            connections,
            head: Duration::from_secs(limits::HEAD_SECONDS),
            stalled: Duration::from_secs(limits::STALLED_SECONDS),
            last_requests: Duration::from_secs(limits::LAST_REQUESTS_SECONDS),
        }
    }
}

/// Serves until `stopped`; requests at hand are finished, though not for ever.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    tls: Option<RustlsConfig>,
    allowed: Allowed,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> Result<()> {
    let handle = Handle::new();
    let stopping = handle.clone();
    let stop = tokio::spawn(async move {
        stopped.await;
        stopping.graceful_shutdown(Some(allowed.last_requests));
    });
    let server =
        axum_server::from_tcp(listener.into_std()?)?.handle(handle).first_request_timeout(allowed.head);
    let mut server =
        server.accept_error_handler(|_, error| tracing::debug!(%error, "a connection was not taken"));
    server.http_builder().http1().header_read_timeout(allowed.head);
    server.http_builder().http2().keep_alive_interval(allowed.head).keep_alive_timeout(allowed.head);
    let service = router.into_make_service_with_connect_info::<SocketAddr>();
    let bounded = Bounded { places: Arc::new(Semaphore::new(allowed.connections)), stalled: allowed.stalled };
    let served = match tls {
        Some(config) => server.acceptor(RustlsAcceptor::new(config).acceptor(bounded)).serve(service).await,
        None => server.http1_only().acceptor(bounded).serve(service).await,
    };
    stop.abort();
    served.context("serving ended")
}

/// Takes connections while there is a place.
#[derive(Clone)]
struct Bounded {
    places: Arc<Semaphore>,
    stalled: Duration,
}

impl<S> Accept<TcpStream, S> for Bounded
where
    DefaultAcceptor: Accept<TcpStream, S>,
{
    type Stream = Held;
    type Service = S;
    type Future = std::future::Ready<io::Result<(Held, S)>>;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        // Closed at once rather than left waiting: a waiting one would hold a file of the process all the same.
        let place = Arc::clone(&self.places).try_acquire_owned();
        std::future::ready(match place {
            Ok(place) => Ok((Held::new(stream, self.stalled, Some(place)), service)),
            Err(_) => Err(io::Error::other("there are too many connections")),
        })
    }
}

/// A connection with its place, given up when the other side takes nothing for too long.
struct Held<I = TcpStream> {
    inner: I,
    stalled: Duration,
    /// Runs while something waits to be taken.
    waiting: Option<Pin<Box<Sleep>>>,
    _place: Option<OwnedSemaphorePermit>,
}

impl<I> Held<I> {
    const fn new(inner: I, stalled: Duration, place: Option<OwnedSemaphorePermit>) -> Self {
        Self { inner, stalled, waiting: None, _place: place }
    }

    fn patiently<T>(&mut self, context: &mut Context<'_>, done: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if done.is_ready() {
            self.waiting = None;
            return done;
        }
        let stalled = self.stalled;
        let waiting = self.waiting.get_or_insert_with(|| Box::pin(sleep(stalled)));
        if waiting.as_mut().poll(context).is_pending() {
            return Poll::Pending;
        }
        Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "the other side takes nothing")))
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Held<I> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, into)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Held<I> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.patiently(context, done)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let done = Pin::new(&mut self.inner).poll_write_vectored(context, pieces);
        self.patiently(context, done)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
#[path = "connections_tests.rs"]
mod tests;
