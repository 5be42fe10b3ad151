//! Plain text: lists of paths, and text with addresses in it.

use super::addresses::{self, put_address};
use super::basket::{Basket, Import};
use super::left_out::Reason;
use super::origin::At;
use super::reader::{NotText, decode, lines};
use crate::domain::lint::{Context, document, is_row};

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
    // A batch of the aws command, or its answer: what is written beside the items belongs to nobody's list.
    if let Some(items) = std::str::from_utf8(bytes).ok().and_then(document) {
        for item in items {
            put_listed(&mut basket, &item, At::Somewhere, context);
        }
        return basket.finish();
    }
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

/// Whether a line is meant as one item or comment: by its beginning, or since it is one word, or a row of a tool.
fn is_item(line: &str) -> bool {
    if is_row(line) {
        return true;
    }
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
