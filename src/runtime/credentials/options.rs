//! The options for loading a connection.

use std::collections::BTreeSet;

use crate::domain::mfa::MfaCode;
use crate::runtime::child::Terminal;
use crate::runtime::waits::Waits;

/// The choices from the command line and the configuration. All others come from the environment and the profile.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The profile that the user named.
    pub profile: Option<String>,
    /// The region. CloudFront is global, but requests are signed for a region.
    pub region: Option<String>,
    /// The endpoint to use instead of CloudFront.
    pub endpoint_url: Option<String>,
    /// The terminal access of programs that print credentials.
    pub terminal: Terminal,
    /// The profiles whose programs are known to prompt in the terminal.
    pub interactive: BTreeSet<String>,
    /// A code from an MFA device, for a role that needs one.
    pub code: Option<MfaCode>,
    /// Where the names of the steps in progress are reported.
    pub waits: Waits,
}
