//! Codes from MFA devices: six digits that can be used once, within half a minute.

use std::fmt;

/// A code as the user typed it. Neither `Debug` nor anything else prints it.
#[derive(Clone, PartialEq, Eq)]
pub struct MfaCode(String);

/// The number of digits of a code.
pub const DIGITS: usize = 6;

impl MfaCode {
    /// Creates a code from text, ignoring the spaces that some devices display. Returns `None` if the text is not a
    /// code.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        let is_code = digits.len() == DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_code.then_some(Self(digits))
    }

    /// Returns the digits, which must be sent only to STS.
    #[must_use]
    pub fn digits(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for MfaCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MfaCode")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn six_digits_are_a_code_which_is_never_shown() {
        for text in ["123456", " 123 456\n"] {
            let code = MfaCode::new(text);
            assert_eq!(code.as_ref().map(MfaCode::digits), Some("123456"), "{text:?}");
            assert!(!format!("{code:?}").contains("123"));
        }
        for text in ["", "12345", "1234567", "12345a", "１２３４５６"] {
            assert_eq!(MfaCode::new(text), None, "{text:?}");
        }
    }
}
