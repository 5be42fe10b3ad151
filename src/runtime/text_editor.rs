//! `$VISUAL` or `$EDITOR` on a text, with the terminal handed over.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::Path;

/// The editor where none is named; every system has it.
const LAST_RESORT: &str = "vi";

/// Lets a person edit the text; returns it as they left it.
///
/// # Errors
/// A sentence: the file could not be made or read, the editor could not be started, or it ended with an error. The
/// text is lost by none of them, since the caller still has it; what the editor wrote is kept in the file that is named.
pub fn edit(text: &str) -> Result<String, String> {
    let editor = named("VISUAL")
        .or_else(|| named("EDITOR"))
        .unwrap_or_else(|| LAST_RESORT.into());
    let mut file = tempfile::Builder::new()
        .prefix("invalidash-")
        .suffix(".txt")
        .tempfile()
        .map_err(|error| format!("no temporary file could be made for the editor: {error}"))?;
    // An editor expects the last line to be ended.
    writeln!(file, "{text}").map_err(|error| format!("the text could not be handed to the editor: {error}"))?;
    let path = file.into_temp_path();
    match run(&editor, &path) {
        Ok(()) => std::fs::read_to_string(&path)
            .map_err(|error| keep(path, &format!("what the editor left cannot be read: {error}"))),
        Err(reason) => Err(keep(
            path,
            &format!("{}: {reason}; the list is as it was", editor.to_string_lossy()),
        )),
    }
}

fn named(variable: &str) -> Option<OsString> {
    std::env::var_os(variable).filter(|value| !value.is_empty())
}

/// Through the shell, since `EDITOR="code --wait"` is a command line and not a name.
fn run(editor: &OsString, path: &Path) -> Result<(), String> {
    let mut script = editor.clone();
    script.push(" \"$1\"");
    let status = super::child::command("sh")
        .arg("-c")
        .arg(script)
        .arg("sh")
        .arg(path)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("it ended with {status}")),
        Err(error) => Err(format!("it could not be started: {error}")),
    }
}

/// Leaves the file where it is, and says so.
fn keep(path: tempfile::TempPath, reason: &str) -> String {
    match path.keep() {
        Ok(path) => format!("{reason}; its file is {}", path.display()),
        Err(_) => reason.to_owned(),
    }
}
