//! Writes to standard output: text or one JSON document.

use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter};

use super::Error;
use crate::domain::text::is_invisible;

/// Writes the text unchanged. A closed pipe is not an error.
pub(super) fn print(text: &str) -> Result<(), Error> {
    quiet_when_unread(write(&mut io::stdout().lock(), text)).map_err(Error::Output)
}

/// Writes a line immediately and returns whether the reader is still there.
pub(super) fn print_line(line: &str) -> Result<bool, Error> {
    let mut out = io::stdout().lock();
    match out.write_all(line.as_bytes()).and_then(|()| out.write_all(b"\n")) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(false),
        Err(error) => Err(Error::Output(error)),
    }
}

/// Returns the value as one line of JSON, without a newline.
pub(super) fn json_line(value: &impl Serialize) -> Result<String, Error> {
    let mut line = Vec::new();
    write_json_line(&mut line, value).map_err(Error::Output)?;
    Ok(String::from_utf8_lossy(&line).trim_end().to_owned())
}

/// Writes the value as one line of JSON.
pub(super) fn print_json_line(value: &impl Serialize) -> Result<(), Error> {
    stream(|out| write_json_line(out, value))
}

/// Writes the value as one indented JSON document.
pub(super) fn print_json(value: &impl Serialize) -> Result<(), Error> {
    stream(|out| write_json(out, value))
}

/// Lets `write` produce long output piece by piece. A closed pipe is not an error.
pub(super) fn stream(write: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<(), Error> {
    let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let written = write(&mut out).and_then(|()| out.flush());
    if written.is_err() {
        // The rest of the buffer cannot be written; dropping the writer would try it again.
        drop(out.into_parts());
    }
    quiet_when_unread(written).map_err(Error::Output)
}

/// Returns the terminal's width in columns; `None` if the output is not a terminal, so that files and pipes get
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

/// Writes indented JSON in which every character that could control a terminal is escaped as `\uXXXX`: the same data
/// for any JSON parser.
pub(super) fn write_json(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless(PrettyFormatter::new()));
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// Writes the same JSON on one line.
pub(super) fn write_json_line(out: &mut dyn Write, value: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut *out, Harmless(CompactFormatter));
    value.serialize(&mut serializer)?;
    out.write_all(b"\n")
}

/// A JSON formatter that also escapes characters that could control a terminal.
struct Harmless<F>(F);

impl<F: Formatter> Formatter for Harmless<F> {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, out: &mut W, fragment: &str) -> io::Result<()> {
        if fragment.bytes().all(|byte| byte < 0x7f) {
            return out.write_all(fragment.as_bytes());
        }
        for character in fragment.chars() {
            // The encoder has already escaped control characters below DEL.
            if character >= '\u{7f}' && is_invisible(character) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(out, "\\u{unit:04x}")?;
                }
            } else {
                out.write_all(character.encode_utf8(&mut [0; 4]).as_bytes())?;
            }
        }
        Ok(())
    }

    fn begin_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_array(out)
    }

    fn end_array<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array(out)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_array_value(out, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_array_value(out)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object(out)
    }

    fn end_object<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object(out)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, out: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(out, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.begin_object_value(out)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, out: &mut W) -> io::Result<()> {
        self.0.end_object_value(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_the_data_and_steers_no_terminal() {
        let hostile = "tab\t del\u{7f} csi\u{9b} bidi\u{202e} é 日本 tag\u{e0041} esc\u{1b}";
        let mut document = Vec::new();
        assert!(write_json(&mut document, &[hostile]).is_ok());
        let document = String::from_utf8_lossy(&document);
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
