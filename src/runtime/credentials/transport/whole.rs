//! Accepts a response only if it is complete. The SDK's parsers mistake the start of a document for the whole, so they
//! would read a truncated list as an empty one, and the truncated error code `Throttli` as a refusal.

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
    /// The response or the connection ended before the root element was closed.
    #[error("the response ({status}) was truncated")]
    Cut {
        /// The HTTP status.
        status: u16,
    },
    /// The response is a success without a body, which no operation returns.
    #[error("the response ({status}) was empty")]
    Empty {
        /// The HTTP status.
        status: u16,
    },
    /// The response is larger than any that the service sends.
    #[error(
        "the response ({status}) is larger than {}, more than CloudFront ever sends; a proxy may have replaced it",
        limit::in_words(*.bytes)
    )]
    TooLarge {
        /// The HTTP status.
        status: u16,
        /// The size limit for the response, in bytes.
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
    /// Converts the rejection to a connector error. The SDK retries the request after a truncated or empty response, as
    /// after a lost connection, but not after one that is too large, because the next response would be too large as
    /// well.
    fn into_connector(self) -> ConnectorError {
        match self {
            Self::Cut { .. } | Self::Empty { .. } => ConnectorError::io(self.into()),
            Self::TooLarge { .. } => ConnectorError::other(self.into(), None),
        }
    }
}

/// Reads the whole body, checks that it is complete, and puts it back into the response.
async fn whole(response: &mut HttpResponse, bytes: usize) -> Result<(), Unfinished> {
    let status = response.status().as_u16();
    let body = read(std::mem::replace(response.body_mut(), SdkBody::empty()), status, bytes).await?;
    match Document::of(&body) {
        // A refusal without a body is accepted, because no error code can have been cut off.
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
