//! The names in a folder, for path completion.

use std::fs::{self, DirEntry};
use std::io;

use super::Places;
use crate::domain::text::is_invisible;

/// The maximum number of names to read from a folder.
const MOST: usize = 10_000;

/// Returns the names in a folder, sorted; folder names end in `/`. Names with invisible characters are skipped. This
/// call blocks.
///
/// # Errors
/// A sentence explaining why the folder cannot be read.
pub(crate) fn names_in(places: &Places, folder: &str) -> Result<Vec<String>, String> {
    let entries = fs::read_dir(places.path(folder)).map_err(|error| sentence(folder, &error))?;
    let mut names: Vec<String> = entries.flatten().take(MOST).filter_map(|entry| name(&entry)).collect();
    names.sort_unstable();
    Ok(names)
}

fn name(entry: &DirEntry) -> Option<String> {
    let name = entry.file_name().into_string().ok()?;
    // A symbolic link to a folder counts as a folder.
    let is_folder = fs::metadata(entry.path()).is_ok_and(|facts| facts.is_dir());
    let typed = !name.chars().any(is_invisible);
    typed.then(|| if is_folder { format!("{name}/") } else { name })
}

fn sentence(folder: &str, error: &io::Error) -> String {
    match folder {
        "" => format!("this folder cannot be read: {error}"),
        folder => format!("{folder} cannot be read: {error}"),
    }
}
