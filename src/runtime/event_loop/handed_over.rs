//! The program that has the terminal: an editor or a login.

use std::pin::Pin;

use crate::domain::failure::Failure;
use crate::domain::submission::Scope;
use crate::engine::effect::{Reply, RequestId};

/// A future that returns the identity, or the reason it could not be determined.
pub type LoggingIn = Pin<Box<dyn Future<Output = Result<Scope, Failure>> + Send>>;

/// A future that returns the edited text, or a sentence for the user if the edit failed and the text is unchanged.
pub type Edited = Pin<Box<dyn Future<Output = Result<String, String>>>>;

/// The program that has the terminal, with the future that returns its result.
pub enum HandedOver {
    /// An editor that was opened for this request.
    Editor(RequestId, Edited),
    /// A login that was started for this request.
    LogIn(RequestId, LoggingIn),
}

/// Waits for the result of the program that has the terminal, if there is one.
pub(super) async fn end_of(handed_over: &mut Option<HandedOver>) -> Reply {
    match handed_over {
        Some(HandedOver::Editor(request, edited)) => Reply::Edited {
            request: *request,
            result: edited.as_mut().await,
        },
        Some(HandedOver::LogIn(request, logging_in)) => Reply::Connected {
            request: *request,
            result: logging_in.as_mut().await,
        },
        None => std::future::pending().await,
    }
}

/// Replaces the result of an edit with an error if the terminal could not be taken back.
pub(super) fn without_terminal(reply: Reply, taken: Result<(), String>) -> Reply {
    match (reply, taken) {
        (Reply::Edited { request, .. }, Err(sentence)) => Reply::Edited {
            request,
            result: Err(sentence),
        },
        (reply, _) => reply,
    }
}
