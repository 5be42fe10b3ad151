//! Plain text: lists of paths, and text with addresses in it. Line ends and byte order marks of every system.

use std::borrow::Cow;

use super::addresses::{self, put_address};
use super::basket::{Basket, Import};
use super::left_out::Reason;
use super::origin::At;
use crate::domain::lint::Context;

/// So much of the beginning is looked at to tell a text from anything else.
const LOOKED_AT: usize = 8 * 1024;

/// Why a source is no text at all, so that nothing of it was taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    /// A NUL byte near its beginning.
    #[error("{source_name} is not a text file: line {line} holds a NUL byte. Give a file with one item a line")]
    Binary {
        /// What it is called.
        source_name: String,
        /// Counted from 1.
        line: usize,
    },
    /// The magic bytes of gzip.
    #[error("{source_name} is compressed; unpack it first")]
    Compressed {
        /// What it is called.
        source_name: String,
    },
}

/// A list as it was written by [`export`] or by hand: every line is a row, as it stands.
///
/// # Errors
/// If it is no text. Lines that are none are left out one by one.
pub fn list(bytes: &[u8], source: &str) -> Result<Import, NotText> {
    let decoded = decode(bytes, source)?;
    let mut basket = Basket::new(source);
    for (at, line) in lines(&decoded) {
        match line {
            Ok(line) => basket.put(line, at),
            Err(reason) => basket.leave(reason, &at),
        }
    }
    Ok(basket.finish())
}

/// A file of any kind of text: a list is taken line by line with its comments, and addresses of this distribution are
/// reduced to path and query; of other text only what is a path or an address.
///
/// # Errors
/// If it is no text. Lines that are none are left out one by one.
pub fn text(bytes: &[u8], source: &str, context: &Context) -> Result<Import, NotText> {
    let decoded = decode(bytes, source)?;
    Ok(gather(&decoded, source, context))
}

/// Text that somebody pasted, taken as [`text`] takes a file.
#[must_use]
pub fn pasted(text: &str, context: &Context) -> Import {
    gather(text.as_bytes(), "clipboard", context)
}

/// The text of a list, as a file: [`list`] of it gives the same lines, if none holds a NUL or a line break.
#[must_use]
pub fn export<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let mut text = String::new();
    for line in lines {
        if text.is_empty() && line.starts_with(BYTE_ORDER_MARK) {
            text.push(BYTE_ORDER_MARK);
        }
        text.push_str(line);
        text.push('\n');
    }
    text
}

const BYTE_ORDER_MARK: char = '\u{feff}';

fn gather(bytes: &[u8], source: &str, context: &Context) -> Import {
    let mut basket = Basket::new(source);
    let is_list = is_list(bytes);
    for (at, line) in lines(bytes) {
        match line {
            Err(reason) => basket.leave(reason, &at),
            Ok(line) if is_list => put_listed(&mut basket, line, at, context),
            Ok(line) => put_found(&mut basket, line, &at, context),
        }
    }
    basket.finish()
}

/// Whether every line is meant as an item. Without any address there is nothing to look for, and the lint speaks.
fn is_list(bytes: &[u8]) -> bool {
    let mut addresses = false;
    let mut others = false;
    for (_, line) in lines(bytes) {
        let line = line.unwrap_or_default().trim();
        addresses |= line.contains("://");
        others |= !line.is_empty() && !is_item(line);
    }
    !(addresses && others)
}

/// Whether a line is meant as one item or comment: by its beginning, or since it is one word.
fn is_item(line: &str) -> bool {
    let mut addresses = line.match_indices("://");
    match (addresses.next(), addresses.next()) {
        (None, _) => line.starts_with(['/', '#']) || !line.contains(char::is_whitespace),
        (Some(_), None) => line.starts_with(['/', '#']) || addresses::begins(line),
        (Some(_), Some(_)) => line.starts_with('/'),
    }
}

fn put_listed(basket: &mut Basket, line: &str, at: At, context: &Context) {
    if addresses::begins(line.trim()) {
        put_address(basket, line.trim(), at, context);
    } else {
        basket.put(line, at);
    }
}

/// Takes what a line of other text holds.
fn put_found(basket: &mut Basket, line: &str, at: &At, context: &Context) {
    if line.trim().is_empty() {
        return;
    }
    if line.starts_with(['/', '#']) {
        return basket.put_once(line, at.clone());
    }
    let mut found = false;
    for address in addresses::within(line) {
        found = true;
        put_address(basket, address, at.clone(), context);
    }
    if !found {
        basket.leave(Reason::Prose, at);
    }
}

/// The bytes as UTF-8 wherever they are text, without a byte order mark.
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
            line: bytes.iter().take(at).filter(|&&byte| byte == b'\n').count() + 1,
        }),
        None => Ok(Cow::Borrowed(bytes)),
    }
}

/// What some editors and shells of Windows write. A torn character becomes one that the lint refuses.
fn from_utf16(bytes: &[u8], unit: impl Fn([u8; 2]) -> u16) -> Vec<u8> {
    let units = bytes.chunks(2).map(|pair| match *pair {
        [a, b] => unit([a, b]),
        _ => u16::MAX,
    });
    let chars = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER));
    chars.collect::<String>().into_bytes()
}

/// The lines with their places; an error where one is no text.
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

/// The first line, and what comes after its end: `\n`, `\r\n` or `\r`.
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
