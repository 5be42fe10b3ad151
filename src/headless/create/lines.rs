//! Collects the items from arguments, files, and imports. Each item records its place, so that a refusal can name the
//! file and line.

use chrono::Utc;
use serde::Serialize;

use crate::cli;
use crate::domain::import::{Import, Source};
use crate::domain::lint::Context;
use crate::domain::saved_list::ListName;
use crate::domain::text::visible;
use crate::engine::effect::{ListsAnswer, ListsOperation};
use crate::headless::error::Error;
use crate::headless::{items, report};
use crate::runtime::import::import;
use crate::runtime::{lists, start};
use crate::settings::Settings;

/// An item as the user specified it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// The text as typed or read.
    pub(super) raw: String,
    /// The place where the item comes from.
    pub(super) place: Place,
}

/// Where an item comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Place {
    /// The file or source; `None` for an argument.
    pub(super) file: Option<String>,
    /// The line number, or the position among the arguments, counted from 1.
    pub(super) line: Option<usize>,
}

impl Place {
    /// Formats the place as `paths.txt:7` or `argument 2`.
    pub(super) fn words(&self) -> String {
        match (&self.file, self.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            (Some(file), None) => file.clone(),
            (None, line) => format!("argument {}", line.unwrap_or_default()),
        }
    }
}

/// Collects all items, in the order of the arguments and sources.
pub(super) async fn gather(arguments: &cli::Create, settings: &Settings) -> Result<Vec<Line>, Error> {
    let mut lines: Vec<Line> = Vec::new();
    for (number, raw) in (1..).zip(&arguments.paths) {
        lines.push(line(raw, None, Some(number)));
    }
    if let Some(file) = &arguments.paths_from {
        let name = visible(&file.to_string_lossy()).into_owned();
        let text = items::read(file)?;
        lines.extend(
            (1..)
                .zip(text.lines())
                .map(|(number, raw)| line(raw, Some(&name), Some(number))),
        );
    }
    for source in sources(arguments)? {
        let places = start::places(settings);
        let taken = import(source, Context::default(), &places)
            .await
            .map_err(Error::Source)?;
        lines.extend(rows(taken));
    }
    if let Some(name) = &arguments.list {
        lines.extend(rows(saved(name, settings)?));
    }
    Ok(lines)
}

fn line(raw: &str, file: Option<&str>, line: Option<usize>) -> Line {
    Line {
        raw: raw.to_owned(),
        place: Place {
            file: file.map(str::to_owned),
            line,
        },
    }
}

/// Returns the sources to import, parsed as in the dashboard.
fn sources(arguments: &cli::Create) -> Result<Vec<Source>, Error> {
    let map = arguments.map.iter().map(|map| format!(" {}", quoted(map)));
    let map: String = map.collect();
    let mut sources = Vec::new();
    if let Some(sitemap) = &arguments.from_sitemap {
        sources.push(Source::sitemap(sitemap, Utc::now()));
    }
    if let Some(range) = &arguments.from_git {
        sources.push(Source::git(&format!("{}{map}", quoted(range))));
    }
    if let [old, new] = arguments.from_dirs.as_slice() {
        sources.push(Source::trees(&format!("{} {}{map}", quoted(old), quoted(new))));
    }
    sources.into_iter().collect::<Result<_, _>>().map_err(Error::Source)
}

/// Escapes every character, so that the text is parsed as one word.
fn quoted(word: &str) -> String {
    let escaped: String = word.chars().flat_map(|c| ['\\', c]).collect();
    escaped
}

fn saved(name: &str, settings: &Settings) -> Result<Import, Error> {
    let name: ListName = name
        .parse()
        .map_err(|wrong| Error::Source(format!("--list: {wrong}")))?;
    match lists::carry_out(&settings.lists_dir(), ListsOperation::Load(name)) {
        Ok(ListsAnswer::Loaded(list)) => Ok(list),
        Ok(_) => Err(Error::Source("unexpected reply while loading the list".to_owned())),
        Err(reason) => Err(Error::Source(reason)),
    }
}

/// Returns the imported lines and reports the skipped ones.
fn rows(import: Import) -> Vec<Line> {
    for left_out in &import.left_out {
        report::tell(&format!("{}: {}", import.source, left_out.sentence()));
    }
    let place = |origin: String| Place {
        file: Some(origin),
        line: None,
    };
    let rows = import.rows.into_iter();
    rows.map(|row| Line {
        place: place(row.origin.to_string()),
        raw: row.text,
    })
    .collect()
}
