//! The unit of an invalidation: a path, a path with a trailing wildcard, or a cache tag.

use std::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::domain::encoding;

/// The maximum length of a path in characters of its wire form, including the leading slash.
pub const MAX_PATH: usize = 4_000;

/// The maximum length of a cache tag in characters, not counting the leading `#`.
pub const MAX_TAG: usize = 256;

/// The kind of objects that an item addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    /// One object, e.g. `/index.html`.
    Path,
    /// Every object whose path starts with the text before the `*`, e.g. `/en/*`.
    Wildcard,
    /// Every object with this cache tag, e.g. `#product:tv`.
    Tag,
}

impl ItemKind {
    /// Returns the kind of item that the text looks like, whether or not it is valid.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text.as_bytes() {
            [b'#', ..] => Self::Tag,
            [.., b'*'] => Self::Wildcard,
            _ => Self::Path,
        }
    }

    /// Returns the kind's word for machine-readable output.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Wildcard => "wildcard",
            Self::Tag => "tag",
        }
    }
}

/// One item in its wire form, as in `Paths.Items`.
///
/// Items that CloudFront is known to refuse cannot be constructed, because [`Item::from_wire`] is the only constructor.
/// It keeps the text byte for byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Item {
    wire: Box<str>,
}

/// The reason why text is not an item. The message names the remedy. The lint has more detailed messages for lines
/// typed by users.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ItemError {
    /// The text starts with neither `/` nor `#`.
    #[error("an item starts with / (a path) or # (a cache tag)")]
    Beginning,
    /// A `*` appears before the last character.
    #[error("* works only as the last character of a path")]
    InnerWildcard,
    /// The text contains a `~`, raw or encoded.
    #[error("a path with ~ cannot be invalidated: use a wildcard that stops before it")]
    Tilde,
    /// The text contains a character that must be percent-encoded.
    #[error("this path contains characters that must be percent-encoded")]
    NotEncoded,
    /// The path is longer than [`MAX_PATH`].
    #[error("a path has at most 4,000 characters")]
    TooLong,
    /// The tag does not consist of one to [`MAX_TAG`] printable ASCII characters other than space and comma.
    #[error("a cache tag is # followed by 1 to 256 printable ASCII characters, without spaces or commas")]
    TagFormat,
}

impl Item {
    /// Creates an item from text that is already in wire form.
    ///
    /// # Errors
    ///
    /// Returns [`ItemError`] if CloudFront is known to refuse the text or, for an encoded `~`, to accept and ignore it.
    pub fn from_wire(wire: &str) -> Result<Self, ItemError> {
        match wire.as_bytes() {
            [b'/', ..] => check_path(wire)?,
            [b'#', tag @ ..] => check_tag(tag)?,
            _ => return Err(ItemError::Beginning),
        }
        Ok(Self { wire: wire.into() })
    }

    /// Returns the item in its wire form, as it is sent.
    #[must_use]
    pub fn wire(&self) -> &str {
        &self.wire
    }

    /// Returns the kind of objects that the item addresses.
    #[must_use]
    pub fn kind(&self) -> ItemKind {
        ItemKind::of(&self.wire)
    }

    /// Returns the text before the `*` of a wildcard.
    #[must_use]
    pub fn prefix(&self) -> Option<&str> {
        match self.kind() {
            ItemKind::Wildcard => self.wire.strip_suffix('*'),
            ItemKind::Path | ItemKind::Tag => None,
        }
    }

    /// Returns whether this is `/*`, which clears every object of its target.
    #[must_use]
    pub fn is_whole_site(&self) -> bool {
        &*self.wire == "/*"
    }

    /// Returns whether the item clears an object with this path (and query string, if that is part of the cache key),
    /// written as viewers request it. A tag matches no path.
    #[must_use]
    pub fn matches(&self, path: &str) -> bool {
        match (self.kind(), self.prefix()) {
            (ItemKind::Path, _) => path == self.wire(),
            (ItemKind::Wildcard, Some(prefix)) => path.starts_with(prefix),
            (ItemKind::Wildcard | ItemKind::Tag, _) => false,
        }
    }

    /// Returns whether the item clears an object with this tag (without `#`). Tags are case-insensitive.
    #[must_use]
    pub fn matches_tag(&self, tag: &str) -> bool {
        self.wire
            .strip_prefix('#')
            .is_some_and(|own| own.eq_ignore_ascii_case(tag))
    }

