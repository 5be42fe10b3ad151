//! The loopback server, which carries out outcomes over HTTP/1.1.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener as StdListener};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Response};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, Limited, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use super::message::{Outcome, Reply, Request};
use super::{Emulator, api};

/// The maximum body size. It exceeds 3,000 items of 4,000 characters, so a larger body is not a real batch.
const MAX_BODY: usize = 16 << 20;

type Body = UnsyncBoxBody<Bytes, io::Error>;

/// A bound socket that does not accept connections yet.
#[derive(Debug)]
pub struct Listening {
    listener: StdListener,
    address: SocketAddr,
}

/// Binds to 127.0.0.1; port 0 selects a free port. This needs no async runtime.
///
/// # Errors
/// If the port is taken, or if binding to it is not allowed.
pub fn bind(port: u16) -> io::Result<Listening> {
    let listener = StdListener::bind((Ipv4Addr::LOCALHOST, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok(Listening { listener, address })
}

impl Listening {
    /// Returns the bound port.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// Returns the URL to use as the endpoint.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Serves requests until `shutdown` completes; connections that are still open at that time are dropped.
    ///
    /// # Errors
    /// If the socket cannot be passed to the runtime. A connection that fails does not affect the others.
    pub async fn serve(self, emulator: Arc<Emulator>, shutdown: impl Future<Output = ()>) -> io::Result<()> {
        let listener = TcpListener::from_std(self.listener)?;
        let mut connections = JoinSet::new();
        tokio::pin!(shutdown);
        loop {
            tokio::select! {
                () = &mut shutdown => return Ok(()),
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => { connections.spawn(converse(stream, Arc::clone(&emulator))); }
                    // Either no file descriptors are left, or the client has already disconnected. Other clients must
                    // still be served.
                    Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
                },
                Some(_) = connections.join_next() => {}
            }
        }
    }
}

async fn converse(stream: TcpStream, emulator: Arc<Emulator>) {
    // Small responses must not wait for the acknowledgment of earlier ones.
    let _ = stream.set_nodelay(true);
    let service = service_fn(|request| answer(&emulator, request));
    // An error here means that the client disconnected, or that a fault dropped the connection.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn answer(emulator: &Emulator, request: http::Request<Incoming>) -> io::Result<Response<Body>> {
    let (parts, body) = request.into_parts();
    let Ok(body) = Limited::new(body, MAX_BODY).collect().await else {
        return Ok(whole(api::too_large(now())));
    };
    let request = Request::from(http::Request::from_parts(parts, body.to_bytes()));
    play(emulator.handle(&request, now())).await
}

/// Returns the current time, even if the clock is set before 1970.
fn now() -> DateTime<Utc> {
    SystemTime::now().into()
}

/// Carries out an outcome. An error closes the connection without a response, so `Outcome::Drop` returns an error.
async fn play(mut outcome: Outcome) -> io::Result<Response<Body>> {
    while let Outcome::Delayed { by, then } = outcome {
        tokio::time::sleep(by).await;
        outcome = *then;
    }
    match outcome {
        Outcome::Reply(reply) => Ok(whole(reply)),
        Outcome::Drop => Err(io::ErrorKind::ConnectionAborted.into()),
        Outcome::Hang | Outcome::Delayed { .. } => std::future::pending().await,
        Outcome::Cut { reply, after } => Ok(cut(reply, after)),
        Outcome::Slow { reply, chunk, pause } => Ok(slow(reply, chunk, pause)),
    }
}

fn whole(reply: Reply) -> Response<Body> {
    let body = |bytes| {
        Full::new(bytes)
            .map_err(|never: Infallible| match never {})
            .boxed_unsync()
    };
    Response::from(reply).map(body)
}

fn cut(reply: Reply, after: usize) -> Response<Body> {
    let announced = reply.body.len();
    let part = reply.body.slice(..after.min(announced));
    let pieces = stream::unfold(Some(part), |part| async {
        let Some(part) = part else {
            // Yields so that the connection can send the remaining bytes before the error ends it.
            tokio::task::yield_now().await;
            return Some((Err(io::ErrorKind::ConnectionAborted.into()), None));
        };
        Some((Ok(Frame::data(part)), None))
    });
    announce(reply, announced, StreamBody::new(pieces).boxed_unsync())
}

fn slow(reply: Reply, chunk: usize, pause: Duration) -> Response<Body> {
    let announced = reply.body.len();
    let chunk = chunk.max(1);
    let pieces = stream::unfold(reply.body.clone(), move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(chunk.min(rest.len()));
        Some((Ok(Frame::data(piece)), rest))
    });
    announce(reply, announced, StreamBody::new(pieces).boxed_unsync())
}

fn announce(reply: Reply, length: usize, body: Body) -> Response<Body> {
    let mut response = Response::from(reply).map(|_| body);
    response.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from(length));
    response
}
