//! Items from the command line and from a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::domain::text::visible;

/// A larger file is not a list of paths, in bytes: more than CloudFront could ever be sent.
const LIMIT: u64 = 64 * 1024 * 1024;

/// More lines than these are none, either: CloudFront takes some thousands at a time.
const LINES: usize = 1_000_000;

/// Why a file of items could not be taken. Nothing of it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It cannot be read.
    #[error("cannot read {name}: {source}; check the name given to --paths-from")]
    Unreadable {
        /// Which file.
        name: String,
        /// The system's reason.
        source: io::Error,
    },
    /// It holds bytes that no text file has.
    #[error("{name} line {line} holds a NUL byte, so this is not a text file; give a file with one item a line")]
    Binary {
        /// Which file.
        name: String,
        /// Counted from 1.
        line: usize,
    },
    /// It is text in another encoding.
    #[error("{name} line {line} is not UTF-8 text; save the file as UTF-8")]
    NotUtf8 {
        /// Which file.
        name: String,
        /// Counted from 1.
        line: usize,
    },
    /// It holds more lines than a list can have.
    #[error("{name} has more than {LINES} lines; give a file with one item a line, or split it")]
    TooLong {
        /// Which file.
        name: String,
    },
    /// It is larger than a list can be.
    #[error("{name} is larger than {} MiB; give a file with one item a line, or split it", LIMIT / 1024 / 1024)]
    TooLarge {
        /// Which file.
        name: String,
    },
}

/// The text of a file of items; `-` is standard input.
pub(super) fn read(file: &Path) -> Result<String, Error> {
    if file == Path::new("-") {
        return text("standard input", io::stdin().lock());
    }
    let name = visible(&file.to_string_lossy()).into_owned();
    match File::open(file) {
        Ok(content) => text(&name, content),
        Err(source) => Err(Error::Unreadable { name, source }),
    }
}

fn text(name: &str, content: impl Read) -> Result<String, Error> {
    let name = name.to_owned();
    let mut bytes = Vec::new();
    if let Err(source) = content.take(LIMIT + 1).read_to_end(&mut bytes) {
        return Err(Error::Unreadable { name, source });
    }
    if let Some(at) = bytes.iter().position(|byte| *byte == 0) {
        let line = line_at(&bytes, at);
        return Err(Error::Binary { name, line });
    }
    if bytes.len() as u64 > LIMIT {
        return Err(Error::TooLarge { name });
    }
    match String::from_utf8(bytes) {
        Ok(text) if text.lines().nth(LINES).is_some() => Err(Error::TooLong { name }),
        Ok(text) => Ok(without_mark(text)),
        Err(error) => {
            let line = line_at(error.as_bytes(), error.utf8_error().valid_up_to());
            Err(Error::NotUtf8 { name, line })
        }
    }
}

/// The line, from one, that holds this byte.
fn line_at(bytes: &[u8], at: usize) -> usize {
    bytes.get(..at).unwrap_or(bytes).split(|byte| *byte == b'\n').count()
}

fn without_mark(mut text: String) -> String {
    let marks = text.len() - text.trim_start_matches('\u{feff}').len();
    text.drain(..marks);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8]) -> Result<Vec<String>, String> {
        let text = text("list.txt", bytes).map_err(|error| error.to_string())?;
        Ok(text.lines().map(str::to_owned).collect())
    }

    #[test]
    fn line_ends_and_byte_order_marks_of_every_system() {
        let expected = Ok(["/a", "", "# note", "/é"].map(String::from).to_vec());
        for text in [
            "/a\n\n# note\n/é\n",
            "/a\n\n# note\n/é",
            "\u{feff}/a\r\n\r\n# note\r\n/é\r\n",
        ] {
            assert_eq!(taken(text.as_bytes()), expected);
        }
        assert_eq!(taken(b""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_list_is_refused_with_the_line() {
        let wrong = |text: &str| Err(text.to_owned());
        assert_eq!(
            taken(b"/a\n/caf\xe9\n"),
            wrong("list.txt line 2 is not UTF-8 text; save the file as UTF-8")
        );
        let binary = "list.txt line 3 holds a NUL byte, so this is not a text file; give a file with one item a line";
        assert_eq!(taken(b"\x7fELF\n\n\0\0\xff"), wrong(binary));
    }

    #[test]
    fn an_endless_file_is_not_read_to_the_end() {
        let refusal = text("list.txt", io::repeat(b'/')).map_err(|error| error.to_string());
        let expected = "list.txt is larger than 64 MiB; give a file with one item a line, or split it";
        assert_eq!(refusal.err().as_deref(), Some(expected));
    }

    #[test]
    fn a_million_lines_and_no_more() {
        assert_eq!(taken("\n".repeat(LINES).as_bytes()).map(|lines| lines.len()), Ok(LINES));
        let expected = "list.txt has more than 1000000 lines; give a file with one item a line, or split it";
        assert_eq!(taken("\n".repeat(LINES + 1).as_bytes()), Err(expected.to_owned()));
    }

    #[test]
    fn a_file_that_is_not_there_is_named_harmlessly() {
        let missing = Path::new("no\u{1b}where");
        let refusal = read(missing)
            .map_err(|error| error.to_string())
            .err()
            .unwrap_or_default();
        assert!(
            refusal.contains("No such file") && !refusal.contains('\u{1b}'),
            "{refusal}"
        );
    }
}
