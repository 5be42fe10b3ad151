//! A paste between its two markers, with a size limit, and a timeout in case its end never arrives.

use std::time::Duration;

use super::millis;

/// The marker that ends a paste.
const END: &[u8] = b"\x1b[201~";
/// The number of bytes after which pasted text is delivered. A longer paste arrives in several parts.
const MOST: usize = 16 << 20;
/// The silence after which a paste counts as finished even if its end marker has not arrived.
pub(super) const SILENCE: Duration = millis(1_000);
/// The pause after which a single key no longer counts as part of a paste.
pub(super) const PAUSE: Duration = millis(100);
/// How long the rest of an abandoned paste may keep arriving without being interpreted as keys.
pub(super) const REST: Duration = millis(10_000);

/// The bytes pasted so far, possibly followed by the first bytes of [`END`].
#[derive(Debug, Default)]
pub(super) struct Paste(Vec<u8>);

/// The result of adding bytes to a paste.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// The text to deliver; empty while more is expected.
    pub(super) text: Vec<u8>,
    /// Whether the end marker has arrived.
    pub(super) ended: bool,
    /// The bytes after the end marker.
    pub(super) rest: &'a [u8],
}

impl Paste {
    /// Adds bytes up to the end of the paste.
    pub(super) fn take<'a>(&mut self, bytes: &'a [u8]) -> Piece<'a> {
        let before = self.0.len();
        self.0.extend_from_slice(bytes);
        let from = before.saturating_sub(END.len() - 1);
        let Some(at) = find(self.0.get(from..).unwrap_or_default()) else {
            return Piece {
                text: self.overflow(),
                ended: false,
                rest: &[],
            };
        };
        let behind = from + at + END.len() - before;
        self.0.truncate(from + at);
        Piece {
            text: std::mem::take(&mut self.0),
            ended: true,
            rest: bytes.get(behind..).unwrap_or_default(),
        }
    }

    /// Returns the bytes received so far, without a partial end marker.
    pub(super) fn give_up(mut self) -> Vec<u8> {
        let cut = (1..END.len()).rev().find(|length| self.0.ends_with(&END[..*length]));
        self.0.truncate(self.0.len() - cut.unwrap_or(0));
        self.0
    }

    /// Removes and returns the text to deliver once the limit is reached: everything up to the last complete line, or
    /// else up to the last complete character.
    fn overflow(&mut self) -> Vec<u8> {
        if self.0.len() < MOST {
            return Vec::new();
        }
        let last_line = self.0.iter().rposition(|byte| matches!(byte, b'\n' | b'\r'));
        let whole = self.0.iter().rposition(|byte| byte.is_ascii() && *byte != 0x1b);
        let at = last_line.or(whole).map_or(self.0.len() - END.len(), |at| at + 1);
        let kept = self.0.split_off(at);
        std::mem::replace(&mut self.0, kept)
    }
}

fn find(bytes: &[u8]) -> Option<usize> {
    bytes.windows(END.len()).position(|window| window == END)
}

/// Splits bytes at a paste's end marker, if they contain one.
pub(super) fn until_end(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = find(bytes)?;
    Some((bytes.get(..at)?, bytes.get(at + END.len()..)?))
}

/// Returns whether bytes that arrived together were pasted rather than typed. A key that is held down repeats the same
/// byte.
pub(super) fn is_flood(bytes: &[u8]) -> bool {
    const TYPED: usize = 8;
    let repeated = bytes.windows(2).all(|pair| pair[0] == pair[1]);
    bytes.len() > TYPED && !repeated && bytes.first() != Some(&0x1b)
}

/// Returns pasted bytes as text; invalid UTF-8 becomes replacement characters.
pub(super) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
