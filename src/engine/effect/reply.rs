//! The replies from the outside world.

use super::call::Answer;
use super::files::{Exported, ListsAnswer, Unwritten};
use super::id::RequestId;
use super::ledger::LedgerContents;
use crate::domain::distribution::AccountId;
use crate::domain::edge::EdgeResponse;
use crate::domain::failure::Failure;
use crate::domain::import::Import;
use crate::domain::ledger_failure::LedgerFailure;
use crate::domain::login::LoginWay;
use crate::domain::submission::Scope;
use crate::engine::session::Who;

/// A reply from the outside world.
#[derive(Clone, Debug, PartialEq)]
pub enum Reply {
    /// The reply to [`super::Effect::PlanLogin`].
    LoginPlanned {
        /// The request.
        request: RequestId,
        /// How to log in, or why that could not be determined.
        result: Result<LoginWay, Failure>,
    },
    /// The reply to [`super::Effect::Connect`], [`super::Effect::LogIn`] and [`super::Effect::LogInByBrowser`].
    Connected {
        /// The request.
        request: RequestId,
        /// The identity, or why it could not be determined.
        result: Result<Scope, Failure>,
    },
    /// The reply to [`super::Effect::LookForLogin`].
    LookedForLogin {
        /// The request.
        request: RequestId,
        /// Whether any of the credential files has been written since the credentials were loaded.
        written: bool,
        /// Whether any of the credential files has been written since the profiles were listed.
        list_is_old: bool,
    },
    /// The reply to [`super::Effect::Identify`].
    Identified {
        /// The request.
        request: RequestId,
        /// The account, if it could be determined.
        account: Option<AccountId>,
    },
    /// The reply to [`super::Effect::WhoAmI`].
    Who {
        /// The request.
        request: RequestId,
        /// The details of the identity; `None` without a connection.
        who: Option<Box<Who>>,
    },
    /// The reply to [`super::Effect::CloudFront`].
    CloudFront {
        /// The request.
        request: RequestId,
        /// The response, or how the call failed.
        result: Result<Answer, Failure>,
    },
    /// The reply to [`super::Effect::AskProfile`].
    ProfileAnswered {
        /// The request.
        request: RequestId,
        /// The profile's identity and the response, or why there is no response.
        result: Result<(Scope, Answer), Failure>,
    },
    /// The reply to [`super::Effect::Ledger`].
    Ledger {
        /// The request.
        request: RequestId,
        /// The contents if something was read, or the failure with its cause and the next step.
        result: Result<Option<Box<LedgerContents>>, LedgerFailure>,
    },
    /// The reply to [`super::Effect::Import`].
    Imported {
        /// The request.
        request: RequestId,
        /// The imported rows and what was skipped, or a sentence explaining why nothing was imported.
        result: Result<Import, String>,
    },
    /// The reply to [`super::Effect::ListFolder`].
    Folder {
        /// The request.
        request: RequestId,
        /// The sorted names, with a trailing `/` for folders, or a sentence explaining why the folder could not be
        /// read.
        result: Result<Vec<String>, String>,
    },
    /// The reply to [`super::Effect::Export`].
    Exported {
        /// The request.
        request: RequestId,
        /// The exported file, or why nothing was exported.
        result: Result<Exported, Unwritten>,
    },
    /// The reply to [`super::Effect::Lists`].
    Lists {
        /// The request.
        request: RequestId,
        /// The result, or a sentence describing the error.
        result: Result<ListsAnswer, String>,
    },
    /// The reply to [`super::Effect::VisitEdge`].
    Visited {
        /// The request.
        request: RequestId,
        /// The edge response, or a sentence explaining why there is none.
        result: Result<EdgeResponse, String>,
    },
    /// The reply to [`super::Effect::EditText`].
    Edited {
        /// The request.
        request: RequestId,
        /// The edited text, or a sentence describing the error.
        result: Result<String, String>,
    },
}
