//! The only code that reads external text: files, the clipboard, an editor's result, and standard input. It handles
//! encodings, byte order marks and the line endings of every system.

use std::borrow::Cow;

use super::left_out::Reason;
use super::origin::At;

/// The number of leading bytes that are examined to tell text from binary data.
const LOOKED_AT: usize = 8 * 1024;

/// The reason why a source was rejected as a whole.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// The source contains a NUL byte.
    #[error("{source_name} is not a text file: line {line} contains a NUL byte. Use a file with one item per line")]
    Binary {
        /// The name of the source.
        source_name: String,
        /// The line number, counted from 1.
        line: usize,
    },
    /// The source starts with the magic bytes of gzip.
    #[error("{source_name} is compressed; unpack it first")]
    Compressed {
        /// The name of the source.
        source_name: String,
    },
    /// The text is not valid UTF-8, and the caller needs all of it or nothing.
    #[error("{source_name} line {line} is not valid UTF-8; save the file as UTF-8")]
    NotUtf8 {
        /// The name of the source.
        source_name: String,
        /// The line number, counted from 1.
        line: usize,
    },
}

/// Decodes the whole source as text, without its byte order mark. Use [`split`] to separate the lines.
///
/// # Errors
/// If any part is not text, the whole source is rejected, because half a list would clear only half of what was
/// intended.
pub fn whole(bytes: Vec<u8>, source: &str) -> Result<String, NotText> {
    let text = match decode(&bytes, source)? {
        Cow::Borrowed(text) if text.len() == bytes.len() => bytes,
        text => text.into_owned(),
    };
    let source_name = || source.to_owned();
    if let Some(at) = text.iter().position(|&byte| byte == 0) {
        let (source_name, line) = (source_name(), line_at(&text, at));
        return Err(NotText::Binary { source_name, line });
    }
    String::from_utf8(text).map_err(|error| NotText::NotUtf8 {
        source_name: source_name(),
        line: line_at(error.as_bytes(), error.utf8_error().valid_up_to()),
    })
}

/// Splits text from any system into lines, which end with `\n`, `\r\n` or `\r`. A final line ending does not start
/// another line.
pub fn split(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let (line, tail) = cut(text.as_bytes());
        rest = tail
            .and_then(|tail| text.get(text.len() - tail.len()..))
            .filter(|tail| !tail.is_empty());
        text.get(..line.len())
    })
}

/// Decodes text to UTF-8, without its byte order mark.
pub(super) fn decode<'a>(bytes: &'a [u8], source: &str) -> Result<Cow<'a, [u8]>, NotText> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => Ok(Cow::Owned(from_utf16(rest, u16::from_le_bytes))),
        [0xfe, 0xff, rest @ ..] => Ok(Cow::Owned(from_utf16(rest, u16::from_be_bytes))),
        [0x1f, 0x8b, ..] => Err(NotText::Compressed {
            source_name: source.to_owned(),
        }),
        [0xef, 0xbb, 0xbf, rest @ ..] => text_only(rest, source),
        _ => text_only(bytes, source),
    }
}

fn text_only<'a>(bytes: &'a [u8], source: &str) -> Result<Cow<'a, [u8]>, NotText> {
    match bytes.iter().take(LOOKED_AT).position(|&byte| byte == 0) {
        Some(at) => Err(NotText::Binary {
            source_name: source.to_owned(),
            line: line_at(bytes, at),
        }),
        None => Ok(Cow::Borrowed(bytes)),
    }
}

/// Decodes UTF-16, which some Windows editors and shells write. A broken surrogate becomes a character that the lint
/// rejects.
fn from_utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks(2).map(|pair| match *pair {
        [a, b] => unit([a, b]),
        _ => u16::MAX,
    });
    let chars = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    chars.collect::<String>().into_bytes()
}

/// Returns each line with its place, or the reason why the line is not text.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (At, Result<&str, Reason>)> {
    let mut rest = Some(bytes).filter(|bytes| !bytes.is_empty());
    let mut number = 0;
    std::iter::from_fn(move || {
        let (line, tail) = cut(rest?);
        rest = tail.filter(|tail| !tail.is_empty());
        number += 1;
        Some((At::Line(number), checked(line)))
    })
}

/// Splits off the first line at its `\n`, `\r\n` or `\r`.
fn cut(bytes: &[u8]) -> (&[u8], Option<&[u8]>) {
    let Some(at) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
        return (bytes, None);
    };
    let (line, tail) = bytes.split_at(at);
    let tail = tail.strip_prefix(b"\r\n").or_else(|| tail.get(1..));
    (line, tail)
}

fn checked(line: &[u8]) -> Result<&str, Reason> {
    if line.contains(&0) {
        return Err(Reason::Nul);
    }
    std::str::from_utf8(line).map_err(|_| Reason::NotUtf8)
}

/// Returns the number of the line that contains the byte at `at`, counted from 1.
fn line_at(bytes: &[u8], at: usize) -> usize {
    let mut rest = bytes.get(..at).unwrap_or(bytes);
    let mut line = 1;
    while let (_, Some(tail)) = cut(rest) {
        (rest, line) = (tail, line + 1);
    }
    line
}
