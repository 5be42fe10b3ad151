//! The overlay that asks for an MFA code, for a role that cannot be assumed without one.

use tui_input::Input;

use super::keys::{self, Keys};
use super::parts::Parts;
use crate::domain::mfa::DIGITS;

/// The state of the MFA code overlay.
#[derive(Clone)]
pub struct CodeEntry {
    /// The typed code. It is masked on screen.
    pub input: Input,
    /// The MFA device as the profile names it.
    pub device: String,
    /// The profile that is being tried; `None` means the current profile.
    pub profile: Option<String>,
    /// What is wrong with the last code.
    pub mistake: Option<String>,
}

impl std::fmt::Debug for CodeEntry {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CodeEntry")
            .field("device", &self.device)
            .finish_non_exhaustive()
    }
}

impl Parts for CodeEntry {
    fn keys(&self) -> Keys {
        keys::CODE
    }

    fn field_mut(&mut self) -> Option<&mut Input> {
        Some(&mut self.input)
    }

    /// Keeps at most six digits, because a code consists of nothing else.
    fn edited(&mut self) {
        let digits = self.input.value().chars().filter(char::is_ascii_digit);
        let digits: String = digits.take(DIGITS).collect();
        if digits != self.input.value() {
            self.input = digits.into();
        }
        self.mistake = None;
    }
}