    /// Describes what the item clears, for the review.
    #[must_use]
    pub fn reach(&self) -> String {
        match (self.kind(), self.prefix()) {
            (ItemKind::Wildcard, Some("/")) => "every object".to_owned(),
            (ItemKind::Wildcard, Some(prefix)) => format!("everything that starts with {prefix}"),
            (ItemKind::Tag, _) => "every object with this tag".to_owned(),
            (ItemKind::Path | ItemKind::Wildcard, _) => "this object".to_owned(),
        }
    }
}

impl fmt::Debug for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Item({})", self.wire)
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.wire)
    }
}

impl AsRef<str> for Item {
    fn as_ref(&self) -> &str {
        &self.wire
    }
}

fn check_path(wire: &str) -> Result<(), ItemError> {
    let bytes = wire.as_bytes();
    if bytes
        .iter()
        .position(|&byte| byte == b'*')
        .is_some_and(|at| at + 1 < bytes.len())
    {
        return Err(ItemError::InnerWildcard);
    }
    if has_tilde(bytes) {
        return Err(ItemError::Tilde);
    }
    if !encoding::is_wire(wire) {
        return Err(ItemError::NotEncoded);
    }
    if wire.len() > MAX_PATH {
        Err(ItemError::TooLong)
    } else {
        Ok(())
    }
}

fn check_tag(tag: &[u8]) -> Result<(), ItemError> {
    if is_tag(tag) { Ok(()) } else { Err(ItemError::TagFormat) }
}

/// Returns whether these characters, without the leading `#`, form a cache tag.
pub(crate) fn is_tag(tag: &[u8]) -> bool {
    (1..=MAX_TAG).contains(&tag.len()) && tag.iter().all(|&byte| is_tag_byte(byte))
}

pub(crate) const fn is_tag_byte(byte: u8) -> bool {
    matches!(byte, 33..=126) && byte != b','
}

fn has_tilde(bytes: &[u8]) -> bool {
    bytes.iter().enumerate().any(|(at, &byte)| match byte {
        b'~' => true,
        b'%' => encoding::escape_at(bytes, at) == Some(b'~'),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn item(wire: &str) -> Option<Item> {
        Item::from_wire(wire).ok()
    }

    #[test]
    fn only_what_cloudfront_takes_becomes_an_item() {
        let cases = [
            ("/", Ok(ItemKind::Path)),
            ("/*", Ok(ItemKind::Wildcard)),
            ("/a%20b?x=1*", Ok(ItemKind::Wildcard)),
            ("#a*", Ok(ItemKind::Tag)),
            ("##", Ok(ItemKind::Tag)),
            ("", Err(ItemError::Beginning)),
            ("a", Err(ItemError::Beginning)),
            ("/a*b", Err(ItemError::InnerWildcard)),
            ("/**", Err(ItemError::InnerWildcard)),
            ("/~a", Err(ItemError::Tilde)),
            ("/%7ea", Err(ItemError::Tilde)),
            ("/a b", Err(ItemError::NotEncoded)),
            ("/%", Err(ItemError::NotEncoded)),
            ("#", Err(ItemError::TagFormat)),
            ("#a b", Err(ItemError::TagFormat)),
            ("#é", Err(ItemError::TagFormat)),
        ];
        for (wire, expected) in cases {
            assert_eq!(Item::from_wire(wire).map(|item| item.kind()), expected, "{wire}");
        }
        assert!(item(&format!("/{}", "a".repeat(MAX_PATH - 1))).is_some());
        assert_eq!(
            Item::from_wire(&format!("/{}", "a".repeat(MAX_PATH))),
            Err(ItemError::TooLong)
        );
        assert!(item(&format!("#{}", "a".repeat(MAX_TAG))).is_some());
        assert!(item(&format!("#{}", "a".repeat(MAX_TAG + 1))).is_none());
    }

    #[test]
    fn a_wildcard_is_a_plain_prefix_and_an_exact_path_is_itself() {
        let hits = |wire: &str, path: &str| item(wire).is_some_and(|item| item.matches(path));
        assert!(hits("/dir/*", "/dir/sub/x") && hits("/dir/*", "/dir/") && !hits("/dir/*", "/dir"));
        assert!(hits("/dir*", "/dir2/x") && hits("/dir*", "/dir.html"));
        assert!(hits("/x", "/x") && !hits("/x", "/x/") && !hits("/x", "/X") && !hits("/x", "/x?a=1"));
        assert!(!hits("#x", "#x") && !hits("#x", "/x"));
    }

    #[test]
    fn tags_know_no_letter_case() {
        assert!(item("#Product:TV").is_some_and(|tag| tag.matches_tag("product:tv") && !tag.matches_tag("product")));
        assert!(item("/a").is_some_and(|path| !path.matches_tag("a")));
    }
}
