//! Standard output: text or one JSON document.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write};

use serde::Serialize;

use super::Error;
use crate::domain::text::is_invisible;

/// Writes the text as it is. A reader that went away has read enough.
pub(super) fn print(text: &str) -> Result<(), Error> {
    quiet_when_unread(write(&mut io::stdout().lock(), text)).map_err(Error::Output)
}

/// Writes the value as one indented JSON document.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Error> {
    let document = json(value).map_err(|error| Error::Output(error.into()))?;
    print(&document)
}

/// How many columns the terminal has; `None` when nobody looks at one, so that files and pipes get everything.
pub(super) fn width() -> Option<usize> {
    let stdout = io::stdout();
    let size = stdout
        .is_terminal()
        .then(|| rustix::termios::tcgetwinsize(&stdout).ok())
        .flatten()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}

fn write(out: &mut impl Write, text: &str) -> io::Result<()> {
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn quiet_when_unread(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        result => result,
    }
}

/// Indented JSON in which every character that could steer a terminal stands as `\uXXXX`: the same data for a reader of JSON.
fn json(value: &impl Serialize) -> serde_json::Result<String> {
    let mut document = serde_json::to_string_pretty(value)?;
    document.push('\n');
    if document.is_ascii() && !document.contains('\u{7f}') {
        return Ok(document);
    }
    Ok(document
        .chars()
        .fold(String::with_capacity(document.len()), |mut harmless, character| {
            // Below DEL the encoder has escaped what is in strings, and what is left is its own indentation.
            if character >= '\u{7f}' && is_invisible(character) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    // Writing to a String cannot fail.
                    let _ = write!(harmless, "\\u{unit:04x}");
                }
            } else {
                harmless.push(character);
            }
            harmless
        }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_the_data_and_steers_no_terminal() {
        let hostile = "tab\t del\u{7f} csi\u{9b} bidi\u{202e} é 日本 tag\u{e0041} esc\u{1b}";
        let document = json(&[hostile]).unwrap_or_default();
        assert_eq!(
            document,
            "[\n  \"tab\\t del\\u007f csi\\u009b bidi\\u202e é 日本 tag\\udb40\\udc41 esc\\u001b\"\n]\n"
        );
        assert_eq!(
            serde_json::from_str::<[String; 1]>(&document).ok(),
            Some([hostile.to_owned()])
        );
    }

    #[test]
    fn a_reader_that_went_away_has_read_enough() {
        let failed = |kind| quiet_when_unread(Err(io::Error::from(kind))).is_err();
        assert!(!failed(io::ErrorKind::BrokenPipe));
        assert!(failed(io::ErrorKind::StorageFull));
    }
}
