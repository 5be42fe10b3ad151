//! The README says what the tables say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;

use invalidash::app::action::{ACTIONS, Scope};
use invalidash::app::keymap::Keymap;

const README: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
const BEGIN: &str = "<!-- keys: begin -->\n";
const END: &str = "<!-- keys: end -->";

/// The keys as the README lists them: a table for each place.
fn keys() -> String {
    let keymap = Keymap::default();
    let mut text = String::new();
    for scope in Scope::ALL {
        let _ = write!(
            text,
            "\n**{}**\n\n| keys | what they do | action |\n|---|---|---|\n",
            scope.title()
        );
        for entry in ACTIONS.iter().filter(|entry| entry.scope == scope) {
            let keys: Vec<_> = keymap.keys(entry.action).iter().map(|key| format!("`{key}`")).collect();
            let _ = writeln!(text, "| {} | {} | `{}` |", keys.join(" "), entry.help, entry.id);
        }
    }
    text.push('\n');
    text
}

/// With `UPDATE_README=1` in the environment the section is written anew.
#[test]
fn the_keys_are_those_of_the_table() {
    let readme = std::fs::read_to_string(README).unwrap();
    let (head, rest) = readme.split_once(BEGIN).unwrap();
    let (section, tail) = rest.split_once(END).unwrap();
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(README, format!("{head}{BEGIN}{}{END}{tail}", keys())).unwrap();
    } else {
        assert_eq!(
            section,
            keys(),
            "run this test with UPDATE_README=1 to write the keys anew"
        );
    }
}
