//! The saved lists: text files in a folder, each written in full or not at all.

use std::fs;
use std::io;
use std::path::Path;

use chrono::{DateTime, Utc};

use super::import;
use super::trust::{self, WRITABLE_BY_ALL};
use super::whole_file::Draft;
use crate::domain::import::{Import, LeftOut, Reason, export, list};
use crate::domain::saved_list::{ListName, SavedList, merged};
use crate::engine::effect::{ListsAnswer, ListsOperation};

/// Carries out an operation on the lists. This call blocks.
///
/// # Errors
/// A sentence explaining what went wrong, in which case the lists are unchanged.
pub(crate) fn carry_out(folder: &Path, operation: ListsOperation) -> Result<ListsAnswer, String> {
    match operation {
        ListsOperation::Read => Ok(ListsAnswer::Lists(folder.display().to_string(), read(folder)?)),
        ListsOperation::Load(name) => load(folder, &name).map(ListsAnswer::Loaded),
        ListsOperation::Save { name, lines } => save(folder, &name, &lines),
        ListsOperation::Merge { name, lines } => merge(folder, &name, &lines),
        ListsOperation::Delete(name) => delete(folder, &name),
    }
}

/// Returns the lists, sorted by name. A folder that does not exist yet has none.
fn read(folder: &Path) -> Result<Vec<SavedList>, String> {
    let unreadable = |error: &io::Error| format!("the lists in {} cannot be read: {error}", folder.display());
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unreadable(&error)),
    };
    let mut lists = Vec::new();
    for entry in entries {
        let entry = entry.map_err(|error| unreadable(&error))?;
        lists.extend(
            entry
                .file_name()
                .to_str()
                .and_then(ListName::of_file)
                .and_then(|name| saved(&entry.path(), name)),
        );
    }
    lists.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(lists)
}

fn saved(path: &Path, name: ListName) -> Option<SavedList> {
    let facts = fs::metadata(path).ok().filter(fs::Metadata::is_file)?;
    Some(SavedList {
        name,
        bytes: facts.len(),
        changed: facts.modified().ok().map(DateTime::<Utc>::from),
    })
}

fn load(folder: &Path, name: &ListName) -> Result<Import, String> {
    let file = name.file_name();
    must_be_ours(&folder.join(&file), name)?;
    let bytes = import::read_file(&folder.join(&file), &file)?;
    list(&bytes, &file).map_err(|error| error.to_string())
}

/// Rejects a list that any user could have changed. The user can import its file instead, which shows a preview first.
fn must_be_ours(path: &Path, name: &ListName) -> Result<(), String> {
    // A list that cannot be checked cannot be read either, which is a separate error.
    let trusted = fs::metadata(path).map_or(Ok(()), |metadata| trust::check(&metadata, WRITABLE_BY_ALL));
    trusted.map_err(|distrust| {
        format!(
            "{name} {distrust}; import {} as a file to review it first",
            path.display()
        )
    })
}

fn merge(folder: &Path, name: &ListName, lines: &[String]) -> Result<ListsAnswer, String> {
    let there = load(folder, name)?;
    let is_lost = |left: &&LeftOut| left.reason != Reason::Credential;
    if let Some(torn) = there.left_out.iter().find(is_lost) {
        return Err(format!("merging would lose lines from {name}: {}", torn.sentence()));
    }
    let there: Vec<&str> = there.rows.iter().map(|row| row.text.as_str()).collect();
    let lines: Vec<&str> = lines.iter().map(String::as_str).collect();
    let merged: Vec<String> = merged(&there, &lines).into_iter().map(str::to_owned).collect();
    save(folder, name, &merged)
}

fn save(folder: &Path, name: &ListName, lines: &[String]) -> Result<ListsAnswer, String> {
    let text = export(lines.iter().map(String::as_str));
    fs::create_dir_all(folder)
        .and_then(|()| write(&folder.join(name.file_name()), &text))
        .map_err(|error| format!("{name} could not be saved in {}: {error}", folder.display()))?;
    Ok(ListsAnswer::Saved(lines.len()))
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    let mut draft = Draft::begin(path)?;
    draft.write(text)?;
    draft.put().map(drop)
}

fn delete(folder: &Path, name: &ListName) -> Result<ListsAnswer, String> {
    fs::remove_file(folder.join(name.file_name()))
        .map(|()| ListsAnswer::Deleted)
        .map_err(|error| format!("{name} could not be deleted: {error}"))
}
