//! Writes text or JSON to standard output.

use std::fmt::Write as _;
use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;

use super::error::Error;
use crate::cli::Output;
use crate::domain::text::is_invisible;

/// Writes the text unchanged. A closed pipe is not an error.
pub(super) fn print(text: &str) -> Result<(), Error> {
    quiet_when_unread(write(&mut io::stdout().lock(), text)).map_err(Error::Output)
}

/// Writes a line immediately and returns whether the output still has a reader.
pub(super) fn print_line(line: &str) -> Result<bool, Error> {
    let mut out = io::stdout().lock();
    match out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Output(error)),
    }
}

/// Prints a document in this format: as JSON, plain text or a table.
pub(super) fn print_as(
    form: Output,
    document: &impl Serialize,
    text: impl FnOnce() -> String,
    table: impl FnOnce() -> String,
) -> Result<(), Error> {
    match form {
        Output::Json => print_json(document),
        Output::Jsonl => print_json_line(document).map(drop),
        Output::Text => print(&text()),
        Output::Table => print(&table()),
    }
}

/// Prints the value as one indented JSON document.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Error> {
    print(&json(value).map_err(Error::Output)?)
}

/// Prints the value as one line of JSON immediately and returns whether the output still has a reader.
pub(super) fn print_json_line(value: &impl Serialize) -> Result<bool, Error> {
    print_line(&json_line(value).map_err(Error::Output)?)
}

/// Lets `write` produce long output piece by piece. A closed pipe is not an error.
pub(super) fn stream(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    if written.is_err() {
        // The rest of the buffer cannot be written. Dropping the writer normally would try again.
        drop(out.into_parts());
    }
    quiet_when_unread(written).map_err(Error::Output)
}

/// Returns the terminal's width in columns; `None` if the output is not a terminal, so that files and pipes receive
/// everything.
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

/// Returns indented JSON with a final newline. Every character that could control a terminal is escaped as `\uXXXX`,
/// which means the same to any JSON parser.
pub(super) fn json(value: &impl Serialize) -> io::Result<String> {
    Ok(harmless(serde_json::to_string_pretty(value)?) + "\n")
}

/// Returns the same JSON as [`json`], but on one line and without a newline.
pub(super) fn json_line(value: &impl Serialize) -> io::Result<String> {
    Ok(harmless(serde_json::to_string(value)?))
}

/// Escapes the characters of a JSON document that could control a terminal. They can only occur in strings, where the
/// encoder has already escaped those below DEL.
fn harmless(json: String) -> String {
    if json.bytes().all(|byte| byte < 0x7f) {
        return json;
    }
    let mut escaped = String::with_capacity(json.len());
    for character in json.chars() {
        if character >= '\u{7f}' && is_invisible(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(escaped, "\\u{unit:04x}");
            }
        } else {
            escaped.push(character);
        }
    }
    escaped
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
