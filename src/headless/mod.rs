//! The commands without a screen: they print where the dashboard draws.
//!
//! What a command found goes to standard output, everything else to standard error. A reader that goes away early ends the
//! printing quietly and changes nothing about the exit code.

mod check;
mod completions;
mod connect;
mod distributions;
mod emulator;
mod error;
mod info;
mod items;
mod output;
mod signal;
mod table;

use std::io::{self, Write};

pub use self::error::Error;
use crate::cli::Command;
use crate::domain::text::visible;
use crate::settings::Settings;

/// Does what the command says and gives the exit code.
#[must_use]
pub fn run(command: Command, settings: &Settings) -> u8 {
    tell_warnings(settings);
    match carry_out(command, settings) {
        Ok(code) => code,
        Err(error) => {
            tell(&error.to_string());
            error.exit_code()
        }
    }
}

/// Says a sentence on standard error. It may hold text from outside.
pub fn tell(sentence: &str) {
    // Not `eprintln!`, which panics when nobody listens.
    let _ = writeln!(io::stderr(), "invalidash: {}", visible(sentence));
}

fn tell_warnings(settings: &Settings) {
    settings.warnings.iter().for_each(|warning| tell(warning));
}

fn carry_out(command: Command, settings: &Settings) -> Result<u8, Error> {
    match command {
        Command::Distributions(arguments) => distributions::run(arguments.output, settings),
        Command::Check(arguments) => check::run(arguments),
        Command::Emulator(arguments) => emulator::run(&arguments),
        Command::Info(arguments) => info::run(arguments.output, settings),
        Command::Completions { shell } => completions::shell(shell),
        Command::Man => completions::manual(),
    }
}
