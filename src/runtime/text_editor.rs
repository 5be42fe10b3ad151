//! Opens text in `$VISUAL` or `$EDITOR`, handing the terminal over to the editor.

use std::ffi::{OsStr, OsString};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::domain::import;
use crate::runtime::held::lock;

/// The editor to use if none is configured. Every system has it.
const LAST_RESORT: &str = "vi";

/// The shortest time an edit can take. No user opens a file, reads it and closes it this fast. An editor that exits
/// sooner has opened a separate window, in which the user is still writing.
const AT_ONCE: Duration = Duration::from_millis(400);

/// Editors that open a separate window, and the option that makes them wait until it is closed.
const WITH_WINDOW: &[(&str, &str)] = &[
    ("code", "--wait"),
    ("code-insiders", "--wait"),
    ("codium", "--wait"),
    ("cursor", "--wait"),
    ("zed", "--wait"),
    ("subl", "--wait"),
    ("mate", "--wait"),
    ("gedit", "--wait"),
    ("gvim", "--nofork"),
    ("mvim", "--nofork"),
    ("kate", "--block"),
    ("idea", "--wait"),
    ("open", "-W"),
];

/// Text being edited in the window of an editor that did not wait.
#[derive(Clone, Debug)]
struct Away {
    /// The text as it was passed to the editor.
    text: String,
    file: PathBuf,
}

/// The text that is still open in an editor that did not wait. Clones share it.
#[derive(Clone, Debug, Default)]
pub struct Outside(Arc<Mutex<Option<Away>>>);

impl Outside {
    /// Returns what an editor that was given this text has saved in the meantime, but only once.
    fn take(&self, text: &str) -> Option<String> {
        let mut away = lock(&self.0);
        let found = away.as_ref().filter(|away| away.text == text)?;
        let saved = written(&found.file).ok()?;
        if saved.trim_end_matches('\n') == text.trim_end_matches('\n') {
            return None;
        }
        *away = None;
        Some(saved)
    }

    fn keep(&self, text: &str, file: PathBuf) {
        let away = Away {
            text: text.to_owned(),
            file,
        };
        *lock(&self.0) = Some(away);
    }
}

/// Lets the user edit the text and returns the result. If an editor that did not wait has saved the text in the
/// meantime, returns that result instead of starting another editor.
///
/// # Errors
/// A sentence saying that the file could not be created or read, or that the editor could not be started, failed, or
/// did not wait. The text is never lost, because the caller still has it. The editor's output stays in the file that
/// the sentence names.
pub fn edit(text: &str, outside: &Outside) -> Result<String, String> {
    if let Some(saved) = outside.take(text) {
        return Ok(saved);
    }
    let editor = named("VISUAL")
        .or_else(|| named("EDITOR"))
        .unwrap_or_else(|| LAST_RESORT.into());
    let mut file = tempfile::Builder::new()
        .prefix("invalidash-")
        .suffix(".txt")
        .tempfile()
        .map_err(|error| format!("cannot create a temporary file for the editor: {error}"))?;
    // Editors expect a line break at the end of the last line.
    writeln!(file, "{text}").map_err(|error| format!("cannot write the temporary file for the editor: {error}"))?;
    let path = file.into_temp_path();
    let begun = Instant::now();
    match run(&editor, &path) {
        Ok(()) => match written(&path) {
            Ok(left) if left == format!("{text}\n") && begun.elapsed() < AT_ONCE => {
                Err(goes_on_elsewhere(&editor, text, path, outside))
            }
            Ok(left) => Ok(left),
            Err(reason) => Err(keep(path, &format!("the edited file cannot be read: {reason}"))),
        },
        Err(reason) => Err(keep(
            path,
            &format!("{} {reason}; the list is unchanged", editor.to_string_lossy()),
        )),
    }
}

/// Keeps the file of an editor that did not wait, and explains how to make it wait.
fn goes_on_elsewhere(editor: &OsStr, text: &str, path: tempfile::TempPath, outside: &Outside) -> String {
    let editor = editor.to_string_lossy();
    let name = editor
        .split(['/', ' '])
        .rfind(|part| !part.starts_with('-'))
        .unwrap_or_default();
    let option = WITH_WINDOW
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, option)| *option);
    let wait = match option {
        Some(option) => format!("EDITOR=\"{editor} {option}\""),
        None => "its wait option".to_owned(),
    };
    match path.keep() {
        Ok(path) => {
            outside.keep(text, path.clone());
            format!(
                "{editor} did not wait for the file to close; use {wait}. Save your changes, then open the editor again to load {}",
                path.display()
            )
        }
        Err(_) => format!("{editor} did not wait for the file to close; use {wait}"),
    }
}

/// Returns what the editor saved, whatever its encoding and line endings. In the result, every line ends with `\n`.
fn written(path: &Path) -> Result<String, String> {
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let text = import::whole(bytes, "the file").map_err(|error| error.to_string())?;
    Ok(import::split(&text).flat_map(|line| [line, "\n"]).collect())
}

fn named(variable: &str) -> Option<OsString> {
    std::env::var_os(variable).filter(|value| !value.is_empty())
}

/// Runs the editor through the shell, because `EDITOR="code --wait"` is a command line, not a program name.
fn run(editor: &OsString, path: &Path) -> Result<(), String> {
    let mut script = editor.clone();
    script.push(" \"$1\"");
    let status = super::child::with_terminal("sh")
        .arg("-c")
        .arg(script)
        .arg("sh")
        .arg(path)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("failed ({status})")),
        Err(error) => Err(format!("could not be started: {error}")),
    }
}

/// Keeps the file and adds its path to the reason.
fn keep(path: tempfile::TempPath, reason: &str) -> String {
    match path.keep() {
        Ok(path) => format!("{reason}; the file was kept as {}", path.display()),
        Err(_) => reason.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "a test may fail")]

    use super::*;

    #[test]
    fn what_any_editor_writes_is_read() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let wide: Vec<u8> = "\u{feff}/é\r\n/b".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [
            "/é\n/b\n".as_bytes(),
            "\u{feff}/é\r\n/b".as_bytes(),
            b"/\xc3\xa9\r/b\r",
            &wide,
        ] {
            std::fs::write(file.path(), bytes).unwrap();
            assert_eq!(written(file.path()).as_deref(), Ok("/é\n/b\n"), "{bytes:?}");
        }
        std::fs::write(file.path(), b"/a\n/\xff").unwrap();
        assert_eq!(
            written(file.path()).unwrap_err(),
            "the file line 2 is not valid UTF-8; save the file as UTF-8"
        );
    }
}
