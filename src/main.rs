//! The program's entry point: arguments → settings → run → exit code.

use std::process::ExitCode;

use invalidash::cli::{self, Arguments, Command, Output};
use invalidash::headless::{Problem, complete, run, run_without_settings, tell, usage};
use invalidash::runtime::dashboard::{self, Ended};
use invalidash::runtime::{clock, fatal, log, terminal};
use invalidash::settings::{Error, Settings};
use tempfile::TempDir;

pub(crate) fn main() -> ExitCode {
    if let Some(code) = complete() {
        return ExitCode::from(code);
    }
    let words: Vec<_> = std::env::args_os().collect();
    let code = match cli::parse(&words) {
        Ok(arguments) => start(arguments),
        Err(stop) if cli::asks_for_json(&words) => usage(&stop, Output::Json),
        Err(stop) => usage(&stop, Output::Table),
    };
    ExitCode::from(code)
}

/// Runs the program with parsed arguments. The demo's temporary folder exists until this function returns.
fn start(arguments: Arguments) -> u8 {
    if let Some(command) = arguments.command.as_ref().filter(|one| one.needs_no_settings()) {
        return run_without_settings(command, &arguments.options);
    }
    let form = arguments.command.as_ref().map_or(Output::Table, Command::output);
    let folder = match arguments.options.demo.then(demo_folder).transpose() {
        Ok(folder) => folder,
        Err(error) => {
            let sentence = format!("cannot create a temporary folder: {error}; set TMPDIR to a writable one");
            return Problem::new("temporary-folder", sentence, 1).tell(form);
        }
    };
    match decide(&arguments, folder.as_ref()) {
        Ok(settings) => begin(arguments.command, settings),
        Err(error) => Problem::new("settings", error.to_string(), 2).tell(form),
    }
}

fn demo_folder() -> std::io::Result<TempDir> {
    tempfile::Builder::new().prefix("invalidash-demo-").tempdir()
}

fn decide(arguments: &Arguments, folder: Option<&TempDir>) -> Result<Settings, Error> {
    let environment = |name: &str| std::env::var_os(name);
    Settings::decide(
        &arguments.options,
        arguments.target.clone(),
        &environment,
        folder.map(TempDir::path),
    )
}

fn begin(command: Option<Command>, mut settings: Settings) -> u8 {
    terminal::crash::install(settings.state_dir.clone(), env!("CARGO_PKG_VERSION"));
    fatal::install();
    match command {
        Some(command) => {
            if command.asks_the_network() {
                if let Err(sentence) = clock::check(clock::now()) {
                    return Problem::new("clock", sentence, 1).tell(command.output());
                }
                settings.warnings.extend(log::begin(&settings).err());
            }
            run(command, &settings)
        }
        None => dashboard(settings),
    }
}

fn dashboard(mut settings: Settings) -> u8 {
    if let Err(refusal) = terminal::check() {
        return fail(&refusal.to_string(), 2);
    }
    if let Err(sentence) = clock::check(clock::now()) {
        return fail(&sentence, 1);
    }
    settings.warnings.extend(log::begin(&settings).err());
    match dashboard::run(&settings) {
        Ok(Ended::Code(code)) => code,
        Ok(Ended::ForDemo) => fail(&dashboard::open_demo(), 1),
        Err(stopped) => fail(&stopped.sentence, stopped.code),
    }
}

fn fail(sentence: &str, code: u8) -> u8 {
    tell(sentence);
    code
}
