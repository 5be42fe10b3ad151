//! The headless commands: they print instead of drawing a dashboard.
//!
//! A command's result goes to standard output, everything else to standard error. If the reader of the output goes
//! away early, printing stops silently and the exit code does not change.

mod aim;
mod candidates;
mod check;
mod completions;
mod config;
mod connect;
mod create;
mod distributions;
mod emulator;
mod engine;
mod error;
mod history;
mod in_order;
mod info;
mod items;
mod list;
mod look;
mod manual;
mod mfa;
mod missing;
mod output;
mod policies;
mod print;
mod progress;
mod report;
mod resume;
mod runtime;
mod sending;
mod show;
mod signal;
mod table;
mod targets;
mod usage;
mod wait;

pub use self::completions::complete;
pub use self::error::Error;
pub use self::report::{Problem, tell, usage};
use crate::cli::{Command, Options};
use crate::settings::Settings;

/// Runs a command and returns its exit code.
#[must_use]
pub fn run(command: Command, settings: &Settings) -> u8 {
    let form = command.output();
    settings.warnings.iter().for_each(|warning| report::warn(warning, form));
    carry_out(command, settings).unwrap_or_else(|error| error.problem().tell(form))
}

/// Runs a command that needs no settings.
#[must_use]
pub fn run_without_settings(command: &Command, options: &Options) -> u8 {
    let form = command.output();
    let done = match command {
        Command::Config(arguments) => config::run(arguments, options),
        Command::Completions { shell } => completions::print(*shell),
        _ => manual::print(),
    };
    done.unwrap_or_else(|error| error.problem().tell(form))
}

fn carry_out(command: Command, settings: &Settings) -> Result<u8, Error> {
    match command {
        Command::Distributions(arguments) => distributions::run(arguments.output, settings),
        Command::List(arguments) => list::run(&arguments, settings),
        Command::Show(arguments) => show::run(&arguments, settings),
        Command::Create(arguments) => create::run(&arguments, settings),
        Command::Resume(arguments) => resume::run(&arguments, settings),
        Command::Wait(arguments) => wait::run(&arguments, settings),
        Command::Check(arguments) => check::run(&arguments),
        Command::Emulator(arguments) => emulator::run(&arguments),
        Command::Info(arguments) => info::run(arguments.output, settings),
        Command::History(arguments) => history::run(&arguments, settings),
        Command::Usage(arguments) => usage::run(&arguments, settings),
        // These are handled by `run_without_settings`.
        Command::Config(_) | Command::Completions { .. } | Command::Man => Ok(0),
    }
}
