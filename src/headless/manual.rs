//! `man`: generates the manual page from the command-line grammar, the table of actions and the commented
//! configuration, so that it always matches them.

use std::fmt::Write as _;

use clap::{Arg, Command};
use clap_mangen::Man;

use super::error::Error;
use super::output;
use crate::app::action::{ACTIONS, Scope};
use crate::app::keymap::Keymap;
use crate::cli;
use crate::settings::DOCUMENTATION;

/// Prints the manual page with all commands and their options.
pub(super) fn print() -> Result<u8, Error> {
    output::print(&page()?)?;
    Ok(0)
}

fn page() -> Result<String, Error> {
    let command = cli::command();
    let mut page = head(command.clone())?;
    section(&mut page, "Description", &prose(&long_about(&command)));
    section(&mut page, "Options", &arguments(&command));
    section(&mut page, "Commands", &commands(command));
    let told: Vec<_> = cli::sections().collect();
    let terms_of = |heading: &str| {
        let found = told.iter().find(|(name, _)| *name == heading);
        found.map_or_else(String::new, |(_, text)| terms(text))
    };
    section(&mut page, "Keys", &keys());
    section(&mut page, "Configuration", &configuration());
    section(&mut page, "Environment", &terms_of("Environment"));
    section(&mut page, "Files", &terms_of("Files"));
    section(&mut page, "Exit status", &terms_of("Exit codes"));
    section(&mut page, "Examples", &terms_of("Examples"));
    section(&mut page, "See also", &prose(cli::SEE_ALSO));
    Ok(tidy(&page))
}

