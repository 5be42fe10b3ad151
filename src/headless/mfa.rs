//! Prompts for the code of an MFA device in the terminal, as the AWS CLI does. The input is not echoed.

use std::io::{self, IsTerminal as _, Read as _};
use std::os::fd::AsFd as _;

use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

use super::connect::lookup_with;
use super::error::Error;
use super::report::say;
use super::signal::Stop;
use crate::domain::failure::{CodeNeeded, Failure};
use crate::domain::mfa::{DIGITS, MfaCode};
use crate::runtime::credentials::Connection;
use crate::settings::Settings;

/// The maximum number of prompts: a device shows a new code every 30 seconds.
const ATTEMPTS: usize = 3;

/// The exit code after Ctrl-C, the same as for a program killed by SIGINT.
const INTERRUPTED: u8 = 130;

/// The user's input.
enum Typed {
    Code(MfaCode),
    /// Text that is not a code.
    NoCode,
    /// An empty line, or the end of the input.
    Nothing,
    Interrupted,
}

/// Loads credentials that need a code, if a user is present to type it, and returns the connection. Otherwise returns
/// the connection unchanged, and its first use reports what is missing.
pub(super) async fn with_code(connection: Connection, settings: &Settings) -> Result<Connection, Error> {
    let is_person = io::stdin().is_terminal() && io::stderr().is_terminal();
    if !is_person || !connection.may_need_code() {
        return Ok(connection);
    }
    let mut connection = connection;
    for _ in 0..ATTEMPTS {
        let Err(Failure::CodeNeeded(needed)) = connection.credentials().await else {
            return Ok(connection);
        };
        let code = asked(&needed).await?;
        connection = lookup_with(settings, Some(code)).await?;
    }
    connection.credentials().await?;
    Ok(connection)
}

async fn asked(needed: &CodeNeeded) -> Result<MfaCode, Error> {
    // Created before anything is printed, so that input typed ahead of a prompt is not echoed either.
    let _hidden = Hidden::begin().map_err(Error::Start)?;
    if needed.refused {
        say("Not accepted. Wait for the next code\n");
    }
    loop {
        let prompt = format!("MFA code for {}: ", needed.device);
        let typed = tokio::task::spawn_blocking(move || read_hidden(&prompt)).await;
        let typed = typed.unwrap_or_else(|error| Err(io::Error::other(error)));
        say("\n");
        match typed.map_err(Error::Start)? {
            Typed::Code(code) => return Ok(code),
            Typed::NoCode => say(&format!("The code must have {DIGITS} digits\n")),
            Typed::Nothing => return Err(Failure::CodeNeeded(needed.clone()).into()),
            Typed::Interrupted => return Err(Error::Stopped(Stop::Signal(INTERRUPTED))),
        }
    }
}

/// A guard that turns off echo and line buffering until it is dropped. Ctrl-C is read as a key, because killing the
/// program would leave the terminal without echo.
struct Hidden(Termios);

impl Hidden {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin().as_fd())?;
        let mut hidden = before.clone();
        hidden
            .local_modes
            .remove(LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG);
        tcsetattr(io::stdin().as_fd(), OptionalActions::Flush, &hidden)?;
        Ok(Self(before))
    }
}

impl Drop for Hidden {
    fn drop(&mut self) {
        // If the terminal is gone, there is nothing to restore.
        let _ = tcsetattr(io::stdin().as_fd(), OptionalActions::Flush, &self.0);
    }
}

/// Prompts for a line and reads it, blocking the thread. [`Hidden`] prevents the input from being echoed.
fn read_hidden(prompt: &str) -> io::Result<Typed> {
    say(prompt);
    let mut line = Vec::new();
    for byte in io::stdin().lock().bytes() {
        match byte? {
            3 | 28 => return Ok(Typed::Interrupted),
            4 | b'\r' | b'\n' => break,
            8 | 127 => drop(line.pop()),
            21 => line.clear(),
            byte if line.len() < 64 => line.push(byte),
            _ => {}
        }
    }
    let text = String::from_utf8_lossy(&line);
    Ok(match MfaCode::new(&text) {
        Some(code) => Typed::Code(code),
        None if text.trim().is_empty() => Typed::Nothing,
        None => Typed::NoCode,
    })
}
