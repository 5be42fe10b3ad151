//! Logging in from inside: the program that does it has the terminal, as an editor has it.

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::ExitStatus;

use super::child::{self, Terminal};
use super::credentials::Connection;
use crate::domain::failure::Failure;
use crate::domain::text::visible;
use crate::settings::Profile;

/// Runs what logs in to the profile of a connection: what the settings name for it, else what the AWS CLI has for its kind. A
/// profile whose keys come by themselves, or from a program that asks, needs nothing before they are loaded.
pub(super) async fn log_in(connection: &Connection, profiles: &BTreeMap<String, Profile>) -> Result<(), Failure> {
    let own = profiles.get(connection.profile()).map(|profile| profile.login.clone());
    let words = own
        .filter(|words| !words.is_empty())
        .or_else(|| connection.login_command());
    let Some(words) = words else { return Ok(()) };
    let command = in_words(&words);
    tell(&format!("invalidash runs {command}"));
    let ended = run(&words).await;
    let wrong = match ended {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => format!("`{command}` ended with {status}"),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let program = words.first().map_or("", String::as_str);
            format!("{} is not installed here, or not on the PATH", visible(program))
        }
        Err(error) => format!("`{command}` cannot be started: {error}"),
    };
    Err(Failure::Credentials(format!(
        "the login to the profile {} failed: {wrong}",
        visible(connection.profile())
    )))
}

async fn run(words: &[String]) -> io::Result<ExitStatus> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(io::ErrorKind::NotFound.into());
    };
    let mut command = child::for_credentials(program, Terminal::Lent);
    command.args(arguments);
    tokio::process::Command::from(command).kill_on_drop(true).status().await
}

/// As a person would type it, to be read and not to be run.
fn in_words(words: &[String]) -> String {
    visible(&words.join(" ")).into_owned()
}

/// Says what has the terminal now.
fn tell(line: &str) {
    // A terminal that takes no bytes has no reader.
    let _ = writeln!(io::stdout(), "{line}");
}
