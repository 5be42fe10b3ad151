//! Cycles: files that use each other, directly or through others. Whoever reads one of them has to read them all.

use std::collections::{BTreeMap, BTreeSet};

use super::{code, is_test, sources};

/// A cycle of more files than this is to be opened; `src/lib.rs` names those that stay, with the reason.
const LARGEST: usize = 7;

/// A file as a module: the names that lead to it from the root of the crate.
type Module = Vec<String>;

/// What a file uses, by the module that it is.
type Uses = BTreeMap<Module, BTreeSet<Module>>;

/// The module that a file is.
fn module(path: &std::path::Path) -> Module {
    let inside = path.strip_prefix(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).unwrap();
    let names = inside.with_extension("");
    let names = names.iter().map(|name| name.to_string_lossy().into_owned());
    names.filter(|name| name != "mod" && name != "lib").collect()
}

/// The paths of a `use` tree, each whole.
fn paths(tree: &str) -> Vec<String> {
    let Some((head, rest)) = tree.split_once('{') else {
        let path = tree.split(" as ").next().unwrap_or_default();
        return vec![path.split_whitespace().collect()];
    };
    let inner = rest.rsplit_once('}').map_or(rest, |(inner, _)| inner);
    let (mut depth, mut parts) = (0_i32, vec![String::new()]);
    for c in inner.chars() {
        depth += i32::from(c == '{') - i32::from(c == '}');
        match c {
            ',' if depth == 0 => parts.push(String::new()),
            _ => parts.last_mut().unwrap().push(c),
        }
    }
    let whole = parts.iter().flat_map(|part| paths(part));
    whole.map(|part| format!("{}{part}", head.trim())).collect()
}

/// Every path that a file writes: those of its `use` declarations and those within its code.
fn written(text: &str) -> Vec<String> {
    let lines: Vec<&str> = code(text).map(|(_, line)| line).collect();
    let text = lines.join("\n");
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == ':';
    let mut found = Vec::new();
    let mut rest = String::new();
    for statement in text.split_inclusive(';') {
        match statement.split_once("use ") {
            Some((before, tree)) if before.trim_end().lines().last().is_none_or(is_visibility) => {
                found.extend(paths(tree.trim_end_matches(';')));
                rest.push_str(before);
            }
            _ => rest.push_str(statement),
        }
    }
    // The visibility of an item is not a use of anything.
    let rest = rest.replace("pub(in crate::", "pub(");
    // A parent can name a child without `use`: `child::run()`. What is not a module is not a file either.
    let words = rest.split(|c: char| !is_name(c));
    found.extend(words.filter(|word| word.contains("::")).map(str::to_owned));
    found
}

/// Whether what stands before `use` on its line is nothing or says who may see it.
fn is_visibility(before: &str) -> bool {
    let before = before.trim();
    before.is_empty() || before.starts_with("pub") || before.ends_with(['}', ';', ']'])
}

/// The module that a path leads to from a module, as far as it is a file.
fn resolved(path: &str, from: &Module, files: &BTreeSet<Module>) -> Option<Module> {
    let mut names = path.split("::").filter(|name| !matches!(*name, "" | "*")).peekable();
    let mut base = from.clone();
    match *names.peek()? {
        "crate" => base.clear(),
        "self" | "super" => {}
        child => {
            let inside: Module = from
                .iter()
                .map(String::as_str)
                .chain([child])
                .map(str::to_owned)
                .collect();
            files.contains(&inside).then_some(())?;
        }
    }
    for name in names {
        match name {
            "crate" | "self" => {}
            "super" => drop(base.pop()),
            name => base.push(name.to_owned()),
        }
    }
    while !files.contains(&base) {
        base.pop()?;
    }
    Some(base)
}

fn uses() -> Uses {
    let sources: BTreeMap<Module, String> = sources()
        .into_iter()
        .filter(|(path, _)| !is_test(path))
        .map(|(path, text)| (module(&path), text))
        .collect();
    let files: BTreeSet<Module> = sources.keys().cloned().collect();
    let of_file = |(from, text): (&Module, &String)| {
        let to = written(text)
            .into_iter()
            .filter_map(|path| resolved(&path, from, &files));
        (from.clone(), to.filter(|to| to != from).collect())
    };
    sources.iter().map(of_file).collect()
}

/// Everything that a module leads to, through whatever files.
fn reached<'a>(from: &'a Module, uses: &'a Uses) -> BTreeSet<&'a Module> {
    let (mut reached, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(module) = open.pop() {
        for next in uses.get(module).into_iter().flatten() {
            if reached.insert(next) {
                open.push(next);
            }
        }
    }
    reached
}

/// The cycles, the largest first: each file of one leads to all others and back.
fn cycles(uses: &Uses) -> Vec<Vec<String>> {
    let reached: BTreeMap<&Module, BTreeSet<&Module>> =
        uses.keys().map(|module| (module, reached(module, uses))).collect();
    let together = |one: &&Module, other: &&Module| reached[*one].contains(*other) && reached[*other].contains(*one);
    let of = |module: &&Module| -> BTreeSet<String> {
        let others = uses.keys().filter(|other| together(module, other));
        others.map(|module| module.join("/")).collect()
    };
    let all: BTreeSet<BTreeSet<String>> = uses.keys().map(|module| of(&module)).collect();
    let mut all: Vec<Vec<String>> = all
        .into_iter()
        .map(Vec::from_iter)
        .filter(|cycle| cycle.len() > 1)
        .collect();
    all.sort_by_key(|cycle| std::cmp::Reverse(cycle.len()));
    all
}

#[test]
fn no_cycle_of_files_is_large() {
    let large: Vec<_> = cycles(&uses())
        .into_iter()
        .filter(|cycle| cycle.len() > LARGEST)
        .map(|cycle| format!("{} files use each other: {}", cycle.len(), cycle.join(" ")))
        .collect();
    assert_eq!(large, Vec::<String>::new());
}

#[test]
fn a_cycle_is_found_however_it_is_written() {
    let files = [
        ("room/one", "use super::two::{Two, other};"),
        ("room/two", "pub fn three() { crate::room::three::go() }"),
        (
            "room/three",
            "pub(in crate::room) use crate::{\n    room::{one::One, four},\n};",
        ),
        ("room/four", "use serde::Serialize;"),
        ("room", "use one::One;"),
        ("hall", "fn run() { child::run(Hall::new()) }"),
        ("hall/child", "use super::Hall;"),
    ];
    let module = |name: &str| -> Module { name.split('/').map(str::to_owned).collect() };
    let names: BTreeSet<Module> = files.iter().map(|(name, _)| module(name)).collect();
    let of_file = |(name, text): &(&str, &str)| {
        let to = written(text)
            .into_iter()
            .filter_map(|path| resolved(&path, &module(name), &names));
        (module(name), to.collect())
    };
    let uses: Uses = files.iter().map(of_file).collect();
    let expected = [&["room/one", "room/three", "room/two"][..], &["hall", "hall/child"]];
    assert_eq!(cycles(&uses), expected);
}
