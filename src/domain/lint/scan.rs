//! Scans the bytes of a line once, so that a clean line needs no further checks.

use super::line::{is_odd_blank, is_stray};

/// The kinds of bytes in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Marks(u32);

impl Marks {
    /// A `*`.
    pub(super) const STAR: Self = Self(1);
    /// A `%`.
    pub(super) const PERCENT: Self = Self(1 << 1);
    /// A `?`.
    pub(super) const QUERY: Self = Self(1 << 2);
    /// A `#`.
    pub(super) const HASH: Self = Self(1 << 3);
    /// A `~`.
    pub(super) const TILDE: Self = Self(1 << 4);
    /// A character that RFC 1738 calls unsafe and that does not have a separate mark.
    pub(super) const UNSAFE: Self = Self(1 << 5);
    /// A space.
    pub(super) const BLANK: Self = Self(1 << 6);
    /// A `\`.
    pub(super) const BACKSLASH: Self = Self(1 << 7);
    /// An ASCII control character.
    pub(super) const CONTROL: Self = Self(1 << 8);
    /// A byte of a character outside ASCII.
    pub(super) const HIGH: Self = Self(1 << 9);
    /// A `:`.
    pub(super) const COLON: Self = Self(1 << 10);
    /// `//` or `/.`.
    pub(super) const JOINT: Self = Self(1 << 11);
    /// A byte that may start a character marked as `STRAY` or `ODD_BLANK`.
    const SUSPECT: Self = Self(1 << 12);
    /// An invisible character that no script needs for spelling.
    pub(super) const STRAY: Self = Self(1 << 13);
    /// Whitespace other than the ASCII space.
    pub(super) const ODD_BLANK: Self = Self(1 << 14);
    /// Any other non-ASCII character, whose encoding is not in doubt.
    pub(super) const WIDE: Self = Self(1 << 15);
    /// A `,` or `;`.
    pub(super) const SEPARATOR: Self = Self(1 << 16);
    /// An `&`.
    pub(super) const AMPERSAND: Self = Self(1 << 17);
    /// A `+`.
    pub(super) const PLUS: Self = Self(1 << 18);
    /// A `$`.
    pub(super) const DOLLAR: Self = Self(1 << 19);
    /// A part of the path that starts like a word for a missing value, e.g. `null`.
    pub(super) const WORD: Self = Self(1 << 20);

    /// Returns the marks of text.
    pub(super) fn of(text: &str) -> Self {
        let mut seen = 0;
        let mut before = 0;
        for &byte in text.as_bytes() {
            seen |= CLASS[usize::from(byte)];
            if before == b'/' {
                seen |= joint(byte).0;
            }
            before = byte;
        }
        Self(seen).or(Self(seen).characters(text))
    }

    /// Classifies the non-ASCII characters. They are decoded only if a suspect byte makes that necessary.
    fn characters(self, text: &str) -> Self {
        let mut seen = if self.any(Self::CONTROL) { Self::STRAY } else { Self(0) };
        if !self.any(Self::SUSPECT) {
            return if self.any(Self::HIGH) {
                seen.or(Self::WIDE)
            } else {
                seen
            };
        }
        for c in text.chars().filter(|c| !c.is_ascii()) {
            seen = seen.or(match c {
                c if is_stray(c) => Self::STRAY,
                c if is_odd_blank(c) => Self::ODD_BLANK,
                _ => Self::WIDE,
            });
        }
        seen
    }

    /// Returns the union of both sets of marks.
    pub(super) const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Returns whether at least one of `others` is present.
    pub(super) const fn any(self, others: Self) -> bool {
        self.0 & others.0 != 0
    }

    /// Returns whether there are no marks except `others`.
    pub(super) const fn is_within(self, others: Self) -> bool {
        self.0 & !others.0 == 0
    }

    /// Returns whether a part of the text may be a placeholder. A word after a `?` has no mark of its own.
    pub(super) const fn may_stand_for_more(self) -> bool {
        const HINTS: Marks = Marks::UNSAFE
            .or(Marks::COLON)
            .or(Marks::DOLLAR)
            .or(Marks::WORD)
            .or(Marks::PERCENT);
        self.any(HINTS) || self.any(Self::HIGH) && self.any(Self::QUERY)
    }

