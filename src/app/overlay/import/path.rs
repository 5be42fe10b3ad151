//! The state of path completion in the input field of an import.

use crate::engine::effect::RequestId;

/// The state of a completion.
#[derive(Clone, Debug, Default)]
pub struct Completing {
    /// The pending request for the names in the folder.
    pub(in crate::app) request: Option<RequestId>,
    /// The names to choose from, if there are several.
    pub names: Vec<String>,
}
