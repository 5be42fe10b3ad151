//! What waits: to be opened by itself, and for the end.

use crate::domain::distribution::Target;
use crate::domain::target::TypedTarget;

/// Something to be opened that a person did not ask for at this moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Ask about what an earlier run or a long sleep left.
    AskAboutLeftOver,
    /// Open the target that the command line named.
    Open(TypedTarget, Target),
}

/// The end that was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    /// The exit code.
    pub(super) code: u8,
    /// Whether a person asked for it, who may think better of it.
    pub(super) by_hand: bool,
}