    /// Returns whether a character of the text, raw or encoded, may be mistaken for another.
    pub(super) const fn may_look_alike(self) -> bool {
        self.any(Self::HIGH.or(Self::PERCENT))
    }

    /// Returns whether the wire form differs from the text, or may differ.
    pub(super) const fn needs_encoding(self) -> bool {
        const CHANGED: Marks = Marks::UNSAFE
            .or(Marks::TILDE)
            .or(Marks::HASH)
            .or(Marks::BLANK)
            .or(Marks::BACKSLASH);
        self.any(CHANGED.or(Self::CONTROL).or(Self::HIGH).or(Self::PERCENT))
    }
}

/// Returns the mark for a byte that follows a slash.
const fn joint(byte: u8) -> Marks {
    match byte {
        b'/' | b'.' => Marks::JOINT,
        b'u' | b'n' | b'N' => Marks::WORD,
        _ => Marks(0),
    }
}

static CLASS: [u32; 256] = classes();

const fn classes() -> [u32; 256] {
    let mut table = [0; 256];
    let mut byte: u8 = 0;
    loop {
        table[byte as usize] = class(byte).0;
        if byte == u8::MAX {
            return table;
        }
        byte += 1;
    }
}

const fn class(byte: u8) -> Marks {
    match byte {
        b'*' => Marks::STAR,
        b'%' => Marks::PERCENT,
        b'?' => Marks::QUERY,
        b'#' => Marks::HASH,
        b'~' => Marks::TILDE,
        b' ' => Marks::BLANK,
        b'\\' => Marks::BACKSLASH,
        b':' => Marks::COLON,
        b',' | b';' => Marks::SEPARATOR,
        b'&' => Marks::AMPERSAND,
        b'+' => Marks::PLUS,
        b'$' => Marks::DOLLAR,
        b'<' | b'>' | b'"' | b'{' | b'}' | b'|' | b'^' | b'[' | b']' | b'`' => Marks::UNSAFE,
        0..=31 | 127 => Marks::CONTROL,
        // The first bytes of stray characters and spaces in UTF-8. Chinese characters and the letters of most alphabets
        // start with other bytes.
        0xc2 | 0xcd | 0xd8 | 0xdb | 0xdc | 0xe0..=0xe3 | 0xef | 0xf0 | 0xf3 => Marks::HIGH.or(Marks::SUSPECT),
        128.. => Marks::HIGH,
        _ => Marks(0),
    }
}

#[cfg(test)]
mod tests {
    use super::{CLASS, Marks};
    use crate::domain::encoding;
    use crate::domain::lint::line::{is_odd_blank, is_stray};

    #[test]
    fn every_character_has_the_mark_of_its_kind() {
        for c in '\0'..=char::MAX {
            let marks = Marks::of(c.encode_utf8(&mut [0; 4]));
            assert_eq!(marks.any(Marks::STRAY), is_stray(c), "{c:?}");
            assert_eq!(marks.any(Marks::ODD_BLANK), is_odd_blank(c) && !is_stray(c), "{c:?}");
            let wide = !c.is_ascii() && !is_stray(c) && !is_odd_blank(c);
            assert_eq!(marks.any(Marks::WIDE), wide, "{c:?}");
        }
    }

    #[test]
    fn the_classes_and_the_encoder_agree_on_what_changes() {
        for byte in 0..=127_u8 {
            let text = char::from(byte).to_string();
            let marks = Marks(CLASS[usize::from(byte)]);
            assert_eq!(marks.needs_encoding(), !encoding::is_wire(&text), "{text:?}");
        }
    }

    #[test]
    fn joints_are_seen_only_after_a_slash() {
        assert!(Marks::of("/a//b").any(Marks::JOINT) && Marks::of("/./b").any(Marks::JOINT));
        assert!(!Marks::of("/a.b/c").any(Marks::JOINT));
    }
}
