//! The house rules that a compiler does not hold: who may import what, and how large a module may grow.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

mod cycles;

/// What each module may take from the rest of the crate.
const MODULES: &[(&str, &[&str])] = &[
    ("domain", &["domain"]),
    ("engine", &["engine", "domain"]),
    ("app", &["app", "engine", "domain"]),
    ("ui", &["ui", "app", "engine", "domain", "settings"]),
    (
        "runtime",
        &["runtime", "app", "engine", "domain", "emulator", "settings", "ui"],
    ),
    (
        "headless",
        &[
            "headless", "app", "engine", "cli", "domain", "emulator", "runtime", "settings",
        ],
    ),
    ("cli", &["cli", "domain", "settings"]),
    ("settings", &["settings", "cli", "domain"]),
    ("emulator", &["emulator"]),
];

/// Crates of the shell that the pure modules must not know.
const SHELL: &[&str] = &[
    "tokio",
    "aws_sdk",
    "aws_config",
    "aws_smithy",
    "rusqlite",
    "hyper",
    "crossterm",
    "std::fs",
    "std::env",
    "std::net",
    "Utc::now",
    "Local::now",
    "Instant::now",
    "SystemTime",
];

/// What a module must not hold, besides what it may not import.
const FORBIDDEN: &[(&str, &[&str])] = &[
    ("domain", SHELL),
    ("engine", SHELL),
    ("app", SHELL),
    (
        "ui",
        &[
            "tokio",
            "aws_sdk",
            "aws_config",
            "aws_smithy",
            "rusqlite",
            "hyper",
            "std::fs",
            "std::env",
            "std::net",
            "Utc::now",
            "Local::now",
            "Instant::now",
            "SystemTime",
        ],
    ),
    (
        "emulator",
        &[
            "aws_sdk",
            "aws_config",
            "aws_smithy",
            "rusqlite",
            "ratatui",
            "crossterm",
        ],
    ),
    ("headless", &["crate::ui", "ratatui"]),
];

/// Where programs are started: there, what they find in their environment is decided.
const STARTS: &str = "runtime/child.rs";

/// Files that hold more than this are two files.
const LONGEST: usize = 400;

fn sources() -> BTreeMap<PathBuf, String> {
    let mut found = BTreeMap::new();
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), &mut found);
    found
}

fn collect(folder: &Path, found: &mut BTreeMap<PathBuf, String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            found.insert(path, text);
        }
    }
}

/// The module that a file belongs to: its first folder, or its own name.
fn module(path: &Path) -> String {
    let inside = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    inside
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy()
        .trim_end_matches(".rs")
        .to_owned()
}

/// The lines of a file that are neither comments nor tests.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let tests = text.find("#[cfg(test)]\nmod tests {").unwrap_or(text.len());
    text[..tests]
        .lines()
        .enumerate()
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

fn is_test(path: &Path) -> bool {
    path.file_stem().is_some_and(|name| name == "tests") || path.components().any(|part| part.as_os_str() == "tests")
}

