//! A word in the place of a command that is none: the nearest command is named.

use clap::Command;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// The error, or a plainer one where a word looks like a command.
pub(super) fn named(error: clap::Error, command: &Command) -> clap::Error {
    let Some(word) = word(&error) else { return error };
    let mut command = command.clone();
    let names = command.get_subcommands().map(|one| one.get_name().to_owned());
    let nearest = names.map(|name| (distance(&name, &word), name)).min();
    // Half of the letters may be wrong; beyond that it is a guess.
    let hint = nearest.filter(|(distance, name)| distance * 2 <= name.len());
    let hint = hint
        .map(|(_, name)| format!("; did you mean {name}?"))
        .unwrap_or_default();
    command.error(
        ErrorKind::InvalidSubcommand,
        format!("there is no such command: {word}{hint}"),
    )
}

/// The word that was taken for a target and looks like a command.
fn word(error: &clap::Error) -> Option<String> {
    let is_target =
        matches!(error.get(ContextKind::InvalidArg), Some(ContextValue::String(name)) if name == "[TARGET]");
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidValue) else {
        return None;
    };
    let is_word = !word.is_empty() && word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
    (is_target && is_word).then(|| word.clone())
}

/// How many letters have to be put in, taken out or changed.
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
