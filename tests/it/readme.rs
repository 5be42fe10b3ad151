//! README and docs agree with the tables in the code, and their links lead to the right place.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use invalidash::app::action::{ACTIONS, Scope};
use invalidash::app::keymap::Keymap;
use invalidash::domain::reasons::{self, Reason};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const KEYS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/keys.md");
const TROUBLESHOOTING: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/troubleshooting.md");
const BEGIN: &str = "<!-- keys: begin -->\n";
const END: &str = "<!-- keys: end -->";

/// A README that is longer is not read; the rest has its place in `docs/`.
const LONGEST_README: usize = 150;

/// The keys as `docs/keys.md` lists them: a table for each place.
fn keys() -> String {
    let keymap = Keymap::default();
    let mut text = String::new();
    for scope in Scope::ALL.iter().copied() {
        let _ = write!(
            text,
            "\n**{}**\n\n| keys | what they do | action |\n|---|---|---|\n",
            scope.title()
        );
        for entry in ACTIONS.iter().filter(|entry| entry.scope == scope) {
            let keys: Vec<_> = keymap.keys(entry).iter().map(|key| format!("`{key}`")).collect();
            let keys = if keys.is_empty() {
                "in the palette".to_owned()
            } else {
                keys.join(" ")
            };
            let _ = writeln!(text, "| {keys} | {} | `{}` |", entry.help, entry.id);
        }
    }
    text.push('\n');
    text
}

/// Holds a section of a page to what a table says. With `UPDATE_README=1` in the environment it is written anew.
fn hold(page: &str, (begin, end): (&str, &str), expected: &str) {
    let text = std::fs::read_to_string(page).unwrap();
    let (head, rest) = text.split_once(begin).unwrap();
    let (section, tail) = rest.split_once(end).unwrap();
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(page, format!("{head}{begin}{expected}{end}{tail}")).unwrap();
    } else {
        assert_eq!(
            section, expected,
            "run this test with UPDATE_README=1 to write the section anew"
        );
    }
}

#[test]
fn the_keys_are_those_of_the_table() {
    hold(KEYS, (BEGIN, END), &keys());
}

/// What each code means, as `docs/troubleshooting.md` explains it.
#[test]
fn the_refusals_are_those_of_the_table() {
    let mut text = "\n| code | what happened | why, usually | what to do |\n|---|---|---|---|\n".to_owned();
    for Reason { codes, what, why, next } in reasons::all() {
        let codes: Vec<_> = codes.iter().map(|code| format!("`{code}`")).collect();
        let _ = writeln!(text, "| {} | {what} | {why} | {next} |", codes.join(" "));
    }
    text.push('\n');
    let marks = ("<!-- reasons: begin -->\n", "<!-- reasons: end -->\n");
    hold(TROUBLESHOOTING, marks, &text);
}

#[test]
fn the_readme_is_short() {
    let readme = std::fs::read_to_string(Path::new(ROOT).join("README.md")).unwrap();
    assert!(readme.lines().count() <= LONGEST_README);
}

/// The pages that people read.
fn pages() -> Vec<PathBuf> {
    let markdown = |folder: &Path| -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries
            .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
            .collect()
    };
    [markdown(Path::new(ROOT)), markdown(&Path::new(ROOT).join("docs"))].concat()
}

/// What the links of a page point at: `[text](target)`.
fn links(page: &str) -> impl Iterator<Item = &str> {
    let after = page.split("](").skip(1);
    after.filter_map(|rest| rest.split_once(')').map(|(target, _)| target))
}

/// The anchor that a heading gets, as GitHub makes it.
fn anchor(heading: &str) -> String {
    let kept = heading
        .trim()
        .chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

fn has_heading(page: &Path, wanted: &str) -> bool {
    let text = std::fs::read_to_string(page).unwrap_or_default();
    let mut headings = text.lines().filter(|line| line.starts_with('#'));
    headings.any(|line| anchor(line.trim_start_matches('#')) == wanted)
}

#[test]
fn links_lead_to_files_and_headings_that_there_are() {
    let mut dead = Vec::new();
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for link in links(&text).filter(|link| !link.contains("://")) {
            let (file, heading) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                page.clone()
            } else {
                page.parent().unwrap().join(file)
            };
            if !target.exists() || !(heading.is_empty() || has_heading(&target, heading)) {
                dead.push(format!("{}: {link}", page.display()));
            }
        }
    }
    assert_eq!(dead, Vec::<String>::new());
}
