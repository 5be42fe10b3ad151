//! What waits: pages and overlays to open automatically, and the end of the program.

use crate::domain::distribution::Target;
use crate::domain::failure::CodeNeeded;
use crate::domain::target::TypedTarget;

/// Something to open automatically, which the user did not just ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Want {
    /// Ask about what an earlier run or a long sleep left.
    AskAboutLeftOver,
    /// Ask for a code of an MFA device.
    AskForCode(CodeNeeded),
    /// Open the target from the command line.
    Open(TypedTarget, Target),
}

/// A requested end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ending {
    /// The exit code.
    pub(super) code: u8,
    /// Whether the user requested it, and may change their mind.
    pub(super) by_hand: bool,
}
