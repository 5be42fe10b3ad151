//! Validates input that becomes part of a header or a URL before it is used, because the SDK panics on invalid values.
//! Messages describe the mistake and never contain the value.

use aws_credential_types::Credentials;
use aws_credential_types::attributes::AccountId;

/// The maximum length of a key id. AWS key ids have at most 128 characters, but other servers accept longer ones.
const LONGEST_ID: usize = 1024;

/// The maximum length of a secret. AWS secrets have 40 characters.
const LONGEST_SECRET: usize = 1024;

/// The maximum length of a session token. AWS documents no limit; tokens of up to 4,000 characters have been seen.
const LONGEST_TOKEN: usize = 32 * 1024;

/// The maximum length of any other value. An ARN, for example, has at most 2,048 characters.
const LONGEST_VALUE: usize = 2048;

/// What a value is used for, which determines the characters it may contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Use {
    /// The id of an access key.
    KeyId,
    /// A secret access key. It is not part of a request, and any text works as a signing key.
    Secret,
    /// A session token.
    Token,
    /// A name, an id, an ARN or a URL.
    Value,
}

impl Use {
    fn longest(self) -> usize {
        match self {
            Self::KeyId => LONGEST_ID,
            Self::Secret => LONGEST_SECRET,
            Self::Token => LONGEST_TOKEN,
            Self::Value => LONGEST_VALUE,
        }
    }

    fn takes(self, character: char) -> bool {
        match self {
            Self::KeyId | Self::Token => character.is_ascii_graphic(),
            Self::Secret | Self::Value => !character.is_control(),
        }
    }
}

/// Checks whether a value can be used.
///
/// # Errors
/// A phrase that describes the mistake and follows the value's name in a sentence.
pub(super) fn value(text: &str, use_: Use) -> Result<(), String> {
    let longest = use_.longest();
    if text.len() > longest {
        return Err(format!("has more than {longest} characters"));
    }
    let wrong = text.chars().enumerate().find(|(_, character)| !use_.takes(*character));
    wrong.map_or(Ok(()), |(place, character)| {
        Err(format!("contains {} at position {}", in_words(character), place + 1))
    })
}

fn in_words(character: char) -> String {
    match character {
        ' ' => "a space".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        control if control.is_control() => format!("a control character (U+{:04X})", u32::from(control)),
        _ => "a non-ASCII character".to_owned(),
    }
}

/// Checks whether these credentials can be used.
///
/// # Errors
/// A phrase that names the invalid part and describes what is wrong with it.
pub(super) fn keys(keys: &Credentials) -> Result<(), String> {
    let parts = [
        ("the access key ID", Some(keys.access_key_id()), Use::KeyId),
        ("the secret access key", Some(keys.secret_access_key()), Use::Secret),
        ("the session token", keys.session_token(), Use::Token),
        ("the account ID", keys.account_id().map(AccountId::as_str), Use::Value),
    ];
    for (name, text, use_) in parts {
        value(text.unwrap_or_default(), use_).map_err(|wrong| format!("{name} {wrong}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_told_and_never_the_value() {
        for (text, use_, wrong) in [
            (
                "AKIA\u{1}X",
                Use::KeyId,
                "contains a control character (U+0001) at position 5",
            ),
            ("AKIA X", Use::KeyId, "contains a space at position 5"),
            ("to\nken", Use::Token, "contains a line break at position 3"),
            ("tokén", Use::Token, "contains a non-ASCII character at position 4"),
            (
                "s\u{7f}",
                Use::Secret,
                "contains a control character (U+007F) at position 2",
            ),
        ] {
            assert_eq!(value(text, use_), Err(wrong.to_owned()));
        }
        assert_eq!(
            value(&"a".repeat(1025), Use::KeyId),
            Err("has more than 1024 characters".to_owned())
        );
        assert_eq!(value("my secret é", Use::Secret), Ok(()));
        assert_eq!(value("", Use::Token), Ok(()));
    }
}
