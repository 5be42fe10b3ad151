//! A paste between its two marks: bounded in size, and in time if its end does not come.

use std::time::Duration;

use super::millis;

/// What ends a paste.
const END: &[u8] = b"\x1b[201~";
/// The most bytes that are kept before they are handed on; a longer paste comes in several pieces.
const MOST: usize = 16 << 20;
/// After this long without a byte a paste is over, although its end has not come.
pub(super) const SILENCE: Duration = millis(1_000);
/// A key that comes alone, this long after the last byte of a paste, is not part of it.
pub(super) const PAUSE: Duration = millis(100);
/// How long the rest of a paste that was given up may still come: it must not run as keys.
pub(super) const REST: Duration = millis(10_000);

/// What is pasted so far, perhaps with the beginning of [`END`] behind it.
#[derive(Debug, Default)]
pub(super) struct Paste(Vec<u8>);

/// What some bytes add to a paste.
#[derive(Debug)]
pub(super) struct Piece<'a> {
    /// Text to hand on; empty while more is waited for.
    pub(super) text: Vec<u8>,
    /// The end has come.
    pub(super) ended: bool,
    /// What stands behind the end.
    pub(super) rest: &'a [u8],
}

impl Paste {
    /// Takes bytes as far as the end of the paste.
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

    /// What there is, without the beginning of an end that never came.
    pub(super) fn give_up(mut self) -> Vec<u8> {
        let cut = (1..END.len()).rev().find(|length| self.0.ends_with(&END[..*length]));
        self.0.truncate(self.0.len() - cut.unwrap_or(0));
        self.0
    }

    /// What is too much to be kept: everything up to the last line, or as far as whole characters go.
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

/// Bytes before and behind the end of a paste, if it is among them.
pub(super) fn until_end(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = find(bytes)?;
    Some((bytes.get(..at)?, bytes.get(at + END.len()..)?))
}

/// Whether so many bytes at once are rather pasted than typed. A key that is held down repeats itself.
pub(super) fn is_flood(bytes: &[u8]) -> bool {
    const TYPED: usize = 8;
    let repeated = bytes.windows(2).all(|pair| pair[0] == pair[1]);
    bytes.len() > TYPED && !repeated && bytes.first() != Some(&0x1b)
}

/// Pasted text; what is no UTF-8 shows as such.
pub(super) fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}
