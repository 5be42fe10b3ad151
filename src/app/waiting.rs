//! Pending work: pages and overlays to open automatically, and the requested exit.

use crate::domain::distribution::Target;
use crate::domain::failure::CodeNeeded;
use crate::domain::target::TypedTarget;

/// A page or overlay that opens automatically rather than at the user's request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// The question about unfinished work from an earlier run or from before a long sleep.
    AskAboutLeftOver,
    /// The prompt for an MFA code.
    AskForCode(CodeNeeded),
    /// The page of the target from the command line.
    Open(TypedTarget, Target),
}

/// A requested exit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    /// The exit code.
    pub(super) code: u8,
    /// Whether the user requested the exit and may therefore change their mind.
    pub(super) by_hand: bool,
}
