//! Accepts a response only if it is complete: the SDK's parsers mistake the start of a document for the whole, so a
//! truncated list would become an empty list, and `Throttli` a refusal.

use aws_sdk_cloudfront::config::{HttpClient, RuntimeComponents};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;

use super::document::Document;
use super::limit;

/// The reason why a response was rejected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unfinished {
    /// The response, or the connection, ended before its root element did.
    #[error("the response ({status}) was truncated")]
    Cut {
        /// The HTTP status.
        status: u16,
    },
    /// The response is a success without a body, which no operation has.
    #[error("the response ({status}) was empty")]
    Empty {
        /// The HTTP status.
        status: u16,
    },
    /// The response is larger than any that the service sends.
    #[error(
        "the response ({status}) is larger than {}; CloudFront sends less. A proxy may be replacing it",
        limit::in_words(*.bytes)
    )]
    TooLarge {
        /// The HTTP status.
        status: u16,
        /// The maximum number of bytes that would have been read.
        bytes: usize,
    },
}

/// An HTTP client that only delivers complete responses.
#[derive(Debug)]
pub(super) struct WholeResponses<T>(pub(super) T);

impl HttpClient for WholeResponses<SharedHttpClient> {
    fn http_connector(&self, settings: &HttpConnectorSettings, components: &RuntimeComponents) -> SharedHttpConnector {
        SharedHttpConnector::new(WholeResponses(self.0.http_connector(settings, components)))
    }
}

impl HttpConnector for WholeResponses<SharedHttpConnector> {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (method, uri) = (request.method().to_owned(), request.uri().to_owned());
        let operation = request.headers().get("x-amz-target").map(str::to_owned);
        let response = self.0.call(request);
        HttpConnectorFuture::new(async move {
            let mut response = response.await?;
            let status = response.status().as_u16();
            let bytes = limit::of(&method, &uri, operation.as_deref(), status);
            whole(&mut response, bytes).await.map_err(Unfinished::into_connector)?;
            Ok(response)
        })
    }
}

impl Unfinished {
    /// Converts to an error. If the response was truncated, the SDK retries the request, as after a lost connection;
    /// if it was too large, it does not, because the next response would be too large as well.
    fn into_connector(self) -> ConnectorError {
        match self {
            Self::Cut { .. } | Self::Empty { .. } => ConnectorError::io(self.into()),
            Self::TooLarge { .. } => ConnectorError::other(self.into(), None),
        }
    }
}

/// Reads the body to its end and puts it back.
async fn whole(response: &mut HttpResponse, bytes: usize) -> Result<(), Unfinished> {
    let status = response.status().as_u16();
    let body = read(std::mem::replace(response.body_mut(), SdkBody::empty()), status, bytes).await?;
    match Document::of(&body) {
        // A refusal without a body has no code: nothing important is missing.
        Document::Cut if !body.trim_ascii().is_empty() => return Err(Unfinished::Cut { status }),
        Document::Cut if (200..300).contains(&status) => return Err(Unfinished::Empty { status }),
        Document::Cut | Document::Whole(_) | Document::Foreign => {}
    }
    *response.body_mut() = SdkBody::from(body);
    Ok(())
}

async fn read(mut body: SdkBody, status: u16, bytes: usize) -> Result<Bytes, Unfinished> {
    let mut whole = BytesMut::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|_| Unfinished::Cut { status })?;
        if let Ok(data) = frame.into_data() {
            if whole.len() + data.len() > bytes {
                return Err(Unfinished::TooLarge { status, bytes });
            }
            whole.extend_from_slice(&data);
        }
    }
    Ok(whole.freeze())
}
