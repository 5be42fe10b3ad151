//! Suggests the nearest command if the word in the command's position is not a command, regardless of what else is
//! wrong with the command line.

use std::ffi::{OsStr, OsString};

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// Returns the error for a word that looks like a command but is not one. After `help`, the word is the one that clap
/// did not recognize.
pub(super) fn refusal(words: &[OsString], error: Option<&clap::Error>) -> Option<clap::Error> {
    use ErrorKind::{DisplayHelp, DisplayVersion, InvalidSubcommand};
    let mut command = super::command();
    let word = match error.map(clap::Error::kind) {
        Some(DisplayHelp | DisplayVersion) => return None,
        Some(InvalidSubcommand) => helped(error?),
        _ => first_word(words, &command),
    }?;
    let names: Vec<&str> = command.get_subcommands().map(Command::get_name).collect();
    if names.contains(&word.as_str()) || word == "help" {
        return None;
    }
    let (distance, nearest) = names
        .iter()
        .map(|name| (distance(name, &word.to_ascii_lowercase()), *name))
        .min()?;
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    // A word with capital letters or digits is probably an id, unless it is almost the name of a command.
    if !is_word && distance > 1 {
        return None;
    }
    // A word with a hyphen that is not similar to any command is taken as the name of a tenant.
    if is_word && word.contains('-') && distance * 2 > nearest.len() {
        return None;
    }
    // Up to half of the letters may be wrong; beyond that, a suggestion would be a guess.
    let hint = (distance * 2 <= nearest.len()).then(|| format!("; did you mean {nearest}?"));
    let sentence = format!("no such command: {word}{}", hint.unwrap_or_default());
    Some(command.error(InvalidSubcommand, sentence))
}

/// Returns the unknown word after `help`; a word after a command with subcommands is ignored.
fn helped(error: &clap::Error) -> Option<String> {
    let usage = error.get(ContextKind::Usage)?.to_string();
    match error.get(ContextKind::InvalidSubcommand) {
        Some(ContextValue::String(word)) if usage.contains("[TARGET]") => Some(word.clone()),
        _ => None,
    }
}

/// Returns the first word that is neither an option nor an option's value.
fn first_word(words: &[OsString], command: &Command) -> Option<String> {
    let mut words = words.iter().skip(1).map(OsString::as_os_str);
    while let Some(word) = words.next().map(OsStr::to_str) {
        let word = word?;
        match word.strip_prefix("--") {
            Some("") => return None,
            Some(option) if takes_value(command, option) => drop(words.next()),
            None if !word.starts_with('-') => return Some(word.to_owned()),
            _ => {}
        }
    }
    None
}

fn takes_value(command: &Command, option: &str) -> bool {
    let all = std::iter::once(command).chain(command.get_subcommands());
    let mut known = all.flat_map(Command::get_arguments);
    known.any(|one| one.get_long() == Some(option) && one.get_action().takes_values())
}

/// Returns the edit distance: the number of letters to insert, delete or change.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (at, a) in one.bytes().enumerate() {
        let mut left = at + 1;
        let mut diagonal = at;
        for (place, b) in row.iter_mut().skip(1).zip(other.bytes()) {
            let best = (diagonal + usize::from(a != b)).min(left + 1).min(*place + 1);
            diagonal = std::mem::replace(place, best);
            left = best;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_are_counted() {
        for (one, other, expected) in [
            ("list", "list", 0),
            ("crate", "create", 1),
            ("shwo", "show", 2),
            ("", "abc", 3),
        ] {
            assert_eq!(distance(one, other), expected, "{one} {other}");
        }
    }
}
