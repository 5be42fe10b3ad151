//! Reads items from the command line and from a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::domain::import::{self, NotText};
use crate::domain::text::visible;

/// The maximum file size in bytes. A list this large could never be sent, so a larger file is not a list of paths.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The maximum number of lines. CloudFront accepts a few thousand at a time, so a longer file is not a list of paths
/// either.
const LINES: usize = 1_000_000;

/// The reason why a file of items was rejected as a whole.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The file cannot be read.
    #[error("cannot read {name}: {source}; check the name given to --paths-from")]
    Unreadable {
        /// The file's name.
        name: String,
        /// The reason reported by the system.
        source: io::Error,
    },
    /// The file is not text.
    #[error(transparent)]
    NotText(#[from] NotText),
    /// The file has too many lines to be a list.
    #[error("{name} has more than {LINES} lines; use a file with one item per line, or split it")]
    TooLong {
        /// The file's name.
        name: String,
    },
    /// The file is too large to be a list.
    #[error("{name} is larger than {} MiB; use a file with one item per line, or split it", LIMIT / 1024 / 1024)]
    TooLarge {
        /// The file's name.
        name: String,
    },
}

/// Returns the text of a file of items; `-` is standard input.
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
    if bytes.len() as u64 > LIMIT {
        return Err(Error::TooLarge { name });
    }
    let text = import::whole(bytes, &name)?;
    if import::split(&text).nth(LINES).is_some() {
        return Err(Error::TooLong { name });
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(bytes: &[u8]) -> Result<Vec<String>, String> {
        let text = text("list.txt", bytes).map_err(|error| error.to_string())?;
        Ok(import::split(&text).map(str::to_owned).collect())
    }

    #[test]
    fn line_ends_and_byte_order_marks_of_every_system() {
        let expected = Ok(["/a", "", "# note", "/é"].map(String::from).to_vec());
        for text in [
            "/a\n\n# note\n/é\n",
            "/a\n\n# note\n/é",
            "\u{feff}/a\r\n\r\n# note\r\n/é\r\n",
            "/a\r\r# note\r/é",
        ] {
            assert_eq!(taken(text.as_bytes()), expected);
            let wide: Vec<u16> = text.trim_start_matches('\u{feff}').encode_utf16().collect();
            let units = |order: fn(u16) -> [u8; 2]| wide.iter().flat_map(|&unit| order(unit)).collect::<Vec<_>>();
            assert_eq!(taken(&[b"\xff\xfe", &*units(u16::to_le_bytes)].concat()), expected);
            assert_eq!(taken(&[b"\xfe\xff", &*units(u16::to_be_bytes)].concat()), expected);
        }
        assert_eq!(taken(b""), Ok(Vec::new()));
    }

    #[test]
    fn what_is_no_list_is_refused_with_the_line() {
        let wrong = |text: &str| Err(text.to_owned());
        assert_eq!(
            taken(b"/a\n/caf\xe9\n"),
            wrong("list.txt line 2 is not valid UTF-8; save the file as UTF-8")
        );
        let binary = "list.txt is not a text file: line 3 contains a NUL byte. Use a file with one item per line";
        assert_eq!(taken(b"\x7fELF\n\n\0\0\xff"), wrong(binary));
        let late = [&[b'/'; 9_000][..], b"\n/\0"].concat();
        let binary = "list.txt is not a text file: line 2 contains a NUL byte. Use a file with one item per line";
        assert_eq!(taken(&late), wrong(binary));
        assert_eq!(
            taken(b"\x1f\x8b\x08\0"),
            wrong("list.txt is compressed; unpack it first")
        );
    }

    #[test]
    fn an_endless_file_is_not_read_to_the_end() {
        let refusal = text("list.txt", io::repeat(b'/')).map_err(|error| error.to_string());
        let expected = "list.txt is larger than 64 MiB; use a file with one item per line, or split it";
        assert_eq!(refusal.err().as_deref(), Some(expected));
    }

    #[test]
    fn a_million_lines_and_no_more() {
        assert_eq!(taken("\n".repeat(LINES).as_bytes()).map(|lines| lines.len()), Ok(LINES));
        let expected = "list.txt has more than 1000000 lines; use a file with one item per line, or split it";
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
