//! The browser login overlay: the page to open in a browser on this or another machine, and the code to enter there.

use super::keys::{self, Keys};
use super::parts::Parts;

/// The state of the browser login overlay. The URL and the code are in the engine's `login`.
#[derive(Clone, Debug, Default)]
pub struct Browser {
    /// Why the last login failed.
    pub ended: Option<String>,
    /// The profile of the login, if it is not the current one.
    pub profile: Option<String>,
}

impl Parts for Browser {
    fn keys(&self) -> Keys {
        if self.ended.is_some() {
            keys::BROWSER_ENDED
        } else {
            keys::BROWSER
        }
    }
}