/// Returns the title line. It has no date, because the page belongs to the version that it names.
fn head(command: Command) -> Result<String, Error> {
    let version = command.get_version().unwrap_or_default();
    let title = format!(".TH INVALIDASH 1 \"\" \"invalidash {version}\" \"User Commands\"\n");
    let mut head = title.into_bytes();
    let man = Man::new(command);
    man.render_name_section(&mut head).map_err(Error::Output)?;
    man.render_synopsis_section(&mut head).map_err(Error::Output)?;
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Removes paragraph marks made redundant by a heading.
fn tidy(page: &str) -> String {
    let before = std::iter::once("").chain(page.lines());
    let lines = before.zip(page.lines()).filter(|(before, line)| {
        let is_begun = before.starts_with(".SH") || before.starts_with(".SS");
        !(is_begun && *line == ".PP")
    });
    lines.fold(String::with_capacity(page.len()), |text, (_, line)| text + line + "\n")
}

fn section(page: &mut String, heading: &str, text: &str) {
    let _ = write!(page, ".SH {}\n{text}", heading.to_uppercase());
}

fn commands(mut command: Command) -> String {
    command.build();
    let mut text = String::new();
    for one in command.get_subcommands_mut().filter(|one| one.get_name() != "help") {
        one_command(&mut text, one);
    }
    text
}

fn one_command(text: &mut String, command: &mut Command) {
    let usage = command.render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim();
    let name = usage.split(['[', '<', '-']).next().unwrap_or_default().trim();
    let name = name.trim_start_matches("invalidash ").to_owned();
    let _ = write!(
        text,
        ".SS {}\n.PP\n\\fB{}\\fR\n",
        escaped(&name),
        escaped(usage).replace('\n', " ")
    );
    text.push_str(&prose(&long_about(command)));
    text.push_str(&arguments(command));
    let after = command.get_after_help().map(ToString::to_string);
    text.push_str(&prose(&after.unwrap_or_default()));
    for one in command.get_subcommands_mut().filter(|one| one.get_name() != "help") {
        one_command(text, one);
    }
}

fn long_about(command: &Command) -> String {
    let about = command.get_long_about().or_else(|| command.get_about());
    about.map(ToString::to_string).unwrap_or_default()
}

/// Returns the options and arguments, except those that every command has.
fn arguments(command: &Command) -> String {
    let own = command.get_arguments().filter(|one| !one.is_hide_set());
    let is_of_all = |one: &Arg| command.get_name() != "invalidash" && (one.is_global_set() || one.get_id() == "help");
    let own = own.filter(|one| !is_of_all(one));
    own.map(|one| term(&signature(one), &help(one))).collect()
}

fn signature(argument: &Arg) -> String {
    let flags = argument.get_short().map(|short| format!("-{short}")).into_iter();
    let flags: Vec<String> = flags
        .chain(argument.get_long().map(|long| format!("--{long}")))
        .collect();
    let takes_value = argument.get_action().takes_values();
    let values = argument
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .filter(|_| takes_value);
    let values: Vec<String> = values.map(ToString::to_string).collect();
    match (flags.is_empty(), values.is_empty()) {
        (true, _) => values.join(" "),
        (false, true) => flags.join(", "),
        (false, false) => format!("{} {}", flags.join(", "), values.join(" ")),
    }
}

fn help(argument: &Arg) -> String {
    let help = argument.get_long_help().or_else(|| argument.get_help());
    let mut help = help.map(ToString::to_string).unwrap_or_default();
    let values = argument.get_possible_values();
    if !values.is_empty() && !argument.is_hide_possible_values_set() && argument.get_action().takes_values() {
        let names: Vec<&str> = values.iter().map(clap::builder::PossibleValue::get_name).collect();
        let _ = write!(help, " [{}]", names.join(", "));
    }
    help
}

/// Returns the dashboard's keys, as a table for each scope.
fn keys() -> String {
    let keymap = Keymap::default();
    let mut text = prose(
        "To change a key, set it under [keys] in the configuration, using the action name shown after \
        it.",
    );
    for scope in Scope::ALL.iter().copied() {
        let _ = writeln!(text, ".SS {}", escaped(scope.title()));
        for entry in ACTIONS.iter().filter(|entry| entry.scope == scope) {
            let keys: Vec<String> = keymap.keys(entry).iter().map(|key| spelled(&key.to_string())).collect();
            text.push_str(&term(&keys.join(", "), &format!("{} ({})", entry.help, entry.id)));
        }
    }
    text
}

/// Spells a key with characters that every terminal and printer supports.
fn spelled(key: &str) -> String {
    const SIGNS: [(&str, &str); 6] = [
        ("↑", "Up"),
        ("↓", "Down"),
        ("←", "Left"),
        ("→", "Right"),
        ("␣", "Space"),
        ("↵", "Enter"),
    ];
    let mut text = key.to_owned();
    for (sign, word) in SIGNS {
        text = text.replace(sign, word);
    }
    text
}

/// Returns the commented configuration: each block of prose, followed by its settings with their defaults.
fn configuration() -> String {
    let mut text = String::new();
    for block in DOCUMENTATION.split("\n\n") {
        let lines = block.lines().filter_map(|line| line.strip_prefix('#'));
        let (said, set): (Vec<&str>, Vec<&str>) =
            lines.partition(|line| line.is_empty() || (line.starts_with(' ') && !line.starts_with("     ")));
        let said: Vec<&str> = said.into_iter().map(str::trim).collect();
        text.push_str(&prose(&said.join("\n")));
        text.push_str(&literal(&set));
    }
    text
}

/// Formats lines that consist of a term, two or more spaces, and a definition.
fn terms(text: &str) -> String {
    let lines = text.lines().map(|line| match line.split_once("  ") {
        Some((name, meaning)) => term(name, meaning.trim_start()),
        None => prose(line),
    });
    lines.collect()
}

fn term(name: &str, meaning: &str) -> String {
    format!(".TP\n\\fB{}\\fR\n{}\n", escaped(name), line(meaning))
}

/// Formats paragraphs; indented lines keep their line breaks.
fn prose(text: &str) -> String {
    let mut out = String::new();
    let (mut said, mut kept): (Vec<&str>, Vec<&str>) = (Vec::new(), Vec::new());
    for text in text.lines().chain([""]) {
        let is_kept = text.starts_with("  ");
        if !is_kept && !kept.is_empty() {
            out.push_str(&literal(&std::mem::take(&mut kept)));
        }
        if (is_kept || text.is_empty()) && !said.is_empty() {
            let _ = writeln!(out, ".PP\n{}", line(&std::mem::take(&mut said).join(" ")));
        }
        match text {
            "" => {}
            text if is_kept => kept.push(text),
            text => said.push(text),
        }
    }
    out
}

/// Formats lines literally, keeping their line breaks.
fn literal(lines: &[&str]) -> String {
    let lines: Vec<String> = lines.iter().map(|text| line(text.trim())).collect();
    if lines.is_empty() {
        return String::new();
    }
    format!(".PP\n.RS 4\n.nf\n{}\n.fi\n.RE\n", lines.join("\n"))
}

/// Formats a line of text so that roff never parses it as a request.
fn line(text: &str) -> String {
    let escaped = escaped(text.trim()).replace('\n', " ");
    if escaped.starts_with(['.', '\'']) {
        format!("\\&{escaped}")
    } else {
        escaped
    }
}

fn escaped(text: &str) -> String {
    text.replace('\\', "\\e").replace('-', "\\-")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_manual_holds_every_command_option_key_and_setting() {
        let page = page().unwrap_or_default().replace("\\-", "-");
        for command in cli::command().get_subcommands() {
            assert!(
                page.contains(&format!(".SS {}\n", command.get_name())),
                "{}",
                command.get_name()
            );
            for option in command.get_arguments().filter_map(Arg::get_long) {
                assert!(page.contains(&format!("--{option}")), "{option}");
            }
        }
        for option in cli::command().get_arguments().filter_map(Arg::get_long) {
            assert!(page.contains(&format!("--{option}")), "{option}");
        }
        for entry in ACTIONS {
            assert!(page.contains(&format!("({})", entry.id)), "{}", entry.id);
        }
        let settings = DOCUMENTATION.lines().filter_map(|line| line.strip_prefix('#'));
        for setting in settings.filter(|line| !line.starts_with(' ') && !line.is_empty()) {
            assert!(page.contains(setting), "{setting}");
        }
    }

    #[test]
    fn a_line_of_text_is_never_taken_for_an_instruction() {
        assert_eq!(line(".so /etc/passwd"), "\\&.so /etc/passwd");
        assert_eq!(line("'x a\\b --c"), "\\&'x a\\eb \\-\\-c");
        assert_eq!(
            prose("one\ntwo\n\n  .kept\n  'x\nthree"),
            ".PP\none two\n.PP\n.RS 4\n.nf\n\\&.kept\n\\&'x\n.fi\n.RE\n.PP\nthree\n"
        );
    }
}