#[test]
fn modules_know_only_whom_they_may() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let module = module(&path);
        let Some((_, allowed)) = MODULES.iter().find(|(name, _)| *name == module) else {
            continue;
        };
        for (line, words) in code(&text) {
            for (at, _) in words.match_indices("crate::") {
                let rest = &words[at + "crate::".len()..];
                let name: String = rest
                    .chars()
                    .take_while(|c| c.is_ascii_alphanumeric() || *c == '_')
                    .collect();
                let is_module = MODULES.iter().any(|(known, _)| *known == name);
                if is_module && !allowed.contains(&name.as_str()) {
                    faults.push(format!("{}:{}: {module} imports {name}", path.display(), line + 1));
                }
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn the_pure_modules_hold_nothing_of_the_shell() {
    let mut faults = Vec::new();
    for (path, text) in sources() {
        let module = module(&path);
        if is_test(&path) {
            continue;
        }
        for (_, words) in FORBIDDEN.iter().filter(|(name, _)| *name == module) {
            for (line, code) in code(&text) {
                faults.extend(
                    words
                        .iter()
                        .filter(|word| code.contains(**word))
                        .map(|word| format!("{}:{}: {word}", path.display(), line + 1)),
                );
            }
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn no_file_is_two_files() {
    let long: Vec<_> = sources()
        .into_iter()
        .filter(|(path, _)| !is_test(path))
        .map(|(path, text)| (code(&text).count(), path))
        .filter(|(lines, _)| *lines > LONGEST)
        .collect();
    assert_eq!(long, Vec::new());
}

#[test]
fn what_is_not_finished_is_not_there() {
    let marks = [
        concat!("todo", "!"),
        concat!("unimplemented", "!"),
        concat!("FIX", "ME"),
        concat!("#[", "allow("),
    ];
    let faults: Vec<_> = sources()
        .iter()
        .flat_map(|(path, text)| {
            marks
                .iter()
                .filter(|mark| text.contains(**mark))
                .map(move |mark| format!("{}: {mark}", path.display()))
        })
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

/// Beginnings of words in British spelling. The ledger's table `favourite` has had its name since the first version, and
/// so have two actions in the configuration.
const BRITISH: &[&str] = &[
    concat!("col", "our"),
    concat!("behavi", "our"),
    concat!("catal", "ogue"),
    concat!("cent", "re"),
    concat!("label", "led"),
    concat!("neighb", "our"),
    concat!("organ", "is"),
    concat!("recogn", "is"),
];

#[test]
fn the_spelling_is_american() {
    let mut files = sources();
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")), &mut files);
    let british = |line: &str| {
        let line = line.to_lowercase();
        BRITISH.iter().find(|word| line.contains(**word))
    };
    let mut faults = Vec::new();
    for (path, text) in files {
        for (number, line) in text.lines().enumerate() {
            faults.extend(british(line).map(|word| format!("{}:{}: {word}", path.display(), number + 1)));
        }
    }
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn programs_are_started_in_one_place() {
    let mut elsewhere = Vec::new();
    for (path, text) in sources() {
        let starts = |(_, line): &(usize, &str)| line.contains("Command::new(");
        if !is_test(&path) && !path.ends_with(STARTS) && code(&text).any(|line| starts(&line)) {
            elsewhere.push(path);
        }
    }
    assert_eq!(elsewhere, Vec::<PathBuf>::new());
}

/// Papers that a comment may have been written from and that nobody else can open.
const PAPERS: &[&str] = &[
    "DOMAIN",
    "DESIGN",
    "TESTING",
    "SCREENS",
    "INTERFACE",
    "PRODUCT",
    "WORDS",
    "STYLE",
];

/// The page of facts that comments cite by heading: `` `docs/cloudfront.md`, "Quotas" ``.
const FACTS: &str = "`docs/cloudfront.md`, \"";

/// The comments of the crate and its tests: where each stands, and what it says.
fn comments() -> Vec<(String, String)> {
    let mut files = sources();
    collect(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/tests")), &mut files);
    let of_file = |(path, text): (PathBuf, String)| {
        let comment = |(line, words): (usize, &str)| {
            let (_, said) = words.split_once("//")?;
            let at = format!("{}:{}", path.display(), line + 1);
            (words.trim_start().starts_with("//")).then(|| (at, said.to_owned()))
        };
        text.lines().enumerate().filter_map(comment).collect::<Vec<_>>()
    };
    files.into_iter().flat_map(of_file).collect()
}

/// Words of a comment without what stands around them.
fn words(comment: &str) -> impl Iterator<Item = &str> {
    let around = |c: char| !c.is_alphanumeric() && !matches!(c, '/' | '.' | '_' | '-' | '§');
    comment
        .split(around)
        .map(|word| word.trim_matches('.'))
        .filter(|word| !word.is_empty())
}

/// What a comment cites that is not in the repository.
fn missing(comment: &str) -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let paper = words(comment).find(|word| PAPERS.contains(word));
    let section = comment
        .contains('§')
        .then_some("§")
        .filter(|_| !comment.contains("RFC "));
    let is_page = |word: &&str| Path::new(word).extension().is_some_and(|ending| ending == "md");
    let file = words(comment).filter(is_page).find(|word| !root.join(word).exists());
    paper.or(section).or(file).map(str::to_owned)
}

#[test]
fn comments_cite_nothing_that_is_not_here() {
    let faults: Vec<_> = comments()
        .into_iter()
        .filter_map(|(at, said)| missing(&said).map(|what| format!("{at}: {what}")))
        .collect();
    assert_eq!(faults, Vec::<String>::new());
}

#[test]
fn facts_are_cited_by_a_heading_of_their_page() {
    let page = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/cloudfront.md")).unwrap();
    let headings: Vec<_> = page.lines().filter_map(|line| line.strip_prefix("## ")).collect();
    let cited = |(at, said): (String, String)| {
        let (_, rest) = said.split_once(FACTS)?;
        let heading = rest.split_once('"').map_or(rest, |(heading, _)| heading).to_owned();
        (!headings.contains(&heading.as_str())).then(|| format!("{at}: {heading}"))
    };
    let faults: Vec<_> = comments().into_iter().filter_map(cited).collect();
    assert_eq!(faults, Vec::<String>::new());
}
