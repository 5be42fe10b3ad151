//! Imports plain text: lists of paths, and text with URLs in it.

use super::addresses::{self, put_address};
use super::basket::{Basket, Import};
use super::left_out::Reason;
use super::origin::At;
use super::reader::{NotText, decode, lines};
use crate::domain::lint::{Context, document, is_row};

/// Reads a list written by [`export`] or by hand: every line becomes a row, unchanged.
///
/// # Errors
/// If the input is not text. Lines that are not text are skipped individually.
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

/// Reads any text file. A list is imported line by line with its comments, and URLs of this distribution are reduced to
/// path and query string. From any other text, only paths and URLs are imported.
///
/// # Errors
/// If the input is not text. Lines that are not text are skipped individually.
pub fn text(bytes: &[u8], source: &str, context: &Context) -> Result<Import, NotText> {
    let decoded = decode(bytes, source)?;
    Ok(gather(&decoded, source, context))
}

/// Imports pasted text in the same way as [`text`] imports a file.
#[must_use]
pub fn pasted(text: &str, context: &Context) -> Import {
    gather(text.as_bytes(), "clipboard", context)
}

/// Returns the lines of a list as the text of a file. [`list`] reads the same lines back if none contains a NUL byte or
/// a line break.
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
    // In a batch or response of the AWS CLI, only the items belong in the list; the other fields do not.
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

/// Returns whether every line is meant as an item. Text without any URL also counts, because there is nothing to
/// extract from it, and the lint reports any problems.
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

/// Returns whether a line is meant as a single item or comment: it starts like one, it is a single word, or it is the
/// output of a known tool.
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

/// Adds the paths and URLs found in a line of running text.
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
