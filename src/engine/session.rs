//! Who we are.

use crate::domain::failure::Failure;
use crate::domain::submission::Scope;

/// Who we are for AWS.
#[derive(Clone, Debug, PartialEq)]
pub enum Session {
    /// Profile and credentials are being loaded.
    Connecting,
    /// They are loaded.
    Connected(Scope),
    /// They cannot be used; the failure says what helps.
    Failed(Failure),
}

/// How a person calls an account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountLabel {
    /// A word or two, such as `PRODUCTION`.
    pub label: String,
    /// Whether it wears the colour of danger all the time.
    pub production: bool,
}
