//! Connects the SDK to the emulator without a socket, so that a test can pause the clock: tokio's paused time runs
//! ahead of real sockets, and timeouts would expire while bytes are in transit.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use aws_sdk_cloudfront::config::{Credentials, HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::Bytes;
use futures_util::stream;
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Response};
use http_body_util::StreamBody;
use hyper::body::Frame;
use invalidash::emulator::{Emulator, Outcome, Reply, Request};
use invalidash::runtime::clock::ServiceClock;
use invalidash::runtime::cloudfront::CloudFront;
use invalidash::runtime::credentials::Connection;
use invalidash::runtime::edge::Edge;

use super::clock::Clock;

/// Where the emulator is said to be. An address, since a name could be that of a site at its edge.
pub(crate) const ENDPOINT: &str = "http://127.0.0.1:4566";

/// Plays an emulator's outcomes to the SDK, in the same process and on the same clock.
#[derive(Clone, Debug)]
pub(crate) struct InProcess {
    emulator: Arc<Emulator>,
    clock: Clock,
}

impl InProcess {
    pub(crate) fn new(emulator: Arc<Emulator>, clock: Clock) -> Self {
        Self { emulator, clock }
    }

    /// A connection that reaches the emulator so.
    pub(crate) fn connection(&self) -> Connection {
        Connection::demo(ENDPOINT)
            .over(self.clone())
            .timed_by(ServiceClock::of(self.clock))
    }

    /// A connection that reaches the emulator so, by a profile.
    pub(crate) fn connection_of(&self, profile: &str) -> Connection {
        let keys = Credentials::new("demo", "demo", None, None, "demo");
        Connection::with_keys(ENDPOINT, profile, keys)
            .over(self.clone())
            .timed_by(ServiceClock::of(self.clock))
    }

    /// The emulator's edge, asked as a viewer does.
    pub(crate) fn edge(&self) -> Edge {
        let Self { emulator, clock } = self.clone();
        Edge::of_visitor(Arc::new(move |request| {
            let emulator = Arc::clone(&emulator);
            Box::pin(async move {
                let request = request.map(|()| Bytes::new()).into();
                visited(emulator.handle(&request, clock.now())).await
            })
        }))
    }

    /// The adapter under test, before this emulator.
    pub(crate) fn cloudfront(&self) -> CloudFront {
        CloudFront::new(self.connection())
    }
}

impl HttpClient for InProcess {
    fn http_connector(&self, _: &HttpConnectorSettings, _: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(self.clone())
    }
}

impl HttpConnector for InProcess {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let Self { emulator, clock } = self.clone();
        HttpConnectorFuture::new(async move {
            let request = read(request)?;
            play(emulator.handle(&request, clock.now())).await
        })
    }
}

/// What a viewer gets; anything but an answer is a line that broke.
async fn visited(mut outcome: Outcome) -> Result<Response<Bytes>, String> {
    while let Outcome::Delayed { by, then } = outcome {
        tokio::time::sleep(by).await;
        outcome = *then;
    }
    match outcome {
        Outcome::Reply(reply) => Ok(Response::from(reply)),
        Outcome::Hang => std::future::pending().await,
        Outcome::Drop | Outcome::Delayed { .. } | Outcome::Cut { .. } | Outcome::Slow { .. } => {
            Err("no response: connection reset".to_owned())
        }
    }
}

fn read(request: HttpRequest) -> Result<Request, ConnectorError> {
    let request = request
        .try_into_http1x()
        .map_err(|error| ConnectorError::user(error.into()))?;
    Ok(request
        .map(|body| body.bytes().map(Bytes::copy_from_slice).unwrap_or_default())
        .into())
}

/// What hyper would make of it: a connection that closes is an I/O error, and so is a body that ends early.
async fn play(mut outcome: Outcome) -> Result<HttpResponse, ConnectorError> {
    while let Outcome::Delayed { by, then } = outcome {
        tokio::time::sleep(by).await;
        outcome = *then;
    }
    match outcome {
        Outcome::Reply(reply) => answer(Response::from(reply).map(SdkBody::from)),
        Outcome::Drop => Err(ConnectorError::io(
            io::Error::from(io::ErrorKind::ConnectionReset).into(),
        )),
        Outcome::Hang | Outcome::Delayed { .. } => std::future::pending().await,
        Outcome::Cut { reply, after } => cut(reply, after),
        Outcome::Slow { reply, chunk, pause } => slow(reply, chunk, pause),
    }
}

fn cut(reply: Reply, after: usize) -> Result<HttpResponse, ConnectorError> {
    let part = reply.body.slice(..after.min(reply.body.len()));
    let broken = io::Error::from(io::ErrorKind::UnexpectedEof);
    let pieces = stream::iter([Ok(Frame::data(part)), Err(broken)]);
    announced(reply, SdkBody::from_body_1_x(StreamBody::new(pieces)))
}

fn slow(reply: Reply, chunk: usize, pause: Duration) -> Result<HttpResponse, ConnectorError> {
    let chunk = chunk.max(1);
    let pieces = stream::unfold(reply.body.clone(), move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        tokio::time::sleep(pause).await;
        let piece = rest.split_to(chunk.min(rest.len()));
        Some((Ok::<_, io::Error>(Frame::data(piece)), rest))
    });
    // The SDK requires a body that can be shared between threads, which a stream of futures is not.
    announced(reply, SdkBody::from_body_1_x(StreamBody::new(sync(pieces))))
}

/// A stream behind a lock that is never contended: only one task reads a body.
fn sync<S>(pieces: S) -> impl futures_util::Stream<Item = S::Item> + Send + Sync + 'static
where
    S: futures_util::Stream + Send + 'static,
{
    let pieces = std::sync::Mutex::new(Box::pin(pieces));
    stream::poll_fn(move |context| {
        let mut pieces = pieces.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        pieces.as_mut().poll_next(context)
    })
}

fn announced(reply: Reply, body: SdkBody) -> Result<HttpResponse, ConnectorError> {
    let length = HeaderValue::from(reply.body.len());
    let mut response = Response::from(reply).map(|_| body);
    response.headers_mut().insert(CONTENT_LENGTH, length);
    answer(response)
}

fn answer(response: Response<SdkBody>) -> Result<HttpResponse, ConnectorError> {
    HttpResponse::try_from(response).map_err(|error| ConnectorError::other(error.into(), None))
}
