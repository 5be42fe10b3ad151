//! `config`: prints the commented default file, or checks a user's file.

use std::path::{Path, PathBuf};

use serde::Serialize;

use super::error::Error;
use super::output;
use super::report::tell;
use crate::cli::{Config, ConfigAction, ConfigCheck, Options, Output};
use crate::domain::text::visible;
use crate::runtime::start;
use crate::settings::{self, DOCUMENTATION, Settings, line_of};

/// Prints the default file, or checks a file.
pub(super) fn run(arguments: &Config, options: &Options) -> Result<u8, Error> {
    match &arguments.action {
        None => output::print(DOCUMENTATION).map(|()| 0),
        Some(ConfigAction::Check(arguments)) => check(arguments, options),
    }
}

fn check(arguments: &ConfigCheck, options: &Options) -> Result<u8, Error> {
    let file = match &arguments.file {
        Some(file) => file.clone(),
        None => in_use(options)?,
    };
    let named = arguments.file.is_some() || options.config.is_some();
    let is_there = named || file.exists();
    let mistakes = if is_there { mistakes(&file)? } else { Vec::new() };
    print(&file, is_there, &mistakes, arguments.output)?;
    Ok(if mistakes.is_empty() { 0 } else { 2 })
}

fn in_use(options: &Options) -> Result<PathBuf, Error> {
    let environment = |name: &str| std::env::var_os(name);
    Settings::config_file(options, &environment).map_err(|error| Error::Settings(error.to_string()))
}

/// A mistake in a configuration file.
#[derive(Serialize)]
struct Mistake {
    line: usize,
    message: String,
}

/// Returns the mistakes in a file, or an error without a line if the file cannot be read.
fn mistakes(file: &Path) -> Result<Vec<Mistake>, Error> {
    match Settings::of_file(file) {
        Ok(settings) => Ok(of_keys(file, &settings)),
        Err(settings::Error::Wrong { line, reason, .. }) => Ok(vec![Mistake { line, message: reason }]),
        Err(error) => Err(Error::Settings(error.to_string())),
    }
}

/// Returns the mistakes in key bindings. Only the dashboard knows the actions and keys.
fn of_keys(file: &Path, settings: &Settings) -> Vec<Mistake> {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    let line = |mistake: &str| {
        let mut words = mistake.split([' ', ':', ';', ',']);
        let of_action = words.find_map(|word| {
            settings
                .keys
                .contains_key(word)
                .then(|| line_of(&text, &["keys", word]))
        });
        of_action.flatten().unwrap_or(1)
    };
    let mistakes = start::mistaken_keys(settings).into_iter();
    mistakes
        .map(|message| Mistake {
            line: line(&message),
            message: visible(&message).into_owned(),
        })
        .collect()
}

fn print(file: &Path, is_there: bool, mistakes: &[Mistake], form: Output) -> Result<(), Error> {
    let name = visible(&file.to_string_lossy()).into_owned();
    let document = serde_json::json!({
        "file": name, "exists": is_there, "ok": mistakes.is_empty(), "mistakes": mistakes,
    });
    if mistakes.is_empty() && !form.is_json() {
        tell(&format!(
            "{name}: {}",
            if is_there {
                "no errors"
            } else {
                "no such file; all settings use their defaults"
            }
        ));
    }
    let lines = |line: fn(&str, &Mistake) -> String| mistakes.iter().map(|mistake| line(&name, mistake)).collect();
    let cells = |name: &str, mistake: &Mistake| format!("{name}\t{}\t{}\n", mistake.line, mistake.message);
    let words = |name: &str, mistake: &Mistake| format!("{name}:{}: {}\n", mistake.line, mistake.message);
    output::print_as(form, &document, || lines(cells), || lines(words))
}
