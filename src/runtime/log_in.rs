//! Logs in from within the program by handing the terminal over to the login command, as to an editor.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitStatus;

use super::child::{self, Terminal};
use super::credentials::Connection;
use crate::domain::failure::Failure;
use crate::domain::text::visible;
use crate::settings::Profile;

/// Runs the login command for a connection's profile: the one from the settings, or else the AWS CLI's command for that
/// kind of profile. Does nothing for a profile whose credentials need no login or come from a program that prompts.
pub(super) async fn log_in(connection: &Connection, profiles: &BTreeMap<String, Profile>) -> Result<(), Failure> {
    let own = profiles.get(connection.profile()).map(|profile| profile.login.clone());
    let words = own
        .filter(|words| !words.is_empty())
        .or_else(|| connection.login_command());
    let Some(words) = words else { return Ok(()) };
    let command = in_words(&words);
    tell(&format!("invalidash: running {command}"));
    let ended = run(&words).await;
    let wrong = match ended {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => format!("`{command}` failed ({status})"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let program = words.first().map_or("", String::as_str);
            format!("{} is not installed, or not on the PATH", visible(program))
        }
        Err(error) => format!("`{command}` cannot be started: {error}"),
    };
    Err(Failure::Credentials(format!(
        "login with profile {} failed: {wrong}",
        visible(connection.profile())
    )))
}

async fn run(words: &[String]) -> io::Result<ExitStatus> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let mut command = child::for_credentials(program, Terminal::HandedOver);
    command.args(arguments);
    tokio::process::Command::from(command).kill_on_drop(true).status().await
}

/// Returns a command as the user would type it, for display only.
fn in_words(words: &[String]) -> String {
    visible(&words.join(" ")).into_owned()
}

/// Prints a line that names the command about to use the terminal.
fn tell(line: &str) {
    // If the terminal no longer accepts bytes, nobody is there to read the line.
    let _ = writeln!(io::stdout(), "{line}");
}
